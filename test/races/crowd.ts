import { BOOK, type Stage } from '../e2e/stage.ts';
import { inTurn, names, type Outcome, spread, together } from './race.ts';

/** Many clones land one entry each on one remote at once: all are in the book, one behind the other, in few pushes. */
export async function crowd(stage: Stage, { clones }: { clones: number }): Promise<Outcome> {
  const faults: string[] = [];
  const team = await stage.team(['clone0']);
  const cwds = [
    team.clones[0]!,
    ...names(clones, 'clone')
      .slice(1)
      .map(name => stage.path(name)),
  ];
  const ids: string[] = [];
  await inTurn(cwds, 3, async (cwd, index) => {
    if (index > 0) {
      await stage.clone(team.remote, `clone${index}`);
      await stage.ok(cwd, ['init']);
    }
    ids[index] = await stage.task(cwd, `from clone ${index}`);
  });
  stage.resetPushes();
  const before = Number(await stage.git(team.remote, 'rev-list', '--count', BOOK));
  const ran = await together(clones, index => stage.run(cwds[index]!, ['sync'], { as: `worker${index}` }));
  const pushes = spread([...stage.pushes().values()]);
  const mean = Math.round((pushes.total / clones) * 100) / 100;
  if (mean > 3) faults.push(`${mean} pushes a clone on average`);
  for (const { code, out, err } of ran) if (code !== 0) faults.push(`a sync ended with ${code}: ${out}${err}`);
  const queued = ran.filter(({ answer }) => answer?.queued === true).length;
  if (queued > 0) await stage.ok(cwds[0]!, ['sync']);
  const entries = Number(await stage.git(team.remote, 'rev-list', '--count', BOOK)) - before;
  if (entries !== clones) faults.push(`${entries} entries landed of ${clones}`);
  await stage.ok(cwds[0]!, ['sync']);
  await stage.sameBook(team.remote, cwds[0]!);
  const there = await stage.ok(cwds[0]!, ['task', 'query', '--limit', '200']);
  const listed = new Set(there.tasks.map((task: { id: string }) => task.id));
  for (const id of ids) if (!listed.has(id)) faults.push(`task ${id} is missing`);
  faults.push(...(await stage.faults(cwds[0]!)));
  const left = await stage.git(team.remote, 'for-each-ref', 'refs/ledgenter/main/queue');
  if (left !== '') faults.push(`queue refs were left: ${left}`);
  return { figures: { clones, entries, pushesMean: mean, pushesMost: pushes.most, queued }, faults };
}
