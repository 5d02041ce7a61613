import t from 'tap';
import { instant } from '../../src/kernel/time.ts';
import { type Plan, planHash, planKey, planRecord } from '../../src/rooms/plans/record.ts';
import { attachmentRecord, noteRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import { roundKey, validationRecord } from '../../src/rooms/validation/record.ts';
import { logRecord, type Todo, todoRecord } from '../../src/rooms/work/record.ts';
import { ada, bob, eve, HOUR, type Person, TestOffice } from './office.ts';

const COMMIT = 'a1'.repeat(20);

/** A task that ada holds, with a commit and todos by hand. */
async function begin(todos: string[] = ['sweep', 'document'], fields: object = {}) {
  const office = new TestOffice();
  const id = await office.creates(fields, eve);
  await office.does('task.claim', { task_id: id });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: COMMIT });
  for (const text of todos) await office.does('todo.add', { task_id: id, text });
  const on = (op: string, input: object, who: Person = ada) => office.does(op, { task_id: id, ...input }, who);
  const refused = (op: string, input: object, who: Person = ada, turn = {}) =>
    office.refusal(op, { task_id: id, ...input }, who, turn);
  const todo = async (name = 'todo-1') => (await office.view.get(todoRecord, name, id)) as Todo;
  const command = (exit_code: number | null, more: object = {}) =>
    on('work.command', {
      text: 'npm test',
      command: 'npm test',
      exit_code,
      duration_ms: 5,
      clean: true,
      output_sha256: 'c'.repeat(64),
      ...more,
    });
  return { office, id, on, refused, todo, command };
}

/** Todos as an accepted plan leaves them. */
async function planned(office: TestOffice, id: string) {
  const at = instant(office.now);
  const plan: Plan = {
    version: 1,
    goal: 'A swept house',
    criteria: [],
    todos: [{ text: 'sweep' }, { text: 'polish', optional: true }],
    files: [],
    test_commands: [],
    expected_outputs: [],
    by: 'bob',
    at,
  };
  const made = { plan: 1, status: 'open' as const, by: 'eve', at, updated_by: 'eve', updated_at: at };
  const task = await office.task(id);
  office.state.apply([
    planRecord.put(planKey(1), plan, id),
    taskRecord.put(id, { ...task, plan: { version: 1, sha256: planHash(plan) }, todos_made: 2 }),
    todoRecord.put('todo-1', { text: 'sweep', ...made }, id),
    todoRecord.put('todo-2', { text: 'polish', optional: true, ...made }, id),
  ]);
}

t.test('a todo is done only by what shows it: a commit, a command that passed, a file, the work log', async t => {
  const { office, id, on, refused, todo, command } = await begin();
  const one = { todo_id: 'todo-1' };
  const run = `ledgenter work run ${id} --todo-id todo-1 --command '<command>'`;
  t.match(await refused('todo.done', { ...one, text: 'I did it' }), {
    code: 'GATE',
    message: /not by words/,
    hint: `ledgenter todo done ${id} --todo-id todo-1 --commit ${COMMIT}`,
  });
  t.match(await refused('todo.done', one), { code: 'GATE' }, 'nothing at all');
  t.match(await refused('todo.done', { ...one, commit: 'b2'.repeat(20) }), {
    code: 'GATE',
    message: /is no live commit/,
    hint: /task code-ref/,
  });
  t.match(await refused('todo.done', { ...one, log_id: 'l-0000000000' }), { code: 'REFUSED', hint: /work query/ });
  t.match(await refused('todo.done', { ...one, attachment_id: 'f-0000000000' }), { code: 'REFUSED' });
  const said = await on('work.log', { kind: 'progress', text: 'half way' });
  t.match(await refused('todo.done', { ...one, log_id: said.log_id }), { code: 'GATE', message: /shows nothing/ });
  const failed = await command(1);
  t.match(await refused('todo.done', { ...one, log_id: failed.log_id }), {
    code: 'GATE',
    message: /failed: exit code 1/,
    hint: run,
  });
  const killed = await command(null);
  t.match(await refused('todo.done', { ...one, log_id: killed.log_id }), { code: 'GATE', message: /was ended/ });
  t.match(await todo(), { status: 'open', evidence: undefined }, 'and it is open still');

  await on('todo.done', { ...one, commit: COMMIT.slice(0, 9), text: 'see the commit' });
  t.match(await todo(), {
    status: 'done',
    evidence: { commit: COMMIT, text: 'see the commit' },
    updated_by: 'ada',
  });
  const passed = await command(0);
  await on('todo.done', { todo_id: 'todo-2', log_id: passed.log_id });
  const more = ['artifact', 'change', 'attached'];
  for (const text of more) await on('todo.add', { text });
  const artifact = await on('work.log', { kind: 'artifact', text: 'the report', url: 'https://x.test/report' });
  await on('todo.done', { todo_id: 'todo-3', log_id: artifact.log_id });
  const change = await on('work.log', { kind: 'change', text: 'swept', path: ['src/sweep.ts'] });
  await on('todo.done', { todo_id: 'todo-4', log_id: change.log_id });
  await on('attach.add', { name: 'log.txt', content: 'all green' });
  const [attachment_id] = await office.view.ids(attachmentRecord, id);
  await on('todo.done', { todo_id: 'todo-5', attachment_id });
  t.match(await office.asks('todo.query', { task_id: id }), { progress: { total: 5, done: 5, needed: 0 } });
});

