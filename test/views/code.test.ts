import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { recordId, sha256Hex } from '../../src/kernel/ids.ts';
import type { CodeIndex, CodeRow } from '../../src/rooms/code/ports.ts';
import { type CodeRef, codeRefRecord, PR_STATES, REF_TYPES } from '../../src/rooms/tasks/record.ts';
import { CodeIndexes } from '../../src/views/code/index.ts';
import { counting, idOf, task, World } from './world.ts';

const TASKS = 4;
const REFS = 8;
const refId = (n: number): string => recordId('c', 'test', String(n));
const sha = (n: number, length = 40): string => sha256Hex(String(n)).slice(0, length);

const someRef = fc
  .record({
    ref_type: fc.constantFrom(...REF_TYPES),
    sha: fc.tuple(fc.nat(3), fc.constantFrom(7, 12, 40)).map(([n, length]) => sha(n, length)),
    name: fc.constantFrom('github:acme/web#1', 'gitlab:acme/web!2', 'src/a.ts:1-3'),
    repo: fc.option(fc.constantFrom('web', 'github/acme/web'), { nil: undefined }),
    state: fc.option(fc.constantFrom(...PR_STATES), { nil: undefined }),
    live: fc.boolean(),
    at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
  })
  .map((ref): CodeRef => JSON.parse(JSON.stringify({ ...ref, by: 'ann' })));
const change = fc.tuple(fc.nat(TASKS - 1), fc.nat(REFS - 1), fc.option(someRef, { freq: 4 }));
const rounds = fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 6 });

const FILTERS = [
  {},
  { task_id: idOf(1) },
  { ref_type: 'commit' },
  { live: true },
  { live: false, ref_type: 'pr' },
  { state: 'merged' },
  { repo: 'github/acme/web' },
  { repo: ['web', 'github/acme/web'] },
  { sha: sha(1, 9) },
] as const;

/** Everything an index can be asked, as one comparable value. */
async function everything(index: CodeIndex): Promise<unknown> {
  const lists = [];
  for (const filter of FILTERS) {
    const rows = await index.rows(filter);
    const paged: CodeRow[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await index.query(filter, { limit: 2, cursor });
      assert.equal(page.total, rows.length);
      paged.push(...page.rows);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    assert.deepEqual(paged, rows, 'pages add up to the whole');
    lists.push(rows);
  }
  const named = [];
  for (const n of [0, 1, 2, 3]) for (const length of [6, 7, 9, 40]) named.push(await index.bySha([sha(n, length)]));
  return { lists, named: named.map(rows => rows.map(({ id }) => id).sort()) };
}

t.test('an index kept up to date is the index built from nothing, and says what the refs say', async t => {
  let folder = 0;
  const root = t.testdir();
  const property = fc.assert(
    fc.asyncProperty(rounds, async all => {
      const world = new World();
      const here = join(root, `${folder++}`);
      const server = new CodeIndexes(world.store, here);
      const truth = new Map<string, CodeRef & { task_id: string; id: string }>();
      const first = await world.put([[0, task()]]);
      for (const round of all) {
        const edits = new Map<string, ReturnType<typeof codeRefRecord.put>>();
        for (const [owner, n, ref] of round) {
          // An id belongs to one task: it follows from the entry that made it.
          const [id, task_id] = [recordId('c', String(owner), String(n)), idOf(owner)];
          edits.set(id, ref ? codeRefRecord.put(id, ref, task_id) : codeRefRecord.remove(id, task_id));
          if (ref) truth.set(id, { ...ref, id, task_id });
          else truth.delete(id);
        }
        const tip = await world.write([...edits.values()]);
        const fresh = await everything(await new CodeIndexes(world.store).at(tip));
        assert.deepEqual(await everything(await server.at(tip)), fresh, 'kept by one process');
        assert.deepEqual(await everything(await new CodeIndexes(world.store, here).at(tip)), fresh, 'read by another');
        const index = await server.at(tip);
        const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
        assert.deepEqual(ids(await index.rows({})), [...truth.keys()].sort());
        for (const length of [7, 40]) {
          const like = (one?: string) =>
            one !== undefined && (one.startsWith(sha(1, length)) || sha(1, length).startsWith(one));
          const wanted = [...truth.values()].filter(ref => ref.ref_type === 'commit' && like(ref.sha));
          assert.deepEqual(ids(await index.bySha([sha(1, length)])), ids(wanted));
        }
      }
      assert.deepEqual(await (await server.at(first)).rows({}), [], 'back to an older tip');
    }),
    { numRuns: 25 },
  );
  await t.resolves(property);
});

t.test('two tasks with a ref of one id, as only a forged book has them, are both there', async t => {
  const world = new World();
  const ref: CodeRef = { ref_type: 'commit', sha: sha(1), live: true, by: 'ann', at: '2026-01-01T00:00:00.000Z' };
  const tip = await world.write([0, 1].map(n => codeRefRecord.put(refId(0), ref, idOf(n))));
  const rows = await (await new CodeIndexes(world.store).at(tip)).bySha([sha(1)]);
  t.same(
    rows.map(row => [row.id, row.task_id]).sort(),
    [
      [refId(0), idOf(0)],
      [refId(0), idOf(1)],
    ].sort(),
  );
});

t.test('a damaged file is built anew, and what did not change is not read again', async t => {
  const world = new World();
  const folder = t.testdir();
  const ref: CodeRef = { ref_type: 'commit', sha: sha(1), live: true, by: 'ann', at: '2026-01-01T00:00:00.000Z' };
  const tip = await world.write([codeRefRecord.put(refId(0), ref, idOf(0))]);
  const wanted = await (await new CodeIndexes(world.store, folder).at(tip)).rows({});
  t.equal(wanted.length, 1);
  const path = join(folder, readdirSync(folder)[0]!);
  const good = readFileSync(path, 'utf8');
  for (const bad of [good.slice(0, -3), good.replace('true', 'null'), '', '00000000 {}']) {
    writeFileSync(path, bad);
    t.same(await (await new CodeIndexes(world.store, folder).at(tip)).rows({}), wanted);
  }
  await world.put([[1, task()]]);
  const { store, asked } = counting(world.store);
  t.same(await (await new CodeIndexes(store, folder).at(world.tip)).rows({}), wanted);
  t.equal(asked.blobs, 0);
});
