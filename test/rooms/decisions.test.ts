import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer';
import t from 'tap';
import { covers, narrowness, pathProblem, plainPath } from '../../src/rooms/decisions/paths.ts';
import { type Decision, decisionRecord, MARK, supersededRecord } from '../../src/rooms/decisions/record.ts';
import { ada, bob, eve, type Person, TestOffice } from './office.ts';

const CLOCK = { title: 'Clock', choice: 'UTC everywhere', rationale: 'two zones disagreed' };

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  await office.does('project.create', { project: 'parser', title: 'Parser' }, eve);
  const log = async (input: object = {}, who: Person = ada): Promise<string> =>
    String((await office.does('decision.log', { ...CLOCK, ...input }, who)).decision_id);
  const list = async (input: object = {}) =>
    (await office.asks('decision.query', input)) as {
      decisions: { id: string; superseded_by?: string }[];
      total: number;
      cursor?: string;
    };
  const ids = async (input: object = {}) => (await list(input)).decisions.map(({ id }) => id);
  return { office, log, list, ids };
}

t.test('a ruling is kept as it was said, with who, when and what was weighed', async t => {
  const { office, log } = await begin();
  const id = await log({ options: ['local time', 'UTC'], paths: ['./src/time/', 'docs//*.md'], project: 'Parser' });
  t.match(id, /^d-[0-9a-z]{10}$/);
  t.match(await office.asks('decision.get', { decision_id: id }), {
    decision: {
      id,
      ...CLOCK,
      current: true,
      options: ['local time', 'UTC'],
      paths: ['docs/*.md', 'src/time'],
      project: 'parser',
      by: 'ada',
    },
  });
  await t.rejects(office.asks('decision.get', { decision_id: 'd-0000000000' }), { code: 'NOT_FOUND' });
  const long = await log({ title: 'Long', rationale: 'r'.repeat(5000) });
  t.match(await office.asks('decision.get', { decision_id: long }), {
    truncated: true,
    hints: { whole: `ledgenter decision get ${long} --full` },
  });
  t.match(await office.asks('decision.get', { decision_id: long, full: true }), {
    decision: { rationale: 'r'.repeat(5000) },
  });
});

t.test('a ruling that is superseded is history, and leads to what took its place', async t => {
  const { office, log, list, ids } = await begin();
  const first = await log();
  const second = await log({ choice: 'local time', supersedes: first }, bob);
  const other = await log({ title: 'Colour' });
  t.same(await ids(), [other, second], 'what holds, newest first');
  t.match(await list({ history: true }), { decisions: [{ id: first, superseded_by: second }], total: 1 });
  t.same(await ids({ all: true }), [other, second, first]);
  t.match(await office.asks('decision.get', { decision_id: first }), {
    decision: { superseded_by: second },
    hints: { next: `ledgenter decision get ${second}` },
  });
  t.match(await office.refusal('decision.log', { ...CLOCK, supersedes: first }, eve), {
    code: 'REFUSED',
    message: new RegExp(`${first} is superseded already, by ${second}`),
    hint: `ledgenter decision get ${second}`,
  });
  t.match(await office.refusal('decision.log', { ...CLOCK, supersedes: 'd-0000000000' }), { code: 'NOT_FOUND' });
});

t.test('filters by project, task, file and words, page by page', async t => {
  const { office, log, list, ids } = await begin();
  const task = await office.creates();
  const a = await log({ project: 'parser', paths: ['src/parser/**'] });
  const b = await log({ title: 'Tokens are counted', task_ids: [task, task] });
  const c = await log({ paths: ['src/*.ts', 'README.md'] });
  t.same(await ids({ project: 'PARSER' }), [a]);
  t.same(await ids({ task_id: task }), [b]);
  t.same(await ids({ path: './src/parser/lexer.ts' }), [a]);
  t.same(await ids({ path: 'src/main.ts' }), [c]);
  t.same(await ids({ text: 'counted TOKENS' }), [b]);
  t.same(await ids({ text: 'utc' }), [c, b, a], 'words of the choice too');
  const page = await list({ limit: 2 });
  t.same([page.total, page.decisions.map(({ id }) => id)], [3, [c, b]]);
  t.match(await list({ limit: 2, cursor: page.cursor }), { decisions: [{ id: a }], total: 3, cursor: undefined });
  t.same((await list({ fields: ['by'], limit: 1 })).decisions, [{ id: c, by: 'ada' }]);
});

