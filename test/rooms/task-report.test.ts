import t from 'tap';
import { historyPort } from '../../src/rooms/logbook/ports.ts';
import { outFile } from '../../src/rooms/out.ts';
import { planHash, planRecord, questionRecord, questionsHash, verdictRecord } from '../../src/rooms/plans/record.ts';
import { PARTS } from '../../src/rooms/releases/parts/index.ts';
import { taskIndex } from '../../src/rooms/tasks/ports.ts';
import { SECTIONS } from '../../src/rooms/tasks/report/index.ts';
import { checkRecord, validationRecord, waiverRecord } from '../../src/rooms/validation/record.ts';
import { logRecord, todoRecord } from '../../src/rooms/work/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const AT = '2026-03-02T09:00:00.000Z';
const BY = { by: 'ada', at: AT };

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  const rows = [
    {
      entry: '',
      oid: 'c'.repeat(40),
      at: AT,
      actor: 'ada',
      run: '',
      op: 'task.create',
      says: 'created it',
      records: [],
    },
  ];
  const ports = {
    [historyPort.name]: { entries: async () => ({ rows: [...rows], total: 101 }) },
    [taskIndex.name]: {
      query: async () => ({ rows: [{ id: 't-0000000001', title: 'A child', status: 'open' }], total: 3 }),
    },
  };
  // biome-ignore lint/suspicious/noExplicitAny: an answer
  const report = (task_id: string, input: object = {}, more: object = {}): Promise<any> =>
    office.asks('task.report', { task_id, ...input }, ada, { ...ports, ...more });
  return { office, report };
}

