import t from 'tap';
import type { Parts } from '../../src/rooms/plans/fields.ts';
import { lintPlan, type PlanFinding } from '../../src/rooms/plans/findings.ts';
import { readPlan, withAnswers, writePlan } from '../../src/rooms/plans/markdown.ts';
import type { Plan } from '../../src/rooms/plans/record.ts';
import type { Task } from '../../src/rooms/tasks/record.ts';
import { Dice } from '../kernel/dice.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const WHOLE: Parts = {
  goal: 'Sweep every minute\n\nand say so',
  body: 'First the timer.\n\n## Risks\n\n- the clock',
  acceptance_criteria: [{ text: 'tests pass', check: 'npm test' }, { text: 'documented' }],
  todos: [
    { text: 'Wire the timer\ninto the sweeper', hint: 'its test passes\nand is quick' },
    { text: 'Write the page', optional: true },
  ],
  files: ['src/sweep/**', 'docs/SWEEP.md'],
  test_commands: ['npm test', "echo 'a `tick`'"],
  expected_outputs: ['all passed'],
};

const read = (file: string): Parts => {
  const found = readPlan(file);
  if ('problem' in found) throw new Error(found.problem);
  return found.parts;
};

t.test('a plan that is written as a file is read back as it was', async t => {
  const file = writePlan('Plan for t-1: Sweep', WHOLE);
  t.same(read(file), WHOLE);
  for (const heading of ['Goal', 'Criteria', 'Todos', 'Files', 'Test commands', 'Expected outputs'])
    t.match(file, `\n## ${heading}\n`);
  t.same(read(file.replace(/\n/g, '\r\n')), WHOLE, 'with the line ends of Windows');
});

t.test('texts that look like the marks of the file are read back as texts', async t => {
  const pieces = [
    '## Goal',
    '# x',
    '\\## Todos',
    '## Notes',
    '- item',
    'check: x',
    'hint: y',
    '(optional) z',
    '[ ] w',
    'plain',
    '\\hint: q',
  ];
  const dice = new Dice(7);
  const some = (): string =>
    Array.from({ length: 1 + dice.below(3) }, () => pieces[dice.below(pieces.length)]!).join('\n');
  for (let round = 0; round < 200; round++) {
    const parts: Parts = {
      goal: some(),
      body: some(),
      acceptance_criteria: [{ text: some() }, { text: some(), check: 'npm test' }],
      todos: [
        { text: some(), hint: some() },
        { text: some(), optional: true },
      ],
      files: ['a/b'],
      test_commands: ['npm test'],
      expected_outputs: [some()],
    };
    t.same(read(writePlan('Plan', parts)), parts, JSON.stringify(parts));
  }
});

t.test('a file may be written by hand', async t => {
  const file = [
    'Why we do this.',
    '# My plan',
    '## goal:',
    'Sweep',
    '## Acceptance criteria ##',
    '* it sweeps',
    '1. tests pass',
    '   check: npm test',
    '## TODO',
    '- [ ] Wire it',
    '- [x] Test it',
    '## Files',
    '- src/a.ts',
    '- `src/b.ts`',
    '## Open ends',
    'None.',
  ].join('\n');
  t.same(read(file), {
    goal: 'Sweep',
    body: 'Why we do this.\n## Open ends\nNone.',
    acceptance_criteria: [{ text: 'it sweeps' }, { text: 'tests pass', check: 'npm test' }],
    todos: [{ text: 'Wire it' }, { text: 'Test it' }],
    files: ['src/a.ts', 'src/b.ts'],
  });
  t.match(readPlan('nothing'), { problem: /none of the headings of a plan/ });
  t.match(readPlan('## Goal\nx\n## Goal\ny'), { problem: /heading Goal twice/ });
  t.match(readPlan('## Todos\nfirst this'), { problem: /under Todos what is no item of a list: first this/ });
});

t.test('answers stand in the body once, however often they are taken in', async t => {
  const once = withAnswers('Notes.\n\n## Risks\nnone', ['- q1 Which?', '  → UTC'])!;
  t.equal(once, 'Notes.\n\n## Risks\nnone\n\n## Questions and answers\n\n- q1 Which?\n  → UTC');
  t.equal(withAnswers(once, ['- q1 Which?', '  → UTC']), once);
  t.equal(withAnswers(once, []), 'Notes.\n\n## Risks\nnone');
  t.equal(withAnswers(undefined, []), undefined);
});

