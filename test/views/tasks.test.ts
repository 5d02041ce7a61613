import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { STATUSES, type Task } from '../../src/rooms/tasks/record.ts';
import { VERSION } from '../../src/views/tasks/base.ts';
import { TaskIndexes } from '../../src/views/tasks/index.ts';
import { Model } from './model.ts';
import { counting, everything, FILTERS, idOf, NOW, replacing, someTask, task, World } from './world.ts';

const SIZE = 12;
const change = fc.tuple(fc.nat(SIZE - 1), fc.option(someTask(SIZE), { freq: 6 }));
const rounds = (most: number) =>
  fc.array(fc.array(change, { minLength: 0, maxLength: 5 }), { minLength: 1, maxLength: most });

t.test('lists, counts and claims say what the tasks say', async t => {
  const property = fc.assert(
    fc.asyncProperty(fc.array(someTask(SIZE), { minLength: 1, maxLength: SIZE }), async tasks => {
      const world = new World();
      const tip = await world.put(tasks.entries());
      const model = new Model(new Map(tasks.map((one, n) => [idOf(n), one])));
      const index = await new TaskIndexes(world.store).at(tip);
      for (const filter of FILTERS) {
        const wanted = model.list(filter);
        const page = await index.query(filter, { limit: 200, now: NOW });
        assert.deepEqual(
          page.rows.map(row => row.id),
          wanted,
          JSON.stringify(filter),
        );
        assert.equal(page.total, wanted.length);
        for (const row of page.rows) assert.deepEqual(row.waits_for, model.waits(row.id));
      }
      const claims: string[] = [];
      for await (const row of index.claimable({ actor: 'ann' }, NOW)) claims.push(row.id);
      assert.deepEqual(claims, model.claimable('ann'));
      const counts = await index.counts(NOW);
      assert.equal(counts.all, tasks.length);
      assert.equal(counts.ready, model.list({ ready: true }).length);
      assert.equal(counts.unassigned_ready, model.claimable('nobody').length);
      for (const status of STATUSES) assert.equal(counts[status], model.list({ status: [status] }).length);
      for (const id of model.tasks.keys())
        assert.equal((await index.explain(id, NOW)).length === 0, model.ready(id), id);
    }),
    { numRuns: 60 },
  );
  await t.resolves(property);
});

t.test('an index kept up to date is the index built from nothing', async t => {
  let folder = 0;
  const root = t.testdir();
  const property = fc.assert(
    fc.asyncProperty(rounds(8), async all => {
      const world = new World();
      const here = join(root, `${folder++}`);
      const server = new TaskIndexes(world.store, here);
      const memory = new TaskIndexes(world.store);
      await world.put([[0, task()]]);
      for (const one of all) {
        const tip = await world.put(one.map(([n, record]): [number, Task | null] => [n, record]));
        const fresh = await everything(await new TaskIndexes(world.store).at(tip), SIZE);
        assert.deepEqual(await everything(await server.at(tip), SIZE), fresh, 'kept by one process');
        assert.deepEqual(
          await everything(await new TaskIndexes(world.store, here).at(tip), SIZE),
          fresh,
          'read by another',
        );
        assert.deepEqual(await everything(await memory.at(tip), SIZE), fresh, 'kept in memory');
      }
    }),
    { numRuns: 25 },
  );
  await t.resolves(property);
});

t.test('a cache cut or overwritten anywhere still gives right answers', async t => {
  let folder = 0;
  const root = t.testdir();
  const harm = fc.record({
    file: fc.nat(),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom('cut', 'flip', 'insert', 'empty'),
  });
  const property = fc.assert(
    fc.asyncProperty(rounds(4), harm, async (all, { file, at, how }) => {
      const world = new World();
      const here = join(root, `${folder++}`);
      await world.put([[0, task()]]);
      for (const one of all) await new TaskIndexes(world.store, here).at(await world.put(one));
      const names = readdirSync(here).sort();
      const path = join(here, names[file % names.length]!);
      const bytes = readFileSync(path);
      const place = Math.floor(at * Math.max(0, bytes.length - 1));
      if (how === 'flip') bytes[place]! ^= 0x15;
      const parts = { cut: [bytes.subarray(0, place)], flip: [bytes], empty: [] as Buffer[] };
      const inserted = [bytes.subarray(0, place), Buffer.from('\n{"id":"t-'), bytes.subarray(place)];
      writeFileSync(path, Buffer.concat(how === 'insert' ? inserted : parts[how as keyof typeof parts]));
      const fresh = await everything(await new TaskIndexes(world.store).at(world.tip), SIZE);
      assert.deepEqual(
        await everything(await new TaskIndexes(world.store, here).at(world.tip), SIZE),
        fresh,
        'at the same tip',
      );
      const tip = await world.put([[3, task({ title: 'Later' })]]);
      const later = await everything(await new TaskIndexes(world.store).at(tip), SIZE);
      assert.deepEqual(
        await everything(await new TaskIndexes(world.store, here).at(tip), SIZE),
        later,
        'at the next tip',
      );
      assert.deepEqual(
        await everything(await new TaskIndexes(world.store, here).at(tip), SIZE),
        later,
        'and once more',
      );
    }),
    { numRuns: 60 },
  );
  await t.resolves(property);
});