t.test('what is not there, and what is no path inside a repository, is refused', async t => {
  const { office } = await begin();
  const refused = (input: object) => office.refusal('decision.log', { ...CLOCK, ...input });
  t.match(await refused({ project: 'nowhere' }), { code: 'NOT_FOUND', hint: 'ledgenter project query' });
  t.match(await refused({ repo: 'nowhere' }), { code: 'NOT_FOUND' });
  t.match(await refused({ task_ids: ['t-0000000000'] }), { code: 'NOT_FOUND' });
  for (const path of [
    '/etc/x',
    '~/x',
    'C:/x',
    'c:\\x',
    'a\\b',
    '../x',
    'a/../b',
    'https://x.example/y',
    '',
    ' ',
    'a\nb',
  ])
    await t.rejects(office.outcome('decision.log', { ...CLOCK, paths: [path] }, ada), /paths/, JSON.stringify(path));
});

t.test('paths: a prefix rules what lies below, stars do not cross folders, two stars do', async t => {
  const table: [pattern: string, file: string, ruled: boolean][] = [
    ['src/parser', 'src/parser/lexer.ts', true],
    ['src/parser', 'src/parser', true],
    ['src/parser', 'src/parsers/lexer.ts', false],
    ['src/parser/**', 'src/parser/a/b.ts', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/a/b.ts', false],
    ['**/*.test.ts', 'test/rooms/a.test.ts', true],
    ['**/*.test.ts', 'a.test.ts', true],
    ['src/**/laws.ts', 'src/laws.ts', true],
    ['src/**/laws.ts', 'src/rooms/tasks/laws.ts', true],
    ['src/**/laws.ts', 'src/rooms/tasks/flaws.ts', false],
    ['src/?.ts', 'src/a.ts', true],
    ['src/?.ts', 'src/ab.ts', false],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['*a*b*c', 'xxaxxcxxb', false],
    ['**', 'anything/at/all', true],
  ];
  for (const [pattern, file, ruled] of table) t.equal(covers(pattern, file), ruled, `${pattern} ~ ${file}`);
  t.ok(narrowness('src/parser/lexer.ts') > narrowness('src/parser/**'));
  t.equal(covers(`${'**/'.repeat(60)}x`, 'a/'.repeat(120)), false, 'a hostile pattern ends too');
  fc.assert(
    fc.property(fc.string(), text => {
      const path = plainPath(text);
      return (
        pathProblem(path) !== undefined ||
        (plainPath(path) === path && covers(path.replace(/[*?]/g, 'x'), path.replace(/[*?]/g, 'x')))
      );
    }),
  );
});

t.test(
  'a task shows the rulings on its files, those linked to it first, then the narrowest, within a budget',
  async t => {
    const { office, log } = await begin();
    const task = await office.creates({ project: 'parser' });
    const shown = async (input: object = {}) =>
      (await office.asks('task.get', { task_id: task, ...input })) as {
        rulings?: { id: string; says: string }[];
        more_rulings?: number;
        hints: { rulings?: string };
      };
    await office.does('repo.register', { slug: 'acme', remote_url: 'https://github.com/acme/parser.git' }, eve);
    await office.does('repo.register', { slug: 'zoo', remote_url: 'https://github.com/acme/zoo' }, eve);
    const wide = await log({ title: 'Wide', paths: ['src'] });
    t.same(await shown(), await shown({ paths: [] }));
    t.equal((await shown()).rulings, undefined, 'no file of it is known yet');
    await office.does('task.code_ref', { task_id: task, ref_type: 'file', name: 'src/parser/lexer.ts:10-20' });
    t.match(await shown(), {
      rulings: [{ id: wide, says: 'Wide: UTC everywhere' }],
      hints: { rulings: 'ledgenter decision get <decision_id>' },
    });
    const narrow = await log({ title: 'Narrow', paths: ['src/parser/*.ts'], repo: 'github/acme/parser' });
    const linked = await log({ title: 'Linked', task_ids: [task] });
    await log({ title: 'Elsewhere', paths: ['docs/**'] });
    await office.does('project.create', { project: 'web', title: 'Web' }, eve);
    await log({ title: 'Files of another project', paths: ['src/parser/lexer.ts'], project: 'web' });
    const ids = async (input: object = {}) => (await shown(input)).rulings?.map(({ id }) => id);
    t.same(await ids(), [linked, narrow, wide]);
    const from = async (fingerprint: string) => {
      const asked = office.asks('task.get', { task_id: bare, paths: ['src/parser/x.ts'] }, {
        ...ada,
        checkout: { fingerprint },
      } as Person);
      return ((await asked) as { rulings?: { id: string }[] }).rulings?.map(({ id }) => id);
    };
    const bare = await office.creates();
    t.same(await from('github/acme/parser'), [narrow, wide], 'paths are of the repository that the caller stands in');
    t.same(await from('github/acme/zoo'), [wide]);
    const exact = await log({ title: 'Exact', paths: ['src/parser/lexer.ts'], project: 'parser', supersedes: wide });
    t.same(await ids(), [linked, exact, narrow], 'what is history is not served');
    t.equal((await ids({ paths: ['docs/a.md'] }))?.length, 4, 'files that the caller names count too');
    for (let n = 0; n < 4; n++)
      await log({
        title: `More ${n}`,
        choice: 'Times are kept in UTC and shown in the zone of the reader. '.repeat(50),
        paths: ['src/parser/lexer.ts'],
      });
    const full = await shown();
    t.match([full.rulings?.length, full.more_rulings], [5, 2]);
    t.ok(countTokens(JSON.stringify(full.rulings)) <= 160, String(countTokens(JSON.stringify(full.rulings))));
    const other = await office.creates();
    await office.does('task.code_ref', { task_id: other, ref_type: 'file', name: 'src/parser/a.ts', repo: 'zoo' });
    t.notOk('rulings' in (await office.asks('task.get', { task_id: other })), 'a ruling on another repository');
  },
);

async function forger() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  const first = String((await office.does('decision.log', CLOCK)).decision_id);
  const intent = office.intent('decision.log', CLOCK);
  const id = office.idFor(decisionRecord, intent);
  const file = (patch: Partial<Decision> = {}, name = id) =>
    decisionRecord.put(name, { ...CLOCK, by: 'ada', at: intent.at, ...patch });
  const mark = (old: string, by = id, name = MARK) => supersededRecord.put(name, { by }, old);
  const law = async (...files: ReturnType<typeof file>[]) => (await office.forge(files, intent))?.law ?? 'lawful';
  return { office, first, id, intent, file, mark, law };
}

