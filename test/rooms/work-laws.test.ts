import t from 'tap';
import type { Intent } from '../../src/kernel/entry.ts';
import type { FileChange } from '../../src/kernel/view.ts';
import { type Plan, planHash, planKey, planRecord, verdictRecord } from '../../src/rooms/plans/record.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { logRecord, type Todo, todoRecord, type WorkLog } from '../../src/rooms/work/record.ts';
import { ada, bob, eve, type Person, TestOffice, type Turn } from './office.ts';

const COMMIT = 'a1'.repeat(20);
const SHA = 'c'.repeat(64);

/** A task of eve's that ada holds, with a commit and two todos by hand; and what forged entries do to it. */
async function begin() {
  const office = new TestOffice();
  const id = await office.creates({}, eve);
  await office.does('task.claim', { task_id: id });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: COMMIT });
  for (const text of ['sweep', 'document']) await office.does('todo.add', { task_id: id, text });
  const intent = (op: string, who: Person = ada, turn: Turn = {}) => office.intent(op, { task_id: id }, who, turn);
  const todo = async (name = 'todo-1') => (await office.view.get(todoRecord, name, id)) as Todo;
  /** The laws that files break which a plain entry brings. */
  const broken = async (files: (by: Intent) => FileChange[], op = 'todo.done', who: Person = ada, turn: Turn = {}) => {
    const by = intent(op, who, turn);
    return office.broken([...(await office.enrolled(by)), ...files(by)], by);
  };
  /** A todo forged over one that is there. */
  const forged = async (patch: Partial<Todo>, op?: string, who: Person = ada, turn: Turn = {}) => {
    const was = await todo();
    return broken(
      by => {
        const after = { ...was, updated_by: by.actor, updated_at: by.at, ...patch };
        return [todoRecord.put('todo-1', JSON.parse(JSON.stringify(after)), id)];
      },
      op,
      who,
      turn,
    );
  };
  const logged = (patch: Partial<WorkLog>, op = 'work.log', who: Person = ada, turn: Turn = {}) =>
    broken(
      by => {
        const record = { kind: 'progress', text: 'half way', by: by.actor, at: by.at, ...patch } as WorkLog;
        return [logRecord.put(office.idFor(logRecord, by), JSON.parse(JSON.stringify(record)), id)];
      },
      op,
      who,
      turn,
    );
  return { office, id, intent, todo, broken, forged, logged };
}

const done = { status: 'done', evidence: { commit: COMMIT } } as const;

t.test('todo.evidence: a forged todo is not done without what shows it', async t => {
  const { forged, office, id, logged } = await begin();
  t.same(await forged({ ...done }), [], 'as todo done writes it');
  t.same(await forged({ status: 'done' }), ['todo.evidence']);
  t.same(await forged({ status: 'done', evidence: {} }), ['todo.evidence']);
  t.same(await forged({ status: 'done', evidence: { text: 'I did it' } }), ['todo.evidence']);
  t.same(await forged({ status: 'done', evidence: { commit: 'b2'.repeat(20) } }), ['todo.evidence']);
  t.same(await forged({ status: 'done', evidence: { log_id: 'l-0000000000' } }), ['todo.evidence']);
  t.same(await forged({ status: 'done', evidence: { attachment_id: 'f-0000000000' } }), ['todo.evidence']);
  const ran = { command: 'npm test', duration_ms: 5, clean: true, output_sha256: SHA };
  const input = { task_id: id, text: 'failed', exit_code: 1, ...ran };
  const { log_id } = await office.does('work.command', input);
  t.same(await forged({ status: 'done', evidence: { log_id: String(log_id) } }), ['todo.evidence'], 'a failed command');
  await office.does('work.command', { ...input, todo_id: 'todo-1' });
  t.same(await forged({ ...done }), ['todo.evidence'], 'a command of the todo that failed last');
  t.same(await logged({ kind: 'command', exit_code: 0, ...ran }, 'work.command'), []);
});

