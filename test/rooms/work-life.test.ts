import t from 'tap';
import { todoRecord } from '../../src/rooms/work/record.ts';
import { ada, bob, eve, person, TestOffice } from './office.ts';

const COMMIT = 'a1'.repeat(20);
const vera = person('vera');
const PLAN = {
  goal: 'It sweeps every minute',
  acceptance_criteria: [{ text: 'it sweeps' }],
  todos: [
    { text: 'Wire the timer into the sweeper', hint: 'npm test sweeper' },
    { text: 'Describe the timer in the docs', hint: 'read the page', optional: true },
  ],
  files: ['src/sweeper.ts'],
  test_commands: ['npm test'],
  expected_outputs: ['all pass'],
};

/** A task whose plan by bob ada accepted, as the policy of its project lets agents. */
async function accepted() {
  const office = new TestOffice();
  const policy = { agents_accept_plans: true, plan_required: true, validation_required: true };
  await office.does('project.create', { project: 'house', title: 'House', policy }, eve);
  const id = await office.creates({ project: 'house' }, eve);
  await office.does('plan.propose', { task_id: id, ...PLAN }, bob);
  await office.does('plan.accept', { task_id: id, note: 'as it stands' }, ada);
  return { office, id, on: (op: string, input: object, who = ada) => office.does(op, { task_id: id, ...input }, who) };
}

t.test('from an accepted plan through a failed validation to done, plan and todos stay', async t => {
  const { office, id, on } = await accepted();
  const todos = async () => (await office.view.all(todoRecord, id)).map(({ record }) => record);
  t.match(await todos(), [
    { text: PLAN.todos[0]!.text, hint: 'npm test sweeper', plan: 1, status: 'open', by: 'ada' },
    { text: PLAN.todos[1]!.text, optional: true, plan: 1, status: 'open' },
  ]);
  await office.does('task.claim', { task_id: id });
  const finish = { task_id: id, summary: 'swept' };
  t.match(await office.refusal('work.finish', finish), { code: 'GATE', message: /todo-1 is open/ });
  t.match(await office.refusal('todo.skip', { task_id: id, todo_id: 'todo-1', reason: 'dull' }), {
    code: 'HUMAN_ONLY',
  });
  await on('todo.skip', { todo_id: 'todo-2', reason: 'there is a page' });
  await on('task.code_ref', { ref_type: 'commit', sha: COMMIT });
  await on('todo.done', { todo_id: 'todo-1', commit: COMMIT });
  t.match(await on('work.finish', finish), { status: 'in_review' });
  await on('validate.finish', { result: 'failed', summary: 'the corner is left out' }, vera);
  t.match(await office.task(id), { status: 'open', assignee: 'ada', plan: { version: 1 } });
  await on('work.restart', { summary: 'the corner too' });
  t.match(await todos(), [{ status: 'done' }, { status: 'skipped' }]);
  t.match(await on('work.finish', finish), { status: 'in_review' });
  await on('validate.check', { criterion: 'c1', result: 'pass', text: 'seen', commit: COMMIT }, vera);
  await on('validate.finish', { result: 'passed', summary: 'swept' }, vera);
  t.match(await office.task(id), { status: 'done' });
});

t.test('a todo that was added as optional does not stand for one that a later plan needs', async t => {
  const { office, id, on } = await accepted();
  await office.does('task.claim', { task_id: id });
  const text = 'Sweep the corner behind the door';
  await on('todo.add', { text, optional: true });
  await on('task.release', {});
  await on('plan.propose', { ...PLAN, todos: [...PLAN.todos, { text, hint: 'look behind the door' }] }, bob);
  await on('plan.accept', { note: 'and the corner' });
  const all = (await office.view.all(todoRecord, id)).map(({ record }) => record).filter(one => one.text === text);
  t.match(all, [
    { optional: true, plan: undefined },
    { optional: undefined, plan: 2, status: 'open' },
  ]);
});
