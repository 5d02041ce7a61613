import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { type Decision, decisionRecord } from '../../src/rooms/decisions/record.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { type Knowledge, knowledgeRecord } from '../../src/rooms/knowledge/record.ts';
import type { SearchQuery } from '../../src/rooms/searching.ts';
import { noteRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import type { FileEdit } from '../../src/store/port.ts';
import { SearchShelves } from '../../src/views/search/shelves.ts';
import { counting, idOf, replacing, task, World } from './world.ts';

const AT = '2026-01-01T00:00:00.000Z';
const SIZE = 6;
const named = (letter: string, n: number): string => recordId(letter, 'test', String(n));

const page = (patch: Partial<Knowledge> = {}): Knowledge => ({
  title: 'Restart the sweeper',
  body: 'Stop it, then start it.',
  kind: 'runbook',
  tags: [],
  revision: 1,
  created_by: 'ann',
  created_at: AT,
  updated_by: 'ann',
  updated_at: AT,
  ...patch,
});
const ruling = (patch: Partial<Decision> = {}): Decision => ({
  title: 'Clock',
  choice: 'UTC everywhere',
  rationale: 'Zones disagreed.',
  by: 'ann',
  at: AT,
  ...patch,
});

const VOCABULARY =
  'sweeper clock login crash parser timeout cache deploy retry token src/parser/lexer.ts parseInput v1.2.3 naïve 時計'.split(
    ' ',
  );
const words = fc.array(fc.constantFrom(...VOCABULARY), { maxLength: 8 }).map(list => list.join(' '));
const change: fc.Arbitrary<FileEdit> = fc.oneof(
  fc
    .tuple(fc.nat(SIZE - 1), words, words, fc.constantFrom('note' as const, 'runbook' as const), fc.boolean())
    .map(([n, title, body, kind, away]) =>
      knowledgeRecord.put(
        named('w', n),
        page({
          title: title || 'blank',
          body: body || 'blank',
          kind,
          tags: ['x'],
          ...(away ? { archived: { by: 'ann', at: AT } } : {}),
        }),
      ),
    ),
  fc
    .tuple(fc.nat(SIZE - 1), fc.option(fc.nat(SIZE - 1), { nil: undefined }), words)
    .map(([n, old, choice]) =>
      decisionRecord.put(
        named('d', n),
        ruling({ choice: choice || 'blank', ...(old === undefined ? {} : { supersedes: named('d', old) }) }),
      ),
    ),
  fc
    .tuple(fc.nat(SIZE - 1), words)
    .map(([n, text]) => taskRecord.put(idOf(n), task({ title: text || 'blank', project: 'p1' }))),
  fc
    .tuple(fc.nat(SIZE - 1), words)
    .map(([n, text]) =>
      noteRecord.put(named('n', n), { kind: 'note', text: text || 'blank', by: 'ann', at: AT }, idOf(n)),
    ),
  fc.nat(SIZE - 1).map(n => knowledgeRecord.remove(named('w', n))),
);

const QUERIES: SearchQuery[] = [
  ...VOCABULARY.map(text => ({ text, limit: 50 })),
  { text: 'sweeper login crash', limit: 50, all: true },
  { text: 'clock parser', limit: 3, kinds: ['decision', 'note'] },
  { text: 'cache', limit: 50, kinds: ['knowledge'], sort: 'runbook', tags: ['x'] },
  { text: 'deploy token', limit: 50, project: 'P1' },
  { text: 'sweper timout', limit: 50 },
];
const answers = async (indexes: SearchShelves, tip: string): Promise<unknown[]> => {
  const all = [];
  for (const query of QUERIES) all.push([query, await indexes.at(tip).search(query)]);
  return all;
};

t.test('an index kept up to date, one from a file and a fresh one give the same answers', async t => {
  const root = t.testdir();
  let folder = 0;
  const property = fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 5 }), async rounds => {
      const world = new World();
      const here = join(root, `${folder++}`);
      const server = new SearchShelves(world.store, RECORDS, here);
      for (const [at, round] of rounds.entries()) {
        const edits = [...new Map(round.map(edit => [edit.path, edit])).values()];
        const tip = await world.write([...edits, { path: `elsewhere/${at}.json`, text: '{}\n' }]);
        const fresh = await answers(new SearchShelves(world.store, RECORDS), tip);
        assert.deepEqual(await answers(server, tip), fresh);
        assert.deepEqual(await answers(new SearchShelves(world.store, RECORDS, here), tip), fresh);
      }
    }),
    { numRuns: 40 },
  );
  await t.resolves(property);
});