t.test('decision.form: author, time and names cannot be made up', async t => {
  const { file, law } = await forger();
  t.equal(await law(file()), 'lawful');
  t.equal(await law(file({ by: 'bob' })), 'decision.form');
  t.equal(await law(file({ at: '2020-01-01T00:00:00.000Z' })), 'decision.form');
  t.equal(await law(file({ project: 'nowhere' })), 'decision.form');
  t.equal(await law(file({ repo: 'nowhere' })), 'decision.form');
  t.equal(await law(file({ task_ids: ['t-0000000000'] })), 'decision.form');
  t.equal(await law(file({ paths: ['b', 'a'] })), 'decision.form');
  t.equal(await law(file({ paths: ['/etc/x'] })), 'record.schema');
  t.equal(await law(file({ paths: ['./a'] })), 'record.schema');
  t.equal(await law(file({}, 'd-0000000000')), 'record.id');
});

t.test('decision.supersedes and decision.mark: no fork of rulings, no ring, and no mark without a ruling', async t => {
  const { office, first, id, intent, file, mark, law } = await forger();
  t.equal(await law(file({ supersedes: first }), mark(first)), 'lawful');
  t.equal(await law(file({ supersedes: first })), 'decision.supersedes', 'without the mark');
  t.equal(await law(file(), mark(first)), 'decision.mark', 'without the ruling');
  t.equal(await law(mark(first, first)), 'decision.mark');
  t.equal(await law(file({ supersedes: first }), mark(first), mark(first, id, 'again')), 'decision.mark');
  t.equal(await law(file({ supersedes: id }), mark(id)), 'decision.supersedes', 'itself');
  t.equal(await law(file({ supersedes: 'd-0000000000' })), 'decision.supersedes', 'nothing');
  const other = office.idFor(decisionRecord, intent, 1);
  t.equal(
    await law(file({ supersedes: first }), file({ supersedes: first }, other), mark(first)),
    'decision.supersedes',
    'two in one entry',
  );
  t.equal(
    await law(file(), file({ supersedes: id }, other), mark(id, other)),
    'decision.supersedes',
    'one of its own entry',
  );
  await office.does('decision.log', { ...CLOCK, choice: 'local', supersedes: first });
  t.equal(await law(file({ supersedes: first }), mark(first)), 'append-only');
  t.equal(await law(file({ supersedes: first })), 'decision.supersedes');
  const was = (await office.view.get(decisionRecord, first))!;
  t.equal(await law(decisionRecord.put(first, { ...was, choice: 'other' })), 'append-only', 'a ruling is never edited');
  t.equal(await law(decisionRecord.remove(first)), 'record.kept');
  t.equal(await law(supersededRecord.remove(MARK, first)), 'record.kept');
});