t.test('a todo whose last recorded command failed is not done, whatever else is shown', async t => {
  const { refused, on, command, id } = await begin();
  await command(0, { todo_id: 'todo-1' });
  await command(2, { todo_id: 'todo-1' });
  const done = { todo_id: 'todo-1', commit: COMMIT };
  t.match(await refused('todo.done', done), {
    code: 'GATE',
    message: /the command recorded last for it \(l-\w+\) failed: exit code 2/,
    hint: `ledgenter work run ${id} --todo-id todo-1 --command '<command>'`,
  });
  await on('todo.done', { todo_id: 'todo-2', commit: COMMIT });
  await command(0, { todo_id: 'todo-1' });
  await on('todo.done', done);
});

t.test('words alone show that a todo is done only where the policy takes them', async t => {
  const { office, id, on, todo } = await begin();
  await office.does('task.release', { task_id: id });
  await office.does('project.create', { project: 'house', title: 'House', policy: { text_evidence: true } }, eve);
  await office.does('task.update', { task_id: id, project: 'house' }, eve);
  await office.does('task.claim', { task_id: id });
  await on('todo.done', { todo_id: 'todo-1', text: 'looked at it' });
  t.match(await todo(), { status: 'done', evidence: { text: 'looked at it' } });
});

t.test('only the holder does the todos of a task; while nobody holds it, a person', async t => {
  const { office, id, on, refused, command } = await begin();
  t.match(await refused('todo.done', { todo_id: 'todo-1', text: 'x' }, bob), { code: 'NOT_HOLDER' }, 'before all else');
  const calls: [string, object][] = [
    ['todo.add', { text: 'more' }],
    ['todo.done', { todo_id: 'todo-1', commit: COMMIT }],
    ['todo.skip', { todo_id: 'todo-1', reason: 'no' }],
    ['todo.block', { todo_id: 'todo-1', reason: 'no' }],
    ['work.log', { kind: 'progress', text: 'half way' }],
    ['work.finish', { summary: 'all' }],
  ];
  for (const [op, input] of calls)
    for (const who of [bob, eve]) t.match(await refused(op, input, who), { code: 'NOT_HOLDER', law: 'hold' }, op);
  await on('task.release', {});
  for (const [op, input] of calls.slice(0, -1))
    t.match(await refused(op, input, bob), { code: 'NOT_HOLDER', hint: `ledgenter task claim ${id}` }, op);
  await t.rejects(command(0), { code: 'NOT_HOLDER' });
  await on('todo.done', { todo_id: 'todo-1', commit: COMMIT }, eve);
  await on('todo.skip', { todo_id: 'todo-2', reason: 'the house is small' }, eve);
  await office.does('task.claim', { task_id: id });
  await on('work.finish', { summary: 'swept' });
  for (const [op, input] of [...calls, ['todo.open', { todo_id: 'todo-1' }] as const])
    t.match(await refused(op, input, eve), { code: 'REFUSED', message: /is done/ }, `${op} on a done task`);
});

