import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { recordId } from '../../src/kernel/ids.ts';
import { defineTable } from '../../src/rooms/rows.ts';
import { type Run, runRecord } from '../../src/rooms/runs/record.ts';
import { RowTables } from '../../src/views/rows/index.ts';
import { counting, replacing, World } from './world.ts';

const SIZE = 8;
const runId = (n: number): string => recordId('r', 'test', String(n));
const actors = defineTable({ def: runRecord, version: 1, row: ({ actor }: Run) => ({ actor }) });
const someRun = fc
  .constantFrom('ann', 'bob', 'cleo')
  .map((actor): Run => ({ actor, started_at: '2026-01-01T00:00:00.000Z' }));
const change = fc.tuple(fc.nat(SIZE - 1), fc.option(someRun, { freq: 4 }));

const edits = (changes: readonly (readonly [number, Run | null])[]) => [
  ...new Map(changes.map(([n, run]) => [n, run ? runRecord.put(runId(n), run) : runRecord.remove(runId(n))])).values(),
];

t.test('rows kept up to date, from a file and from nothing are the same rows', async t => {
  let folder = 0;
  const root = t.testdir();
  const property = fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), async rounds => {
      const world = new World();
      const here = join(root, `${folder++}`);
      const server = new RowTables(world.store, here);
      const truth = new Map<string, string>();
      for (const [at, round] of rounds.entries()) {
        const tip = await world.write([...edits(round), { path: `elsewhere/${at}.json`, text: '{}\n' }]);
        for (const [n, run] of round) {
          if (run) truth.set(runId(n), run.actor);
          else truth.delete(runId(n));
        }
        const wanted = [...truth].map(([id, actor]) => ({ id, actor })).sort((a, b) => (a.id < b.id ? -1 : 1));
        assert.deepEqual(await server.at(tip).rows(actors), wanted);
        assert.deepEqual(await new RowTables(world.store, here).at(tip).rows(actors), wanted);
        assert.deepEqual(await new RowTables(world.store).at(tip).rows(actors), wanted);
      }
    }),
    { numRuns: 40 },
  );
  await t.resolves(property);
});

t.test('what did not change is not read again', async t => {
  const world = new World();
  const folder = t.testdir();
  await world.write(edits([[0, { actor: 'ann', started_at: '2026-01-01T00:00:00.000Z' }]]));
  await new RowTables(world.store, folder).at(world.tip).rows(actors);
  await world.write([{ path: 'elsewhere/x.json', text: '{}\n' }]);
  const { store, asked } = counting(world.store);
  const rows = await new RowTables(store, folder).at(world.tip).rows(actors);
  t.same(rows, [{ id: runId(0), actor: 'ann' }]);
  t.equal(asked.blobs, 0, 'no record was read');
});

t.test('a file that is damaged, or whose tip is gone, is built anew', async t => {
  const world = new World();
  const folder = t.testdir();
  await world.write(edits([[1, { actor: 'bob', started_at: '2026-01-01T00:00:00.000Z' }]]));
  await new RowTables(world.store, folder).at(world.tip).rows(actors);
  const [name] = readdirSync(folder);
  const path = join(folder, name!);
  const good = readFileSync(path, 'utf8');
  for (const bad of [good.slice(0, -4), good.replace('bob', 'eve'), '', '00000000 {}']) {
    writeFileSync(path, bad);
    t.same(await new RowTables(world.store, folder).at(world.tip).rows(actors), [{ id: runId(1), actor: 'bob' }]);
  }
  await world.write([{ path: 'elsewhere/y.json', text: '{}\n' }]);
  const gone = replacing(world.store, {
    diff: (from, to, only) => (from === null ? world.store.diff(null, to, only) : Promise.reject(new Error('unused'))),
  });
  await t.rejects(new RowTables(gone, folder).at(world.tip).rows(actors), /unused/, 'a fault of ours is not hidden');
});

t.test('a record that is none has no row', async t => {
  const world = new World();
  await world.write([{ path: runRecord.path(runId(2)), text: 'no json' }]);
  t.same(await new RowTables(world.store).at(world.tip).rows(actors), []);
});