t.test('todo.holder: a forged todo is moved by nobody but the holder', async t => {
  const { forged, office, id, broken } = await begin();
  t.same(await forged({ ...done }, undefined, bob), ['hold.work', 'hold.lease'], 'another actor');
  t.same(await forged({ ...done }, undefined, eve), ['hold.work', 'hold.lease'], 'a person too');
  await office.does('task.release', { task_id: id });
  t.same(await forged({ ...done }, undefined, bob), ['todo.holder'], 'while nobody holds it');
  t.same(await forged({ ...done }, undefined, eve), []);
  const task = await office.task(id);
  const added = (who: Person) =>
    broken(
      by => {
        const own = { by: who.actor, at: by.at, updated_by: who.actor, updated_at: by.at };
        return [
          taskRecord.put(id, { ...task, todos_made: 3, updated_at: by.at }),
          todoRecord.put('todo-3', { text: 'more', status: 'open', ...own }, id),
        ];
      },
      'task.update',
      who,
    );
  t.same(await added(bob), ['todo.holder']);
  t.same(await added(eve), []);
  await office.does('task.update', { task_id: id, status: 'cancelled', reason: 'no house' }, eve);
  t.same(await forged({ ...done }, undefined, eve), ['todo.holder'], 'once the task is over nobody');
});

t.test('todo.status: a forged todo keeps its words and says who moved it, when and why', async t => {
  const { forged, todo, broken, office, id } = await begin();
  t.same(await forged({ ...done, text: 'sweep a little' }), ['todo.status']);
  t.same(await forged({ optional: true }), ['todo.status'], 'what is needed stays needed');
  t.same(await forged({ plan: 3 }), ['todo.status']);
  t.same(await forged({ ...done, updated_by: 'bob' }), ['todo.status']);
  t.same(await forged({ ...done, updated_at: (await todo()).updated_at }), ['todo.status']);
  t.same(await forged({ status: 'skipped' }), ['todo.status'], 'without a reason');
  t.same(await forged({ status: 'open', evidence: { commit: COMMIT } }), ['todo.status']);
  t.same(await forged({ ...done, reason: 'why' }), ['todo.status']);
  const born = (patch: Partial<Todo>) =>
    broken(by => {
      const own = { by: by.actor, at: by.at, updated_by: by.actor, updated_at: by.at };
      return [todoRecord.put('todo-3', { text: 'more', status: 'open', ...own, ...patch } as Todo, id)];
    });
  t.same(await born({}), ['todo.number'], 'the task does not count it');
  t.same(await born({ by: 'bob' }), ['todo.number', 'todo.status']);
  t.same(await born({ ...done }), ['todo.number', 'todo.status'], 'born as done');
  t.same(await office.breaks(id, { todos_made: 3 }), 'todo.number');
  t.same(await office.breaks(id, { todos_made: 1 }), 'todo.number');
  t.same(await office.breaks(id, { todos_made: undefined }), 'todo.number');
});

const OWN = ['todo.number', 'todo.status', 'todo.origin', 'todo.skip', 'todo.evidence', 'todo.holder'];

/** An entry that accepts a plan with these todos, as the tree it leaves; `made` are the todos it adds. */
async function accepting(
  { office, id, intent }: Awaited<ReturnType<typeof begin>>,
  asked: Plan['todos'],
  made: Record<string, Partial<Todo>>,
  { version = 1, verdict = true, who = eve as Person, op = 'plan.accept' } = {},
): Promise<{ files: FileChange[]; laws: string[] }> {
  const by = intent(op, who);
  const { at, actor } = by;
  const lists = { criteria: [], files: [], test_commands: [], expected_outputs: [] };
  const plan: Plan = { version, goal: 'Swept', todos: asked, ...lists, by: 'bob', at };
  const hashes = { plan_sha256: planHash(plan), questions_sha256: SHA };
  const task = await office.task(id);
  const added = Object.keys(made).filter(name => Number(name.slice(5)) > (task.todos_made ?? 0)).length;
  const files = [
    ...(await office.enrolled(by)),
    planRecord.put(planKey(version), plan, id),
    ...(verdict
      ? [
          verdictRecord.put(
            office.idFor(verdictRecord, by),
            { version, ...hashes, decision: 'accept', note: 'fine', by: actor, at },
            id,
          ),
        ]
      : []),
    taskRecord.put(id, {
      ...task,
      plan: { version, sha256: planHash(plan) },
      todos_made: (task.todos_made ?? 0) + added,
      updated_at: at,
    }),
  ];
  for (const [name, todo] of Object.entries(made)) {
    const was = await office.view.get(todoRecord, name, id);
    const { evidence: _e, reason: _r, ...kept } = was ?? { text: '', status: 'open', plan: version, by: actor, at };
    files.push(todoRecord.put(name, { ...kept, updated_by: actor, updated_at: at, ...todo } as Todo, id));
  }
  const laws = (await office.broken(files, by)).filter(law => OWN.includes(law));
  return { files, laws };
}