const GOOD: Plan = {
  version: 1,
  goal: 'Sweep every minute',
  criteria: [{ text: 'tests pass' }],
  todos: [{ text: 'Wire the timer into the sweeper', hint: 'its test passes' }],
  files: ['src/sweep/**'],
  test_commands: ['npm test'],
  expected_outputs: [],
  by: 'ada',
  at: '2026-03-02T09:00:00.000Z',
};
const TASK = { criteria: [] } as unknown as Task;
const found = (patch: Partial<Plan>, more: Parameters<typeof lintPlan>[3] = []): string[] =>
  lintPlan('t-1', { ...GOOD, ...patch }, TASK, more).map(({ code, severity, where }) => `${severity} ${code} ${where}`);
const todos = (...texts: string[]) => ({ todos: texts.map(text => ({ text, hint: 'seen' })) });

t.test(
  'lint names what is missing as errors and what is vague as warnings, each with where and what to run',
  async t => {
    t.same(found({}), []);
    t.same(found({ goal: 'TBD' }), ['error missing_goal goal']);
    t.same(found({ goal: '<what shall be so>' }), ['error missing_goal goal']);
    t.same(found({ criteria: [] }), ['error missing_criteria criteria']);
    t.same(found({ todos: [] }), ['error missing_todos todos']);
    t.same(found(todos('Wire the timer in', '…')), ['error placeholder todos[2]']);
    t.same(found({ goal: 'Sweep every minute, TODO: which clock' }), ['warning placeholder goal']);
    t.same(found({ body: 'Use <the clock of the day>.' }), ['warning placeholder body']);
    t.same(found({ body: 'A Map<string> and <div> are code.' }), []);
    t.same(found(todos('Fix it')), ['warning vague_todo todos[1]']);
    t.same(found(todos('Refactor the parser')), ['warning vague_todo todos[1]']);
    t.same(found(todos('Rename the flags etc')), ['warning vague_todo todos[1]']);
    t.same(found(todos('Fix the parser of durations so that 90m is read')), []);
    t.same(found(todos('Wire the timer in', 'Wire the timer in')), ['warning duplicate_todo todos[2]']);
    t.same(found({ todos: [{ text: 'Wire the timer in' }] }), ['warning missing_hint todos[1]']);
    t.same(found({ files: [], test_commands: [] }), [
      'warning missing_files files',
      'warning missing_commands test_commands',
    ]);
    const question = { text: 'Which clock?', status: 'open' as const, required: true, by: 'ada', at: GOOD.at };
    t.same(found({}, [{ id: 'q1', record: question }]), ['error open_question q1']);
    const every = lintPlan(
      't-1',
      { ...GOOD, goal: 'TBD', criteria: [], todos: [], files: [], test_commands: [] },
      TASK,
      [],
    );
    t.ok(every.every(({ next }: PlanFinding) => /^ledgenter \w+ \w+ t-1/.test(next)));
  },
);

const PLAN = { goal: 'Sweep', acceptance_criteria: [{ text: 'it sweeps' }], todos: [{ text: 'Wire the timer in' }] };

async function begin() {
  const office = new TestOffice();
  const id = await office.creates({ description: 'Nobody sweeps.', acceptance_criteria: [{ text: 'clean' }] }, eve);
  return { office, id };
}

t.test('plan.lint: warnings are findings only when asked to be strict', async t => {
  const { office, id } = await begin();
  t.match(await office.asks('plan.lint', { task_id: id }).catch(error => error), {
    code: 'NOT_FOUND',
    hint: `ledgenter plan template ${id}`,
  });
  await office.does('plan.propose', { task_id: id, ...PLAN });
  const plain = await office.asks('plan.lint', { task_id: id });
  t.match(plain, { findings: [], warnings: [{ code: 'missing_hint' }, {}, {}], hints: { next: /plan review/ } });
  const strict = await office.asks('plan.lint', { task_id: id, strict: true });
  t.equal((strict.findings as unknown[]).length, 3);
  t.notOk('warnings' in strict);
});

t.test('a template begins with what the task says, and the next one with what the plan says', async t => {
  const { office, id } = await begin();
  const first = String((await office.asks('plan.template', { task_id: id })).markdown);
  t.match(first, `# Plan for ${id}: Wire the sweeper\n`);
  const parts = read(first);
  t.same(parts.acceptance_criteria, [{ text: 'clean' }]);
  t.equal(parts.goal, 'Wire the sweeper\n\nNobody sweeps.');
  t.same(parts.todos, [], 'placeholders are no todos');
  t.match(first, '- <step>\n  hint: <how to see that it is done>');
  await office.does('plan.propose', { task_id: id, file: first.replace('<step>', 'Wire the timer in') });
  const { plan } = (await office.asks('plan.get', { task_id: id })) as { plan: Record<string, unknown> };
  t.match(plan, { version: 1, goal: parts.goal, todos: [{ text: 'Wire the timer in' }] });
  const next = await office.asks('plan.template', { task_id: id });
  t.match(await office.outcome('plan.propose', { task_id: id, file: next.markdown }, bob), { kind: 'same' });
});