t.test('one changed task is read alone and rewrites nothing', async t => {
  const world = new World();
  const here = t.testdir();
  await world.put(Array.from({ length: 300 }, (_, n): [number, Task] => [n, task({ title: `Task ${n}` })]));
  await new TaskIndexes(world.store, here).at(world.tip);
  const base = readFileSync(join(here, 'tasks.base'));
  await world.put([[7, task({ title: 'Task 7', depends_on: [idOf(8)] })]]);
  await world.put([[8, task({ title: 'Task 8', status: 'done' })]]);
  const { store, asked } = counting(world.store);
  const index = await new TaskIndexes(store, here).at(world.tip);
  t.same((await index.row(idOf(7)))?.waits_for, []);
  t.equal((await index.row(idOf(8)))?.status, 'done');
  t.match(asked, { diff: 1, blobs: 2 });
  t.same(readFileSync(join(here, 'tasks.base')), base);
  await new TaskIndexes(store, here).at(world.tip);
  t.equal(asked.diff, 1, 'the next process asks nothing');
});

t.test('many steps are folded into the bytes that a fresh build writes', async t => {
  const world = new World();
  const [here, fresh] = [t.testdir({ a: {}, b: {} })].flatMap(dir => [join(dir, 'a'), join(dir, 'b')]) as [
    string,
    string,
  ];
  await world.put(Array.from({ length: 20 }, (_, n): [number, Task] => [n, task()]));
  await new TaskIndexes(world.store, here).at(world.tip);
  for (let round = 0; round < 30; round++) {
    const many = Array.from({ length: 12 }, (_, n): [number, Task] => {
      const status = STATUSES[(round + n) % 2 === 0 ? 0 : 4]!;
      return [round * 10 + n, task({ status, priority: n % 5, title: `Round ${round}`, depends_on: [idOf(n)] })];
    });
    await new TaskIndexes(world.store, here).at(await world.put(many));
  }
  const name = `tasks-${VERSION}-${JSON.parse(readFileSync(join(here, 'tasks.base'), 'utf8').split('\n')[0]!.slice(9)).tip}.steps`;
  const tip = name.slice(8, -6);
  await new TaskIndexes(world.store, fresh).at(tip);
  t.same(readFileSync(join(here, 'tasks.base')), readFileSync(join(fresh, 'tasks.base')));
  t.not(tip, world.tip, 'later steps stand beside it');
  t.same(
    readdirSync(here).filter(file => file.endsWith('.steps')),
    [name],
    'older steps are swept',
  );
});

t.test('a rival that repeats a step, or is behind, changes nothing', async t => {
  const world = new World();
  const here = t.testdir();
  const first = await world.put([[0, task()]]);
  const [one, two] = [new TaskIndexes(world.store, here), new TaskIndexes(world.store, here)];
  await one.at(first);
  await two.at(first);
  const second = await world.put([[1, task()]]);
  const [a, b] = await Promise.all([one.at(second), two.at(second)]);
  t.same(await everything(a, 2), await everything(b, 2));
  t.equal(
    (await (await new TaskIndexes(world.store, here).at(first)).counts(NOW)).all,
    1,
    'an older tip is still read',
  );
  t.equal((await (await new TaskIndexes(world.store, here).at(second)).counts(NOW)).all, 2);
});

t.test('a tip that is no descendant, and one whose forerunner is gone', async t => {
  const world = new World();
  const here = t.testdir();
  await world.put([[0, task()]]);
  const fork = world.tip;
  await world.put([[1, task({ title: 'Mine' })]]);
  await new TaskIndexes(world.store, here).at(world.tip);
  world.tip = fork;
  await world.put([[2, task({ title: 'Theirs' })]]);
  const index = await new TaskIndexes(world.store, here).at(world.tip);
  t.same((await index.query({}, { limit: 9, now: NOW })).rows.map(row => row.title).sort(), [
    'Sweep the yard',
    'Theirs',
  ]);
  const elsewhere = new World();
  await elsewhere.put([[5, task({ title: 'Other repository' })]]);
  const other = await new TaskIndexes(elsewhere.store, here).at(elsewhere.tip);
  t.same(
    (await other.query({}, { limit: 9, now: NOW })).rows.map(row => row.title),
    ['Other repository'],
  );
});