t.test('todo.origin, todo.skip: a forged todo of a plan comes and goes with a plan that was accepted', async t => {
  const scene = await begin();
  const { office, id, forged } = scene;
  await office.does('task.release', { task_id: id });
  const asked = [{ text: 'sweep' }, { text: 'polish', hint: 'it shines' }];
  const polish = { 'todo-3': { text: 'polish', hint: 'it shines' } };
  const laws = async (...given: Parameters<typeof accepting> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await accepting(scene, ...given)).laws;
  t.same(await laws(asked, polish), [], 'as an acceptance writes it');
  t.same(await laws(asked, polish, { who: bob }), [], 'also of an agent, where the laws of plans let it');
  t.same(await laws(asked, {}), ['todo.origin'], 'a todo of the plan is left out');
  t.same(await laws(asked, { 'todo-3': { text: 'polish', hint: 'it shines', optional: true } }), ['todo.origin']);
  t.same(await laws(asked, { ...polish, 'todo-4': { text: 'paint' } }), ['todo.origin'], 'one that is not of it');
  t.same(await laws(asked, polish, { verdict: false }), ['todo.origin'], 'a plan that nobody accepts');
  t.same(await laws(asked, polish, { verdict: false, who: bob }), ['todo.origin', 'todo.holder']);
  const accepted = await accepting(scene, asked, polish);
  office.state.apply(accepted.files);

  const dropped = { status: 'skipped', reason: 'not in plan v2' } as const;
  t.same(await laws([{ text: 'sweep' }], { 'todo-3': dropped }, { version: 2, who: bob }), []);
  t.same(await laws(asked, { 'todo-3': dropped }, { version: 2, who: bob }), ['todo.skip', 'todo.holder']);
  t.same(await laws([{ text: 'sweep' }], { 'todo-3': done }, { version: 2, who: bob }), ['todo.holder']);
  office.state.apply((await accepting(scene, [{ text: 'sweep' }], { 'todo-3': dropped }, { version: 2 })).files);
  const again = { 'todo-3': { status: 'open' } } as const;
  t.same(await laws(asked, again, { version: 3, who: bob }), [], 'a later plan asks for it again');
  t.same(await laws([{ text: 'sweep' }], again, { version: 3, who: bob }), ['todo.holder']);

  office.state.apply((await accepting(scene, asked, again, { version: 3 })).files);
  const skipped = async (op: string, who: Person, todo_id = 'todo-3') => {
    const by = office.intent(op, { task_id: id, todo_id, reason: 'dull' }, who);
    const was = (await office.view.get(todoRecord, 'todo-3', id))!;
    const now = { ...was, status: 'skipped', reason: 'dull', updated_by: who.actor, updated_at: by.at } as const;
    return office.broken([...(await office.enrolled(by)), todoRecord.put('todo-3', now, id)], by);
  };
  t.same(await skipped('todo.skip', eve), []);
  t.same(await skipped('todo.skip', eve, 'todo-1'), ['todo.skip'], 'another one than it says');
  t.same(await skipped('todo.skip', eve, '../x'), ['todo.skip'], 'nor one that has no such name');
  t.same(await skipped('task.update', eve), ['todo.skip'], 'past the one operation that people alone may use');
  await office.does('task.claim', { task_id: id });
  t.same(await skipped('task.update', ada), ['todo.skip'], 'nor by its holder');
  t.same(await skipped('todo.skip', ada, 'todo-2'), ['todo.skip'], 'who says to skip another');
  const dull = await forged({ status: 'skipped', reason: 'by hand' }, 'task.update');
  t.same(dull, ['todo.skip'], 'one by hand stands for one of the plan');
});