t.test('a plan is made anew from the answers, and says on which it rests', async t => {
  const { office, id } = await begin();
  await office.does('question.ask', { task_id: id, questions: ['Which clock?', 'How long?'] });
  await office.does('question.answer', { task_id: id, answers: ['q1: UTC.'] }, bob);
  await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  await office.does('plan.propose', { task_id: id, from_answers: true, test_commands: ['npm test'] }, ada);
  const body = '## Questions and answers\n\n- q1 Which clock?\n  → UTC.';
  t.match(await office.asks('plan.get', { task_id: id }), {
    plan: { version: 2, goal: 'Sweep', test_commands: ['npm test'], body, todos: PLAN.todos },
  });
  t.match((await office.asks('plan.diff', { task_id: id })).differences, [
    { part: 'body', change: 'added' },
    { part: 'test_commands', change: 'added', is: 'npm test' },
  ]);
  await office.does('question.answer', { task_id: id, answers: ['q2: 30 days.'] }, bob);
  const { markdown } = await office.asks('plan.template', { task_id: id, from_answers: true });
  t.match(markdown, '- q1 Which clock?\n  → UTC.\n- q2 How long?\n  → 30 days.');
  t.same(String(markdown).match(/Questions and answers/g)?.length, 1);
});

t.test('the review sheet shows what is accepted, against what, and the commands with its hash', async t => {
  const { office, id } = await begin();
  await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  await office.does('plan.accept', { task_id: id, note: 'Good.' }, eve);
  await office.does(
    'plan.propose',
    { task_id: id, ...PLAN, todos: [{ text: 'Use the timer of the host', hint: 'seen' }] },
    bob,
  );
  await office.does('question.ask', { task_id: id, questions: ['Which clock?'], required: true }, bob);
  const open = await office.asks('plan.review', { task_id: id });
  t.match(open, {
    findings: [{ code: 'open_question' }, {}, {}],
    hints: { next: /question answer/, reject: undefined },
  });
  await office.does('question.answer', { task_id: id, answers: ['q1: UTC.'] }, eve);
  const { plan, hints, ...sheet } = (await office.asks('plan.review', { task_id: id })) as Record<
    string,
    Record<string, string>
  >;
  t.match(sheet, {
    compared_to: 1,
    differences: [
      { part: 'todos', change: 'removed', was: 'Wire the timer in' },
      { part: 'todos', change: 'added', is: 'Use the timer of the host\nhint: seen' },
    ],
    questions: [{ id: 'q1', answer: 'UTC.', answered_by: 'eve' }],
  });
  t.equal(hints!.next, `ledgenter plan accept ${id} --version 2 --sha256 ${plan!.sha256} --note '<why it is good>'`);
  await office.does('plan.reject', { task_id: id, reason: 'Which host?' }, bob);
  t.match(await office.asks('plan.review', { task_id: id }), {
    plan: { state: 'rejected' },
    hints: { next: `ledgenter plan template ${id}`, accept: /^ledgenter plan accept/ },
  });
  await office.does('plan.accept', { task_id: id, version: 2, sha256: plan!.sha256, note: 'Good.' }, eve);
  t.match(await office.asks('plan.review', { task_id: id }), { hints: { next: `ledgenter task get ${id}` } });
});

t.test('a file that is no plan, or says too much, is refused in words', async t => {
  const { office, id } = await begin();
  const refused = async (file: string) =>
    (await office.outcome('plan.propose', { task_id: id, file }, ada).catch(error => error)).message;
  t.equal(await refused('Just words'), 'the file has none of the headings of a plan (## Goal, ## Criteria, ## Todos)');
  t.match(await refused(`## Goal\nx\n## Files\n- ../elsewhere`), /the file: files\.0 is no path inside the repository/);
  t.match(await refused(`## Goal\nx\n## Criteria\n- y\n  check: a && b`), /acceptance_criteria\.0\.check has &&/);
  t.equal(await refused(`## Goal\nx\n## Todos\n${'- y\n'.repeat(101)}`), 'the file: todos has more than 100 items');
  const { message } = await office.refusal('plan.propose', { task_id: id, file: '## Todos\n- Wire it' });
  t.equal(message, 'a plan says its goal');
});
