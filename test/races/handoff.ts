import type { Answer, Ran, Stage } from '../e2e/stage.ts';
import { names, type Outcome, together } from './race.ts';

/** Many processes in some clones claim one handoff to four recipients at once: each time one wins, and all others are told who. */
export async function oneAnswers(
  stage: Stage,
  { processes, clones, rounds }: { processes: number; clones: number; rounds: number },
): Promise<Outcome> {
  const faults: string[] = [];
  const team = await stage.team(names(clones, 'clone'));
  const to = names(4, 'reader');
  let won = 0;
  for (let round = 0; round < rounds; round++) {
    const asked = ['handoff', 'create', `round ${round}`, '--kind', 'question', '--to', to.join(','), '--sync'];
    const { id } = (await stage.ok(team.clones[0]!, asked)).handoff;
    await Promise.all(team.clones.slice(1).map(cwd => stage.ok(cwd, ['sync'])));
    // No two processes share both clone and actor: they would be one run.
    const as = (index: number): string => to[Math.floor(index / clones) % to.length]!;
    const ran = await together(processes, index =>
      stage.run(team.clones[index % clones]!, ['handoff', 'claim', id], { as: as(index) }),
    );
    const winners = ran.filter(({ code, answer }) => code === 0 && answer?.claimed === true);
    won += winners.length;
    if (winners.length !== 1) faults.push(`round ${round}: ${winners.length} winners`);
    const winner = { actor: as(ran.indexOf(winners[0]!)), until: winners[0]?.answer.lease_until };
    for (const one of ran)
      if (!winners.includes(one)) faults.push(...wrongLoss(one, winner).map(fault => `round ${round}: ${fault}`));
    const cwd = team.clones[ran.indexOf(winners[0]!) % clones]!;
    const answered = ['handoff', 'respond', id, '--answer', `round ${round}`, '--sync'];
    const { handoff } = await stage.ok(cwd, answered, { as: winner.actor });
    if (handoff.status !== 'answered') faults.push(`round ${round}: the winner could not answer`);
  }
  await Promise.all(team.clones.map(cwd => stage.ok(cwd, ['sync'])));
  await stage.sameBook(team.remote, ...team.clones);
  for (const cwd of team.clones.slice(0, 2)) faults.push(...(await stage.faults(cwd)));
  return { figures: { rounds, processes, won, lost: rounds * processes - won }, faults };
}

function wrongLoss({ code, answer, out, err }: Ran, winner: { actor: string; until: string }): string[] {
  const error = answer?.error;
  if (code !== 75 || error?.code !== 'CLAIM_LOST') return [`a loser ended with ${code}: ${out}${err}`];
  const { holder, lease_until } = error.details ?? {};
  if (holder !== winner.actor || lease_until !== winner.until)
    return [`a loser was told ${holder} until ${lease_until}, not ${winner.actor} until ${winner.until}`];
  return /ledgenter (handoff|inbox)/.test(error.hint) ? [] : [`a loser is sent to ${error.hint}`];
}

/**
 * Held work goes from hand to hand while a stranger claims the task without pause: it never gets it, every taker does,
 * and who gave it away writes on it no more.
 */
export async function fromHandToHand(stage: Stage, { moves }: { moves: number }): Promise<Outcome> {
  const faults: string[] = [];
  const people = ['anna', 'bob'] as const;
  const team = await stage.team([...people, 'carl']);
  const [anna, bob, carl] = team.clones as [string, string, string];
  const homes = { anna, bob };
  const task = await stage.task(anna, 'handed on', '--sync');
  await Promise.all([bob, carl].map(cwd => stage.ok(cwd, ['sync'])));
  await stage.ok(anna, ['task', 'claim', task, '--sync']);
  let over = false;
  let tries = 0;
  const stranger = (async (): Promise<void> => {
    while (!over) {
      const { code, answer, out } = await stage.run(carl, ['task', 'claim', task], { as: 'carl' });
      tries++;
      if (code !== 75) faults.push(`the stranger's claim ended with ${code}: ${out}`);
      else if (answer.error.details?.holder === 'carl') faults.push('the stranger was told that it holds the task');
    }
  })();
  for (let move = 0; move < moves; move++) {
    const [from, to] = [people[move % 2]!, people[(move + 1) % 2]!];
    const offered = await stage.ok(
      homes[from],
      ['handoff', 'create', `move ${move}`, '--kind', 'work', '--to', to, '--task-id', task],
      { as: from },
    );
    if (offered.offered !== task || offered.landed !== true) faults.push(`move ${move} was not offered`);
    faults.push(...(await refusedTo(stage, homes[from], from, task, `move ${move}, offered`)));
    await stage.ok(homes[to], ['sync'], { as: to });
    const taken = await stage.run(homes[to], ['handoff', 'claim', offered.handoff.id], { as: to });
    if (taken.answer?.task_id !== task) faults.push(`move ${move}: ${to} did not get it: ${taken.out}`);
    faults.push(...(await refusedTo(stage, homes[from], from, task, `move ${move}, taken`)));
    await stage.ok(homes[to], ['task', 'note', task, '--text', `move ${move}`, '--sync'], { as: to });
    await stage.ok(homes[to], ['handoff', 'respond', offered.handoff.id, '--answer', 'got it', '--sync'], { as: to });
    await stage.ok(homes[from], ['sync'], { as: from });
  }
  over = true;
  await stranger;
  await Promise.all(team.clones.map(cwd => stage.ok(cwd, ['sync'])));
  await stage.sameBook(team.remote, ...team.clones);
  const shown: Answer = await stage.ok(carl, ['task', 'get', task]);
  const holder = people[moves % 2];
  if (shown.task.hold?.actor !== holder) faults.push(`${shown.task.hold?.actor} holds it, not ${holder}`);
  faults.push(...(await stage.faults(carl)));
  return { figures: { moves, tries }, faults };
}

/** Every way in which who gave a task away might still write on it. */
async function refusedTo(stage: Stage, cwd: string, as: string, task: string, when: string): Promise<string[]> {
  const faults: string[] = [];
  for (const write of [
    ['task', 'note', task, '--text', 'still at it'],
    ['task', 'update', task, '--status', 'done'],
    ['task', 'release', task],
    ['task', 'claim', task],
  ]) {
    const { code, out } = await stage.run(cwd, write, { as });
    if (code !== 77 && code !== 75) faults.push(`${when}: ${as} ran ${write.join(' ')}: ${code} ${out}`);
  }
  return faults;
}