async function small() {
  const world = new World();
  await world.write([
    knowledgeRecord.put(named('w', 0), page({ tags: ['ops'], project: 'p1' })),
    knowledgeRecord.put(named('w', 1), page({ title: 'Old sweeper', archived: { by: 'ann', at: AT } })),
    decisionRecord.put(named('d', 0), ruling()),
    decisionRecord.put(named('d', 1), ruling({ choice: 'Local clock time', supersedes: named('d', 0) })),
    taskRecord.put(idOf(0), task({ title: 'Wire the clock', project: 'p1', description: 'Somebody has to.' })),
    noteRecord.put(named('n', 0), { kind: 'note', text: 'The sweeper was rebooted.', by: 'ann', at: AT }, idOf(0)),
  ]);
  const find = async (
    text: string,
    query: Partial<SearchQuery> = {},
    indexes = new SearchShelves(world.store, RECORDS),
  ) => (await indexes.at(world.tip).search({ text, limit: 10, ...query })).hits.map(({ id }) => id);
  return { world, find };
}

t.test('finds by kind, sort, tag and project; what is put away or superseded only when all is asked for', async t => {
  const { world, find } = await small();
  const [page0, page1, ruling0, ruling1, note0] = [
    named('w', 0),
    named('w', 1),
    named('d', 0),
    named('d', 1),
    named('n', 0),
  ];
  t.same((await find('sweeper')).sort(), [note0, page0]);
  t.same((await find('sweeper', { all: true })).sort(), [note0, page0, page1]);
  t.same(await find('sweeper', { kinds: ['knowledge'], sort: 'runbook' }), [page0]);
  t.same(await find('sweeper', { sort: 'finding' }), []);
  t.same(await find('sweeper', { tags: ['ops'] }), [page0]);
  t.same((await find('sweeper', { project: 'P1' })).sort(), [note0, page0], 'a note is of its task’s project');
  t.same((await find('clock')).sort(), [ruling1, idOf(0)].sort());
  t.same((await find('utc', { all: true })).includes(ruling0), true);
  const { hits, total } = await new SearchShelves(world.store, RECORDS)
    .at(world.tip)
    .search({ text: 'sweeper', limit: 1 });
  t.equal(hits.length, 1);
  t.equal(total, 2, 'how many in all');
  const notes = await new SearchShelves(world.store, RECORDS)
    .at(world.tip)
    .search({ text: 'reboot', limit: 5, kinds: ['note'] });
  t.match(notes.hits, [
    {
      kind: 'note',
      id: note0,
      owner: { kind: 'task', id: idOf(0) },
      title: 'Wire the clock',
      snippet: 'The sweeper was rebooted.',
    },
  ]);
});