t.test('a state that does not load is not published', async t => {
  const world = new World();
  const here = t.testdir();
  await world.put([[0, task()]]);
  await new TaskIndexes(world.store, here).at(world.tip);
  const kept = readFileSync(join(here, 'tasks.base'));
  await world.put([[1, task()]]);
  const broken = replacing(world.store, { readBlobs: async specs => specs.map(() => undefined) });
  await t.rejects(new TaskIndexes(broken, here).at(world.tip), { code: 'BAD_LEDGER' });
  t.same(readFileSync(join(here, 'tasks.base')), kept);
  t.equal((await (await new TaskIndexes(world.store, here).at(world.tip)).counts(NOW)).all, 2);
});

t.test('a folder that cannot be written leaves the answers as they are', async t => {
  const world = new World();
  await world.put([[0, task()]]);
  const file = join(t.testdir({ taken: 'a file, not a folder' }), 'taken');
  const indexes = new TaskIndexes(world.store, file);
  t.equal((await (await indexes.at(world.tip)).counts(NOW)).all, 1);
  await world.put([[1, task()]]);
  t.equal((await (await indexes.at(world.tip)).counts(NOW)).all, 2);
});

t.test('a base replaced in the middle of a walk: the walk goes on', async t => {
  const world = new World();
  const here = t.testdir();
  const many = Array.from({ length: 900 }, (_, n): [number, Task] => [
    n,
    task({ title: `Task ${n} ${'x'.repeat(150)}` }),
  ]);
  await world.put(many);
  await new TaskIndexes(world.store, here).at(world.tip);
  const index = await new TaskIndexes(world.store, here).at(world.tip);
  const seen: string[] = [];
  for await (const row of index.claimable({ actor: 'ann' }, NOW)) {
    if (seen.length === 5) writeFileSync(join(here, 'tasks.base'), 'nonsense');
    seen.push(row.id);
  }
  t.equal(new Set(seen).size, 900);
  t.equal(seen.length, 900);
});

t.test('what is no task is left out, and a cursor that names nothing is refused', async t => {
  const world = new World();
  const good = await world.put([[0, task()]]);
  t.ok(good);
  const path = (n: number) => `tasks/${idOf(n)[2]}/${idOf(n)[3]}/${idOf(n).slice(2)}/task.json`;
  await world.write([
    { path: path(1), text: 'not json\n' },
    { path: path(2), text: '{"title":7}\n' },
    { path: path(3), text: `${JSON.stringify({ ...task(), priority: 9 })}\n` },
    { path: 'tasks/readme.md', text: 'hello\n' },
  ]);
  const index = await new TaskIndexes(world.store).at(world.tip);
  t.equal((await index.counts(NOW)).all, 1);
  t.equal(await index.row(idOf(1)), undefined);
  await t.rejects(index.query({}, { limit: 1, now: NOW, cursor: 'x"y' }), { code: 'BAD_INPUT' });
});

t.test('explain names each obstacle, for the one who asks', async t => {
  const world = new World();
  const hold = {
    root: 'r',
    actor: 'bob',
    run: 'r1',
    since: '2026-03-01T11:00:00.000Z',
    lease_until: '2026-03-01T13:00:00.000Z',
  };
  await world.put([
    [0, task({ status: 'in_progress', assignee: 'bob', hold })],
    [1, task({ depends_on: [idOf(0)], start_on: '2026-05-01', plan_required: true })],
    [2, task({ assignee: 'bob' })],
    [3, task({ status: 'blocked' })],
  ]);
  const index = await new TaskIndexes(world.store).at(world.tip, 'ann');
  const kinds = async (n: number, now = NOW) => (await index.explain(idOf(n), now)).map(({ kind }) => kind);
  t.same(await kinds(0), ['held']);
  t.same(await kinds(0, NOW + 86_400_000), [], 'a lapsed lease is no obstacle');
  t.same(await kinds(1), ['dependency', 'start_on', 'plan']);
  t.same(await kinds(2), ['assigned']);
  t.same(await kinds(3), ['status']);
});
