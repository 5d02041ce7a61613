import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import type { Context } from '../../src/kernel/operation.ts';
import { View } from '../../src/kernel/view.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { tree } from '../../src/rooms/tasks/tree.ts';
import { TaskIndexes } from '../../src/views/tasks/index.ts';
import { counting, idOf, NOW, task, World } from './world.ts';

const SIZE = 14;

async function contextOf(world: World): Promise<Context> {
  const index = await new TaskIndexes(world.store).at(world.tip);
  const who = { actor: 'ann', kind: 'agent', run: ['r-0000000000'], mode: 'session' } as const;
  return { who: { ...who, run: [...who.run] }, now: NOW, view: new View(nothing), use: async () => index as never };
}

interface Shown {
  id: string;
  depth: number;
  done?: string;
  status: string;
}
interface Answer {
  tasks: Shown[];
  total: number;
  truncated?: true;
  hints?: { whole: string };
}

async function ask(world: World, input: object): Promise<Answer> {
  assert(tree.kind === 'read');
  return (await tree.query(await contextOf(world), input as never)) as unknown as Answer;
}

t.test('every task stands once below its parent, one level deeper', async t => {
  // A parent is always an earlier task, so there is no circle; -1 = none.
  const parents = fc.tuple(...Array.from({ length: SIZE }, (_, n) => fc.integer({ min: -1, max: n - 1 })));
  const property = fc.assert(
    fc.asyncProperty(parents, async found => {
      const world = new World();
      await world.put(found.map((parent, n) => [n, task(parent < 0 ? {} : { parent: idOf(parent) })]));
      const depthOf = (n: number): number => (found[n]! < 0 ? 0 : depthOf(found[n]!) + 1);
      const hasChild = (n: number) => found.includes(n);
      const { tasks, total } = await ask(world, {});
      const wanted = found.flatMap((parent, n) => (parent >= 0 || hasChild(n) ? [idOf(n)] : []));
      assert.deepEqual(tasks.map(({ id }) => id).sort(), wanted.sort());
      assert.equal(total, wanted.length);
      for (const [at, { id, depth }] of tasks.entries()) {
        const n = found.findIndex((_, one) => idOf(one) === id);
        assert.equal(depth, depthOf(n));
        if (depth === 0) continue;
        const above = tasks.slice(0, at).findLast(one => one.depth === depth - 1);
        assert.equal(above?.id, idOf(found[n]!), 'it stands below its own parent');
      }
    }),
    { numRuns: 60 },
  );
  await t.resolves(property);
});

t.test('one tree, how much of it is done, and a limit that says what it left out', async t => {
  const world = new World();
  await world.put([
    [0, task({ title: 'Ship' })],
    [1, task({ parent: idOf(0), status: 'done', priority: 0 })],
    [2, task({ parent: idOf(0), priority: 1 })],
    [3, task({ parent: idOf(2) })],
    [4, task({ title: 'Alone' })],
  ]);
  const whole = await ask(world, { task_id: idOf(0) });
  t.same(
    whole.tasks.map(({ id, depth, done }) => [id, depth, done]),
    [
      [idOf(0), 0, '1/2'],
      [idOf(1), 1, undefined],
      [idOf(2), 1, '0/1'],
      [idOf(3), 2, undefined],
    ],
  );
  t.same((await ask(world, { task_id: idOf(0), open: true })).total, 3, 'finished ones can be left out');
  t.same((await ask(world, { task_id: idOf(0), depth: 1 })).total, 3);
  const cut = await ask(world, { limit: 2 });
  t.match(cut, { total: 4, truncated: true, hints: { whole: 'ledgenter task tree --limit 4' } });
  t.equal(cut.tasks.length, 2);
  t.same((await ask(world, { task_id: idOf(4) })).tasks.length, 1, 'a task without children is its own tree');
  await t.rejects(ask(world, { task_id: idOf(9) }), LedgerError);
});

t.test('a circle of parents, which no law lets in, ends', async t => {
  const world = new World();
  await world.put([
    [0, task({ parent: idOf(1) })],
    [1, task({ parent: idOf(0) })],
  ]);
  t.equal((await ask(world, { task_id: idOf(0) })).total, 2);
  t.equal((await ask(world, {})).total, 0, 'it has no topmost task');
});

t.test('a tree of hundreds costs no more looks at the store than one of two', async t => {
  const world = new World();
  await world.put(
    Array.from({ length: 300 }, (_, n) => [n, task(n === 0 ? {} : { parent: idOf(Math.floor((n - 1) / 2)) })]),
  );
  const { store, asked } = counting(world.store);
  const index = await new TaskIndexes(store).at(world.tip);
  const before = { ...asked };
  assert(tree.kind === 'read');
  const context = { ...(await contextOf(world)), use: async () => index as never };
  const { total } = (await tree.query(context, { task_id: idOf(0) } as never)) as unknown as Answer;
  t.equal(total, 300);
  t.same(asked, before, 'the index alone answered');
});