t.test('todos are blocked, skipped and opened again with their reasons', async t => {
  const { on, refused, todo, office, id } = await begin(['sweep', 'polish']);
  await on('todo.block', { todo_id: 'todo-1', reason: 'no broom' });
  t.match(await todo(), { status: 'blocked', reason: 'no broom' });
  t.match(await refused('work.finish', { summary: 'x' }), { code: 'GATE', message: /todo-1 is blocked/ });
  t.match(await office.asks('todo.next', { task_id: id }), {
    todo: { id: 'todo-2' },
    blocked: [{ id: 'todo-1', reason: 'no broom' }],
    progress: { open: 1, blocked: 1, needed: 2 },
  });
  await on('todo.skip', { todo_id: 'todo-2', reason: 'it shines' });
  t.match(await office.asks('todo.next', { task_id: id }), {
    todo: undefined,
    hints: { next: `ledgenter todo open ${id} --todo-id todo-1` },
  });
  await on('todo.open', { todo_id: 'todo-1' });
  t.same((await todo()).reason, undefined);
  t.equal((await on('todo.open', { todo_id: 'todo-1' })).todo_id, 'todo-1', 'it is open already');
  await on('todo.done', { todo_id: 'todo-1', commit: COMMIT });
  await on('todo.open', { todo_id: 'todo-1' });
  t.match(await todo(), { status: 'open', evidence: undefined });
  t.match(await refused('todo.open', { todo_id: 'todo-9' }), {
    code: 'NOT_FOUND',
    message: /it has todo-1, todo-2/,
    hint: `ledgenter todo query ${id}`,
  });
});

t.test('a required todo of the accepted plan is skipped by a person alone', async t => {
  const { office, id, on, refused } = await begin([]);
  await planned(office, id);
  const skip = { todo_id: 'todo-1', reason: 'dull' };
  t.match(await refused('todo.skip', skip), { code: 'HUMAN_ONLY', law: 'human-only' });
  await on('todo.skip', { todo_id: 'todo-2', reason: 'it is optional' });
  await on('task.release', {});
  await on('todo.skip', skip, eve);
  await office.does('task.claim', { task_id: id });
  const shown = await office.shows('work.finish', { task_id: id, status: 'in_review' }, {});
  t.match(shown.skipped, [{ id: 'todo-1', reason: 'dull', updated_by: 'eve' }], 'the finish tells of it');
});

t.test('work is finished when no needed todo is left: in review where somebody looks at it, else done', async t => {
  const { office, id, on, refused } = await begin();
  t.match(await refused('work.finish', { summary: 'swept' }), {
    code: 'GATE',
    message: /todo-1 is open \(and 1 more\)/,
    hint: `ledgenter todo next ${id}`,
  });
  t.match(await refused('task.update', { status: 'in_review' }), { code: 'GATE' }, 'nor another way');
  await on('todo.done', { todo_id: 'todo-1', commit: COMMIT });
  await on('todo.skip', { todo_id: 'todo-2', reason: 'no' });
  await on('todo.add', { text: 'shine', optional: true });
  t.match(await on('work.finish', { summary: 'swept' }), { status: 'done' });
  t.match(await office.task(id), { status: 'done', hold: undefined, assignee: 'ada' });
  const notes = await office.view.all(noteRecord, id);
  t.match(
    notes.map(({ record }) => record),
    [{ kind: 'resolution', text: 'swept' }],
  );

  const validated = await begin([], { validation_required: true });
  t.match(await validated.on('work.finish', { summary: 'swept' }), { status: 'in_review' });
  t.match(await validated.office.task(validated.id), { status: 'in_review', hold: undefined, assignee: 'ada' });
  const reviewed = await begin([], { reviewer: 'bob' });
  t.match(await reviewed.on('work.finish', { summary: 'swept' }), { status: 'in_review' });
  t.match(await reviewed.office.task(reviewed.id), { status: 'in_review', review: /^h-/ });

  const gated = await begin([], { acceptance_criteria: [{ text: 'it shines' }] });
  t.match(await gated.refused('work.finish', { summary: 'swept' }), {
    code: 'GATE',
    message: /c1/,
    hint: /task check/,
  });
  await gated.on('task.release', {});
  t.match(await gated.refused('work.finish', { summary: 'swept' }), { hint: `ledgenter task claim ${gated.id}` });
});

