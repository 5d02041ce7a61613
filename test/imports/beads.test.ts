import t from 'tap';
import { mapBeads } from '../../src/rooms/importing/index.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { issue, jsonl, Ledger, sum, ties } from './tools.ts';

const map = (lines: string[], more: object = {}) => mapBeads(lines, { project: 'p', ...more });
const why = (report: Awaited<ReturnType<typeof map>>['report']) =>
  Object.fromEntries(report.why.map(({ code, count }) => [code, count]));

t.test('a status becomes its equal, and what has none is told and labelled', async t => {
  const statuses = ['open', 'closed', 'blocked', 'tombstone', 'hooked', 'in_progress', 'strange'];
  const { entries, report } = await map(jsonl(...statuses.map(status => issue(`x-${status}`, { status }))));
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  const got: Record<string, unknown> = {};
  for (const status of statuses) got[status] = (await ledger.task(`beads:p/x-${status}`))?.status;
  t.same(got, {
    open: 'open',
    closed: 'done',
    blocked: 'blocked',
    tombstone: 'cancelled',
    hooked: 'open',
    in_progress: 'open',
    strange: 'open',
  });
  t.same((await ledger.task('beads:p/x-hooked'))?.labels, ['status:hooked', 'type:task']);
  t.same((await ledger.task('beads:p/x-tombstone'))?.labels, ['tombstone', 'type:task']);
  t.match(await ledger.task('beads:p/x-closed'), { imported: true, finished_at: '2026-01-06T10:00:00.000Z' });
  t.equal(why(report).status, 3);
  t.equal(report.proof, false);
});

t.test('times, people, texts, comments, criteria and references are kept', async t => {
  const { entries, report } = await map(
    jsonl(
      issue('x-1', {
        description: 'Why.',
        design: 'How.',
        acceptance_criteria: '- [x] one\n  and more\n- [ ] two',
        notes: 'Side note.',
        assignee: 'Jonas',
        estimated_minutes: 90,
        due_at: '2026-04-01T23:30:00-05:00',
        defer_until: '2026-03-01',
        external_ref: 'gh-7',
        owner: 'someone@example.com',
        comments: [{ author: 'Ann Other', text: 'Said so.', created_at: '2026-01-07T00:00:00Z' }],
      }),
    ),
    { github: 'Acme/Web' },
  );
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.match(await ledger.task('beads:p/x-1'), {
    description: 'Why.\n\n## Design\n\nHow.',
    assignee: 'jonas',
    estimate: '90m',
    due_on: '2026-04-02',
    start_on: '2026-03-01',
    project: 'p',
    created_by: 'marta',
    created_at: '2026-01-05T08:00:00.000Z',
    updated_at: '2026-01-06T10:00:00.000Z',
    also_asked: ['github:acme/web#7'],
    origin_ask_ref: 'beads:p/x-1',
    criteria: [
      { id: 'c1', text: 'one\nand more', met: true, met_by: 'marta' },
      { id: 'c2', text: 'two', met: false },
    ],
  });
  const notes = (await ledger.notes('beads:p/x-1')).map(({ kind, text, by }) => [kind, by, text]).sort();
  t.same(notes, [
    ['comment', 'Ann Other', 'Said so.'],
    ['note', 'marta', 'Further fields in beads:\n- owner: someone@example.com'],
    ['note', 'marta', 'Side note.'],
  ]);
  t.equal(why(report).fields, 1);
});

t.test('gh-N names nothing without --github, and one reference goes to one task', async t => {
  const two = jsonl(issue('x-1', { external_ref: 'gh-7' }), issue('x-2', { external_ref: 'gh-7' }));
  const without = await map(two);
  t.same(
    without.entries.flatMap(entry => entry.tasks.map(task => task.also_asked)),
    [undefined, undefined],
  );
  t.match(without.entries[0]?.tasks[0]?.notes, [{ text: /external_ref: gh-7/ }]);
  t.equal(why(without.report).external_ref, 2);
  const within = await map(two, { github: 'acme/web' });
  t.equal(why(within.report).taken_ref, 1);
  const ledger = await new Ledger().take(within.entries);
  t.same(ledger.refused, []);
  t.same((await ledger.task('beads:p/x-2'))?.also_asked, []);
});

