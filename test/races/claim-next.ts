import type { Stage } from '../e2e/stage.ts';
import { inTurn, names, type Outcome, spread, together } from './race.ts';

/** As many clones as ready tasks ask for the next one, all at once: every one gets another, in few pushes. */
export async function claimNext(stage: Stage, { clones }: { clones: number }): Promise<Outcome> {
  const faults: string[] = [];
  const team = await stage.team(['clone0']);
  const tasks = names(clones, 'task').map(title => ({ key: title, title }));
  await stage.ok(team.clones[0]!, ['call', 'task_create_many', JSON.stringify({ tasks })]);
  await stage.ok(team.clones[0]!, ['sync']);
  const cwds = [
    team.clones[0]!,
    ...names(clones, 'clone')
      .slice(1)
      .map(name => stage.path(name)),
  ];
  await inTurn(cwds.slice(1), 3, async cwd => {
    await stage.clone(team.remote, cwd.slice(stage.dir.length + 1));
    await stage.ok(cwd, ['init']);
  });
  stage.resetPushes();
  const ran = await together(clones, index => stage.run(cwds[index]!, ['task', 'claim'], { as: `worker${index}` }));
  const won = ran.filter(({ code, answer }) => code === 0 && answer?.claimed === true);
  for (const one of ran) if (!won.includes(one)) faults.push(`a claim ended with ${one.code}: ${one.out}${one.err}`);
  const different = new Set(won.map(({ answer }) => answer.task.id)).size;
  if (different !== clones) faults.push(`${different} different tasks for ${clones} clones`);
  const pushes = spread([...stage.pushes().values()]);
  const mean = Math.round((pushes.total / clones) * 100) / 100;
  if (mean > 4 || pushes.most > 8) faults.push(`${mean} pushes a clone on average, ${pushes.most} at most`);
  const late = won.filter(({ answer }) => answer.landed !== true).length;
  for (const cwd of cwds) await stage.ok(cwd, ['sync']);
  await stage.ok(cwds[0]!, ['sync']);
  await stage.sameBook(team.remote, cwds[0]!, cwds.at(-1)!);
  faults.push(...(await stage.faults(cwds[0]!)));
  return {
    figures: { clones, different, pushes: pushes.total, pushesMean: mean, pushesMost: pushes.most, late },
    faults,
  };
}