t.test('human-only: a forged todo.skip of what the plan asks for is named', async t => {
  const scene = await begin();
  const { office, id } = scene;
  await office.does('task.release', { task_id: id });
  const asked = [{ text: 'polish' }, { text: 'wax', optional: true }];
  const made = { 'todo-3': { text: 'polish' }, 'todo-4': { text: 'wax', optional: true } };
  office.state.apply((await accepting(scene, asked, made)).files);
  await office.does('task.claim', { task_id: id });
  const skips = async (todo_id: string) => {
    const by = office.intent('todo.skip', { task_id: id, todo_id, reason: 'dull' }, ada);
    const was = (await office.view.get(todoRecord, todo_id, id))!;
    const now = { ...was, status: 'skipped', reason: 'dull', updated_by: 'ada', updated_at: by.at } as const;
    return office.broken([todoRecord.put(todo_id, now, id)], by);
  };
  t.same(await skips('todo-3'), ['human-only']);
  t.same(await skips('todo-4'), [], 'what is optional is the holder’s');
  t.same(await skips('todo-1'), [], 'and what came by hand');
  const strange = office.intent('todo.skip', { task_id: [id], todo_id: 7 }, ada);
  t.same((await office.forge([], strange))?.law, 'human-only', 'an input that is none lets nothing through');
});

t.test('work.author, work.form, work.holder: the log is the holder’s, and what is measured is not told', async t => {
  const { office, id, logged } = await begin();
  const ran = { command: 'npm test', exit_code: 0, duration_ms: 5, clean: true, output_sha256: SHA };
  t.same(await logged({}), []);
  t.same(await logged({ by: 'bob' }), ['work.author']);
  t.same(await logged({ at: '2026-03-01T09:00:00.000Z' }), ['work.author']);
  t.same(await logged({ kind: 'command', ...ran }, 'work.command'), []);
  t.same(await logged({ kind: 'command', ...ran }), ['work.form'], 'a command that nobody ran');
  t.same(await logged({ kind: 'command', ...ran, exit_code: undefined }, 'work.command'), ['work.form']);
  t.same(await logged({ kind: 'artifact', ...ran, url: 'https://x.test' }), ['work.form'], 'nor under another name');
  t.same(await logged({ kind: 'scan', paths: [{ path: 'a.ts', change: 'M' }] }), ['work.form']);
  t.same(await logged({ kind: 'scan', paths: [{ path: 'a.ts', change: 'M' }] }, 'work.scanned'), []);
  t.same(await logged({ kind: 'change' }), ['work.form'], 'a change of nothing');
  t.same(await logged({ kind: 'artifact' }), ['work.form']);
  t.same(await logged({ kind: 'change', paths: [{ path: '/home/ada/a.ts' }] }), ['work.form'], 'a path of a machine');
  t.same(await logged({ kind: 'change', paths: [{ path: 'src/../../a.ts' }] }), ['work.form']);
  t.same(await logged({ todo_id: 'todo-9' }), ['work.form']);
  t.same(await logged({}, undefined, bob), ['hold.work', 'hold.lease']);
  await office.does('task.release', { task_id: id });
  t.same(await logged({}, undefined, bob), ['work.holder']);
  t.same(await logged({}, undefined, eve), []);
});

t.test('an import brings todos and a log as they were, on what it brings', async t => {
  const office = new TestOffice();
  const by = office.intent('import.beads', { file: 'x' }, ada);
  const at = '2025-01-01T00:00:00.000Z';
  const [file] = office.born({}, by);
  const id = taskRecord.at(file!.path)!.id;
  const lists = { labels: [], criteria: [], depends_on: [], links: [], also_asked: [] };
  const task = { title: 'Old', status: 'open' as const, priority: 2, ...lists, created_by: 'zoe', created_at: at };
  const moved = { by: 'zoe', at, updated_by: 'zoe', updated_at: at };
  const files = (imported: object) => [
    taskRecord.put(id, { ...task, updated_at: at, todos_made: 1, ...imported }),
    todoRecord.put('todo-1', { text: 'sweep', status: 'done', plan: 1, evidence: { text: 'swept' }, ...moved }, id),
    logRecord.put(office.idFor(logRecord, by), { kind: 'progress', text: 'swept', by: 'zoe', at }, id),
  ];
  const own = async (imported: object) =>
    (await office.broken([...(await office.enrolled(by)), ...files(imported)], by)).filter(law =>
      /^(todo|work)\./.test(law),
    );
  t.same(await own({ imported: true }), []);
  t.not((await own({})).length, 0, 'not on others');
});