t.test('every dependency is mapped or reported, and nothing lawless comes of it', async t => {
  const { entries, report } = await map(
    jsonl(
      issue('x-1', ties('x-1', ['blocks', 'x-2'], ['blocks', 'x-2'], ['blocks', 'x-1'], ['blocks', 'gone'])),
      issue('x-2', ties('x-2', ['blocks', 'x-3'], ['parent-child', 'x-5'], ['parent-child', 'x-6'])),
      issue('x-3', ties('x-3', ['blocks', 'x-1'], ['tracks', 'x-4'], ['discovered-from', 'x-2'])),
      issue(
        'x-4',
        ties('x-4', ['blocked-by', 'x-1'], ['related', 'x-1'], ['supersedes', 'x-2'], ['duplicates', 'x-3']),
      ),
      issue('x-5', ties('x-5', ['parent-child', 'x-6'], ['blocks', 'x-2'])),
      issue('x-6', ties('x-6', ['parent-child', 'x-2'], ['constructor', 'x-1'])),
      issue('x-7', { dependencies: [null, { type: 'blocks' }, { depends_on_id: 'x-1' }] }),
    ),
  );
  t.equal(sum(report.mapped.dependencies) + sum(report.skipped.dependencies), 21);
  t.match(why(report), {
    repeated: 1,
    self: 1,
    missing_target: 1,
    second_parent: 1,
    cycle: 2,
    no_equal: 2,
    bad_dependency: 3,
  });
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  const id = (n: number) => askedTaskId(`beads:p/x-${n}`);
  t.same((await ledger.task('beads:p/x-1'))?.depends_on, [id(2)]);
  t.same((await ledger.task('beads:p/x-2'))?.parent, id(5));
  t.same((await ledger.task('beads:p/x-2'))?.links, [{ kind: 'related', task_id: id(6) }]);
  t.same((await ledger.task('beads:p/x-3'))?.depends_on, [], 'the circle is broken where it closes');
  t.ok(
    entries.some(entry => entry.tasks.length > 1),
    'a parent that waits for its child comes in with it',
  );
});

t.test('doing it again writes nothing, and a stopped import goes on', async t => {
  const lines = jsonl(
    issue('x-1', ties('x-1', ['blocks', 'x-2'])),
    issue('x-2', {
      comments: Array.from({ length: 9 }, (_, n) => ({
        author: 'a',
        text: `${n}`.repeat(50_000),
        created_at: '2026-01-01T00:00:00Z',
      })),
    }),
    issue('x-3'),
  );
  const { entries } = await map(lines);
  t.ok(entries.length > 3, 'notes past the room of one entry have entries of their own');
  const ledger = await new Ledger().take(entries.slice(0, 2));
  await ledger.take(entries);
  t.same(ledger.refused, []);
  t.equal(ledger.written, entries.length);
  t.equal(ledger.same, 2);
  t.equal((await ledger.notes('beads:p/x-2')).length, 9);
  const again = (await map(lines)).entries;
  await ledger.take(again);
  t.equal(ledger.written, entries.length);
  t.equal((await ledger.notes('beads:p/x-2')).length, 9);
});

t.test('later issues may hang on those of an earlier import', async t => {
  const ledger = await new Ledger().take((await map(jsonl(issue('x-1')))).entries);
  const exists = async (id: string) => id === askedTaskId('beads:p/x-1');
  const { entries, report } = await map(jsonl(issue('x-2', ties('x-2', ['blocks', 'x-1']))), { exists });
  await ledger.take(entries);
  t.same(ledger.refused, []);
  t.same(report.mapped.dependencies, { blocks: 1 });
  t.same((await ledger.task('beads:p/x-2'))?.depends_on, [askedTaskId('beads:p/x-1')]);
});

