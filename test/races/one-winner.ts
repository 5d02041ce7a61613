import type { Ran, Stage } from '../e2e/stage.ts';
import { names, type Outcome, together } from './race.ts';

/** Many processes in some clones claim one task at once, again and again: each time one wins, and all others are told who. */
export async function oneWinner(
  stage: Stage,
  { processes, clones, rounds }: { processes: number; clones: number; rounds: number },
): Promise<Outcome> {
  const faults: string[] = [];
  const team = await stage.team(names(clones, 'clone'));
  let won = 0;
  for (let round = 0; round < rounds; round++) {
    const task = await stage.task(team.clones[0]!, `round ${round}`, '--sync');
    await Promise.all(team.clones.slice(1).map(cwd => stage.ok(cwd, ['sync'])));
    const ran = await together(processes, index =>
      stage.run(team.clones[index % clones]!, ['task', 'claim', task], { as: `worker${index}` }),
    );
    const winners = ran.filter(({ code, answer }) => code === 0 && answer?.ok && answer.claimed === true);
    won += winners.length;
    if (winners.length !== 1) faults.push(`round ${round}: ${winners.length} winners`);
    const winner = `worker${ran.indexOf(winners[0]!)}`;
    const until = winners[0]?.answer.lease_until;
    for (const one of ran)
      if (!winners.includes(one))
        faults.push(...wrongLoss(one, winner, until).map(fault => `round ${round}: ${fault}`));
  }
  await Promise.all(team.clones.map(cwd => stage.ok(cwd, ['sync'])));
  await stage.sameBook(team.remote, ...team.clones);
  for (const cwd of team.clones.slice(0, 2)) faults.push(...(await stage.faults(cwd)));
  return { figures: { rounds, processes, won, lost: rounds * processes - won }, faults };
}

function wrongLoss({ code, answer, out, err }: Ran, winner: string, until: string | undefined): string[] {
  const error = answer?.error;
  if (code !== 75 || error?.code !== 'CLAIM_LOST' || !error.retryable)
    return [`a loser ended with ${code}: ${out}${err}`];
  const { holder, lease_until } = error.details ?? {};
  if (holder !== winner || lease_until !== until)
    return [`a loser was told ${holder} until ${lease_until}, not ${winner} until ${until}`];
  return error.message.includes(winner) && error.message.includes(until)
    ? []
    : [`the winner is not named: ${error.message}`];
}