t.test('work is restarted only after a failed validation', async t => {
  const { office, id, on, refused } = await begin([], { validation_required: true });
  await on('work.finish', { summary: 'swept' });
  const again = { summary: 'the corner too' };
  t.match(await refused('work.restart', again), { code: 'REFUSED', message: /no validation of t-\w+ failed/ });
  const round = (result: 'failed' | 'passed') => ({
    result,
    summary: 'looked',
    commits_sha256: 'd'.repeat(64),
    criteria_sha256: 'd'.repeat(64),
    by: 'bob',
    at: instant(office.now),
  });
  office.state.apply([validationRecord.put(roundKey(1), round('passed'), id)]);
  t.match(await refused('work.restart', again), { code: 'REFUSED', message: /the last one passed/ });
  office.state.apply([validationRecord.put(roundKey(2), round('failed'), id)]);
  t.match(await refused('work.restart', again), { code: 'REFUSED' }, 'it is in review still');
  await on('task.update', { status: 'open' });
  const { log_id } = await on('work.restart', again);
  t.match(await office.task(id), { status: 'in_progress', hold: { actor: 'ada' } });
  t.match(await office.view.get(logRecord, String(log_id), id), { kind: 'progress', text: 'the corner too' });
});

t.test('work is resumed after a lost lease, told when that was', async t => {
  const { office, id, on, refused } = await begin();
  const fresh = await office.creates({}, eve);
  t.match(await office.refusal('work.resume', { task_id: fresh, reason: 'x' }), {
    code: 'REFUSED',
    hint: `ledgenter task claim ${fresh}`,
  });
  const { hold } = await office.task(id);
  const before = hold!.lease_until;
  t.match(await refused('work.resume', { reason: 'mine' }, bob), { code: 'CLAIM_LOST', message: /ada holds/ });
  const late = { at: office.now + 2 * HOUR };
  const back = await office.does('work.resume', { task_id: id, reason: 'the machine slept' }, ada, late);
  t.match(back, { lapsed_at: before });
  t.match(await office.view.get(logRecord, String(back.log_id), id), { text: 'the machine slept', by: 'ada' });
  await on('task.release', {});
  t.match(await on('work.resume', { reason: 'moved here' }), { lapsed_at: undefined }, 'what came in without a holder');
  await on('task.update', { status: 'blocked', reason: 'no broom' });
  t.match(await refused('work.resume', { reason: 'x' }), { hint: `ledgenter task update ${id} --status open` });
});

t.test('the work log takes what is told, and asks what a change and an artifact are', async t => {
  const { office, id, on, refused, command } = await begin();
  t.match(await refused('work.log', { kind: 'change', text: 'swept' }), {
    code: 'BAD_INPUT',
    message: /a path or a commit/,
  });
  t.match(await refused('work.log', { kind: 'artifact', text: 'a report' }), { code: 'BAD_INPUT' });
  await t.rejects(refused('work.log', { kind: 'command', text: 'npm test' }), /kind/, 'a command is not told');
  await t.rejects(refused('work.log', { kind: 'change', text: 'x', path: ['/etc/passwd'] }), /inside the repository/);
  t.match(await refused('work.log', { kind: 'progress', text: 'x', todo_id: 'todo-9' }), { code: 'NOT_FOUND' });
  await on('work.log', { kind: 'deviation', text: 'no broom: a cloth', todo_id: 'todo-1' });
  await on('work.log', { kind: 'change', text: 'swept', path: ['./src/sweep.ts', 'docs/'], commit: COMMIT });
  await command(3, { output_tail: 'x'.repeat(1_000) });
  const all = await office.asks('work.query', { task_id: id });
  t.match(all, {
    total: 3,
    log: [
      { kind: 'command', exit_code: 3, output_tail: /^…x{400}$/ },
      { kind: 'change', paths: ['src/sweep.ts', 'docs'], commit: COMMIT },
      { kind: 'deviation', todo_id: 'todo-1', by: 'ada' },
    ],
  });
  t.match(await office.asks('work.query', { task_id: id, kind: ['deviation'], limit: 1 }), { total: 1 });
  t.match(await office.asks('work.query', { task_id: id, todo_id: 'todo-1' }), { total: 1 });
});