t.test('forms, spellings, typos, synonyms and names of code meet', async t => {
  const world = new World();
  const texts = [
    'The sweeper was built and then crashed',
    'Authentication with the upstream server',
    'See src/parser/lexer.ts and parseHTTPInput in v1.2.3',
    'It throws ERR_MODULE_NOT_FOUND (TS2345) on café_terrace',
    'Behaviour of the time-out is cancelled, colourful',
    'When memory runs out the worker is killed',
    '東京の時計が止まる',
  ];
  await world.write(texts.map((body, n) => knowledgeRecord.put(named('w', n), page({ title: `Page ${n}`, body }))));
  const index = new SearchShelves(world.store, RECORDS).at(world.tip);
  const met: [query: string, text: number][] = [
    ['how do I build sweepers', 0],
    ['segfault', 0],
    ['sign in', 1],
    ['log-in', 1],
    ['authentcation', 1],
    ['lexer', 2],
    ['lexer.ts', 2],
    ['src/parser', 2],
    ['parsehttpinput', 2],
    ['parse input', 2],
    ['1.2', 2],
    ['err_module_not_found', 3],
    ['2345', 3],
    ['cafe', 3],
    ['CAFÉ', 3],
    ['behavior', 4],
    ['timeout', 4],
    ['cancellation colorful', 4],
    ['kil', 5],
    ['時計', 6],
  ];
  for (const [text, n] of met) {
    const { hits } = await index.search({ text, limit: 5 });
    t.equal(hits[0]?.id, named('w', n), text);
  }
  t.match(await index.search({ text: 'how do I', limit: 5 }), { hits: [], total: 0 }, 'words that say nothing');
  t.match(await index.search({ text: '~99 ()', limit: 5 }), { total: 0 }, 'a group of synonyms is no word');
  const long = `${'Nothing to see here. '.repeat(40)}\nThen the walrus sang. ${'More of it. '.repeat(40)}`;
  await world.write([knowledgeRecord.put(named('w', 9), page({ title: 'Long', body: long }))]);
  const { hits } = await new SearchShelves(world.store, RECORDS).at(world.tip).search({ text: 'walruses', limit: 5 });
  t.match(hits[0]?.snippet, /^Then the walrus sang\. .{80,160}…$/, 'the passage that says it');
  t.ok(hits[0]!.snippet!.length <= 162);
});

t.test('a later search builds nothing anew: it reads what changed, and the finds', async t => {
  const { world, find } = await small();
  const folder = t.testdir();
  await find('sweeper', {}, new SearchShelves(world.store, RECORDS, folder));
  await world.write([knowledgeRecord.put(named('w', 5), page({ title: 'Another sweeper' }))]);
  const { store, asked } = counting(world.store);
  const found = await find('another', {}, new SearchShelves(store, RECORDS, folder));
  t.same(found, [named('w', 5)]);
  t.ok(asked.blobs <= 3, `${asked.blobs} read`);
});

t.test('a file that is damaged, and one whose tip is gone, is built anew', async t => {
  const { world, find } = await small();
  const folder = t.testdir();
  const wanted = await find('sweeper', {}, new SearchShelves(world.store, RECORDS, folder));
  const path = join(folder, readdirSync(folder)[0]!);
  const good = readFileSync(path, 'utf8');
  for (const bad of [
    good.slice(0, -9),
    good.replace('sweeper', 'sweepers'),
    good.replace(/"tip":"./, '"tip":"z'),
    '',
    '{}',
    'x\ny',
  ]) {
    writeFileSync(path, bad);
    t.same(await find('sweeper', {}, new SearchShelves(world.store, RECORDS, folder)), wanted);
  }
  writeFileSync(path, good);
  await world.write([{ path: 'elsewhere/x.json', text: '{}\n' }]);
  const gone = replacing(world.store, {
    diff: async (from, to, only) => {
      if (from !== null) throw new LedgerError('BAD_LEDGER', 'that commit is not here');
      return world.store.diff(null, to, only);
    },
  });
  t.same(await find('sweeper', {}, new SearchShelves(gone, RECORDS, folder)), wanted);
});

t.test('what is no record of its kind is not found, and hides nothing else', async t => {
  const { world, find } = await small();
  const before = await find('sweeper');
  await world.write([
    { path: knowledgeRecord.path(named('w', 7)), text: '{"title": "sweeper"' },
    { path: knowledgeRecord.path(named('w', 8)), text: 'null\n' },
    { path: 'knowledge/sweeper.txt', text: 'sweeper' },
  ]);
  t.same(await find('sweeper'), before);
});

t.test('knowledge asked for alone is found without a look at any task', async t => {
  const { world } = await small();
  const { store, asked } = counting(world.store);
  const shelves = new SearchShelves(store, RECORDS);
  await shelves.at(world.tip).search({ text: 'sweeper', limit: 5, kinds: ['knowledge'] });
  const alone = asked.diff;
  await new SearchShelves(store, RECORDS).at(world.tip).search({ text: 'sweeper', limit: 5 });
  t.equal(alone, 1, 'the folder of one room was compared');
  t.ok(asked.diff - alone > 1, 'all rooms are compared for everything');
});