t.test('a report tells all of one task, a section a kind of thing, and nothing of what is not there', async t => {
  const { office, report } = await begin();
  const plain = await office.creates({ title: 'Plain' });
  const few = await report(plain, { format: 'json' });
  t.same(Object.keys(few.report), ['task', 'links', 'timeline']);

  const other = await office.creates({ title: 'Other' });
  const id = await office.creates({
    title: 'Wire _the_ sweeper',
    description: 'First line\n\n<script>alert(1)</script>',
    labels: ['ops'],
    depends_on: [other],
    acceptance_criteria: [{ text: 'sweeps' }, { text: 'is fast', check: 'npm run fast' }],
    reviewer: 'bob',
  });
  await office.does('task.note', { task_id: id, kind: 'comment', text: 'Seen\n# not a heading' }, bob);
  await office.does('task.code_ref', { task_id: id, ref_type: 'file', name: 'src/sweep.ts:1-9' });
  await office.does('attach.add', { task_id: id, name: 'log.txt', url: 'https://x.test/log', sha256: 'a'.repeat(64) });
  await office.does('decision.log', { title: 'Clock', choice: 'UTC', rationale: 'zones', paths: ['src/**'] });
  await office.does('handoff.create', { kind: 'question', to: ['bob'], title: 'Which clock?', task_id: id });
  const plan = {
    version: 1,
    goal: 'Sweep',
    criteria: [],
    todos: [],
    files: ['src/sweep.ts'],
    test_commands: ['npm test'],
    expected_outputs: [],
    ...BY,
  };
  const verdict = {
    version: 1,
    plan_sha256: planHash(plan),
    questions_sha256: questionsHash([]),
    decision: 'accept' as const,
    note: 'Good',
  };
  const empty = { commits_sha256: 'b'.repeat(64), criteria_sha256: 'b'.repeat(64) };
  office.state.apply([
    planRecord.put('v1', plan, id),
    verdictRecord.put('y-0000000001', { ...verdict, ...BY, by: 'eve' }, id),
    questionRecord.put(
      'q1',
      { text: 'Which?', required: true, status: 'answered', answer: 'This one', answered_by: 'eve', ...BY },
      id,
    ),
    todoRecord.put(
      'todo-10',
      { text: 'Last', status: 'skipped', reason: 'not needed', updated_by: 'ada', updated_at: AT, ...BY },
      id,
    ),
    todoRecord.put(
      'todo-2',
      { text: 'First', status: 'done', evidence: { commit: 'd'.repeat(40) }, updated_by: 'ada', updated_at: AT, ...BY },
      id,
    ),
    logRecord.put(
      'l-0000000001',
      { kind: 'change', text: 'Swept', paths: [{ path: 'src/sweep.ts', change: 'M' }], ...BY },
      id,
    ),
    logRecord.put('l-0000000002', { kind: 'command', text: 'Tests', command: 'npm test', exit_code: 1, ...BY }, id),
    checkRecord.put(
      'e-0000000001',
      {
        round: 1,
        criterion: 'c1',
        criterion_sha256: 'b'.repeat(64),
        commits_sha256: 'b'.repeat(64),
        result: 'fail',
        text: 'It sleeps',
        ...BY,
        by: 'bob',
      },
      id,
    ),
    validationRecord.put('r1', { result: 'failed', summary: 'Not yet', ...empty, ...BY, by: 'bob' }, id),
    waiverRecord.put('u-0000000001', { criterion: 'c2', reason: 'no time', ...BY, by: 'eve' }, id),
  ]);
  const { report: data } = await report(id, { format: 'json' });
  t.match(data, {
    task: { id, title: 'Wire _the_ sweeper', reviewer: 'bob' },
    criteria: {
      items: [
        { id: 'c1', met: false },
        { id: 'c2', check: 'npm run fast' },
      ],
    },
    waivers: { items: [{ criterion: 'c2', by: 'eve' }] },
    plan: { plan: { version: 1 }, versions: 1 },
    questions: { items: [{ id: 'q1', answer: 'This one' }] },
    todos: { items: [{ id: 'todo-2' }, { id: 'todo-10' }] },
    work: { items: [{ kind: 'change' }, { kind: 'command' }] },
    validation: { rounds: { items: [{ result: 'failed' }] }, checks: { items: [{ criterion: 'c1' }] } },
    links: { items: [{ how: 'waits for', id: other, title: 'Other' }, { how: 'child' }], left_out: 2 },
    notes: { items: [{ by: 'bob' }] },
    code: { items: [{ ref_type: 'file' }] },
    attachments: { items: [{ name: 'log.txt' }] },
    decisions: { rulings: [{ says: /Clock/ }] },
    handoffs: { items: [{ kind: 'question', to: ['bob'] }] },
    timeline: { items: [{ says: 'created it' }], left_out: 100 },
  });
  const { markdown } = await report(id);
  t.equal((await report(id)).markdown, markdown);
  const headings = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  const titles = SECTIONS.map(({ title }) => title).filter(title => title !== undefined);
  t.same(
    headings,
    titles.filter(title => !['Checks that ran', 'Recorded afterwards'].includes(title)),
    'in this order',
  );
  for (const line of [
    '# Wire \\_the\\_ sweeper',
    '> \\<script>alert(1)\\</script>',
    '- [ ] c2 is fast, checked by `npm run fast`',
    '- 2026-03-02 09:00 UTC eve: c2 need not be met, no time',
    '- v1 accepted by eve: Good',
    '- [x] todo-2 First, shown by commit `dddddddddddd`, ada',
    '- [ ] todo-10 Last (skipped: not needed), ada',
    '- 2026-03-02 09:00 UTC ada, command: Tests (`npm test` ended with 1)',
    '- 2026-03-02 09:00 UTC bob: failed, Not yet',
    '  > # not a heading',
    '- 2026-03-02 09:00 UTC ada created it',
  ])
    t.ok(markdown.split('\n').includes(line), line);

  const task = await office.task(id);
  const told: Record<string, string[]> = {};
  for (const { key, read, lines } of PARTS) {
    const found = await read(office.view, id, task);
    if (found !== undefined) told[key] = lines(found);
  }
  t.match(
    told,
    {
      work: ['change: Swept (M `src/sweep.ts`)'],
      validation: ['validation failed: Not yet (bob)', 'waived c2: no time (eve)'],
    },
    'and what of it a changelog tells',
  );
});

t.test('a report is bounded, and can be put into a file', async t => {
  const { office, report } = await begin();
  const id = await office.creates();
  for (let n = 0; n < 102; n++)
    await office.does('task.note', { task_id: id, text: `${n} ${'n'.repeat(n === 101 ? 9_000 : 1)}` });
  const { report: data } = await report(id, { format: 'json' });
  t.equal(data.notes.items.length, 100);
  t.equal(data.notes.left_out, 2);
  t.match(data.notes.items[0].text, /^2 /, 'the newest are told');
  t.ok(data.notes.items[99].text.length < 4_100, 'long texts are cut');
  const written: unknown[] = [];
  const write = (...given: unknown[]) => written.push(given) && 'unchanged';
  const answer = await report(id, { output: 'r.md', replace: true }, { [outFile.name]: { write } });
  t.same(answer, { task_id: id, output: 'r.md', unchanged: true });
  t.match(written, [['r.md', /^# Wire the sweeper/, true]]);
  await t.rejects(report('t-0000000000'), { code: 'NOT_FOUND' });
});
