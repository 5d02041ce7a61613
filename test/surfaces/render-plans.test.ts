import t from 'tap';
import { renderAnswer } from '../../src/surfaces/cli/render/render.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';

const style = { width: Number.POSITIVE_INFINITY, colour: false };
const said = (name: string, answer: Record<string, unknown>): string[] =>
  renderAnswer(OPERATIONS.find(one => one.name === name)!, { ok: true, ...answer }, style).split('\n');
const PLAN = {
  version: 2,
  state: 'proposed',
  sha256: 'a'.repeat(64),
  amends: 1,
  by: 'ada',
  at: 'then',
  goal: 'Sweep\u001b[2J\nevery minute',
  acceptance_criteria: [{ text: 'tests pass', check: 'npm test' }],
  todos: [
    { text: 'Wire the timer\ninto it', hint: 'its test' },
    { text: 'Write the page', optional: true },
  ],
  test_commands: ['npm test'],
};

t.test('a plan is read as a page; what others wrote moves no cursor', async t => {
  t.same(
    said('plan.get', {
      task_id: 't-1',
      plan: PLAN,
      verdicts: [{ decision: 'reject', by: 'eve', at: 'now', note: 'no\nway' }],
    }),
    [
      'plan v2 of t-1: proposed',
      '  by ada, then, amends v1',
      `  sha256 ${'a'.repeat(64)}`,
      '  rejected by eve, now: no ⏎ way',
      '',
      'Goal',
      '  Sweep␛[2J',
      '  every minute',
      '',
      'Criteria',
      '  - tests pass',
      '    check: npm test',
      '',
      'Todos',
      '  1. Wire the timer',
      '    into it',
      '    hint: its test',
      '  2. (optional) Write the page',
      '',
      'Test commands',
      '  - npm test',
      '',
    ],
  );
});

t.test('findings, differences and questions are told in lines', async t => {
  const finding = {
    code: 'missing_todos',
    severity: 'error',
    where: 'todos',
    message: 'the plan has no todo',
    next: 'do it',
  };
  t.same(said('plan.lint', { task_id: 't-1', version: 1, findings: [finding] }).slice(1, 3), [
    '  error  todos: the plan has no todo',
    '    do it',
  ]);
  t.match(said('plan.lint', { task_id: 't-1', version: 1, findings: [] })[1], 'nothing keeps it from being accepted');
  const differences = [
    { part: 'test_commands', change: 'removed', was: 'make' },
    { part: 'test_commands', change: 'added', is: 'npm test' },
  ];
  t.same(said('plan.diff', { task_id: 't-1', from: 1, to: 2, differences }).slice(0, 4), [
    'v1 → v2 of t-1',
    '  test commands',
    '    - make',
    '    + npm test',
  ]);
  t.match(said('plan.diff', { task_id: 't-1', from: 1, to: 2, differences: [] })[1], 'they say the same');
  const question = {
    id: 'q1',
    status: 'answered',
    required: true,
    text: 'Which clock?',
    answer: 'UTC',
    answered_by: 'eve',
  };
  t.same(said('question.answer', { task_id: 't-1', questions: [question], plan_stale: true }).slice(0, 3), [
    '  q1 (answered) Which clock?',
    '     answer by eve: UTC',
    'the plan is from before that: accept it again, or amend it',
  ]);
});

t.test('a template is printed alone, so that it can be sent to a file', async t => {
  t.same(said('plan.template', { markdown: '# Plan\n\n## Goal\n' }), ['# Plan', '', '## Goal', '']);
});