t.test('lines that are no issues are told with their numbers', async t => {
  const lines = ['', '{', '[]', 'null', '"x"', '{"id":7}', '{"id":"../x"}', '{"id":"a b"}', ...jsonl(issue('x-1'))];
  const { entries, report } = await map(lines);
  t.equal(entries.length, 1);
  t.equal(report.lines, 8);
  t.equal(report.skipped.lines, 7);
  const told = report.why.flatMap(({ examples }) => examples.map(({ line }) => line));
  t.same(told, [2, 3, 4, 5, 6, 7, 8]);
  const newer = issue('x-1', { title: 'Newer', updated_at: '2026-02-01T00:00:00Z' });
  const twice = await map(
    jsonl(issue('x-1'), newer, issue('x-1', { title: 'Older', ...ties('x-1', ['blocks', 'x-9']) })),
  );
  t.same(
    twice.entries.map(entry => entry.tasks[0]?.title),
    ['Newer'],
  );
  t.equal(why(twice.report).repeated_id, 2);
  t.same(twice.report.skipped.dependencies, { blocks: 1 });
  await t.rejects(map([], { project: '../p' }), { code: 'BAD_INPUT' });
});

t.test('texts that no field can hold are cut where it shows, mended, and nothing is lost', async t => {
  const long = 'é'.repeat(20_000);
  const { entries, report } = await map(
    jsonl(
      issue('x-1', {
        title: `${'t'.repeat(300)}\u0000\nmore`,
        description: `${long}\n${long}\n${long}`,
        labels: ['l'.repeat(100), 'two\nlines', '', 7],
        priority: 9,
        created_at: 'yesterday',
        created_by: undefined,
        comments: [{ text: 'half \ud800' }, { text: '' }, null],
        close_reason: 'x'.repeat(70_000),
        acceptance_criteria: 'c'.repeat(40_000),
        custom: { deep: ['\u0000'] },
      }),
    ).map(line => line.replace('"Issue', '"\\ud800Issue')),
  );
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  const task = (await ledger.task('beads:p/x-1'))!;
  t.equal([...task.title].length, 181);
  t.match(task, { priority: 4, created_by: 'unknown', created_at: '2026-01-06T10:00:00.000Z' });
  const notes = await ledger.notes('beads:p/x-1');
  const whole = [task.description, ...notes.map(({ text }) => text)].join('');
  t.equal(whole.split('é').length - 1, 60_000);
  t.equal(whole.split('x').length - 1 >= 70_000, true);
  t.equal(whole.split('c').length - 1 >= 40_000, true);
  t.ok(whole.includes('t'.repeat(300)));
  t.ok(notes.some(({ text }) => text === 'half \ufffd'));
  t.notOk(JSON.stringify([task, notes]).includes('\\u0000'));
  t.match(why(report), { title: 1, mended: 1, priority: 1, time: 1, person: 1, list: 2, fields: 1 });
});

t.test('chains deeper and circles larger than a ledger takes are told, not refused', async t => {
  const deep = Array.from({ length: 80 }, (_, n) =>
    issue(`d-${n}`, n === 0 ? {} : ties(`d-${n}`, ['parent-child', `d-${n - 1}`])),
  );
  const wide = Array.from({ length: 150 }, (_, n) =>
    issue(
      `w-${n}`,
      n === 0
        ? ties('w-0', ...range(1, 150).map((m): [string, string] => ['blocks', `w-${m}`]))
        : ties(`w-${n}`, ['parent-child', 'w-0']),
    ),
  );
  const all = jsonl(...deep, ...wide);
  const { entries, report } = await map(all);
  t.equal(why(report).depth, 1);
  t.equal(why(report).entangled, 149);
  t.equal(sum(report.mapped.dependencies) + sum(report.skipped.dependencies), 79 + 149 + 149);
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.equal((await ledger.task('beads:p/w-0'))?.depends_on.length, 149);
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
