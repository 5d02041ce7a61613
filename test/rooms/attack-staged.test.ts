import t from 'tap';
import type { Intent } from '../../src/kernel/entry.ts';
import { type Plan, planRecord, questionRecord, verdictRecord } from '../../src/rooms/plans/record.ts';
import { REJECT } from '../../src/rooms/plans/rules.ts';
import { type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { waiverRecord } from '../../src/rooms/validation/record.ts';
import { logRecord, type Todo, todoRecord } from '../../src/rooms/work/record.ts';
import { sshKey } from '../ssh-key.ts';
import { ada, bob, eve, person, TestOffice } from './office.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };
const PLAN = {
  goal: 'Sweep every minute',
  acceptance_criteria: [{ text: 'swept every minute' }],
  todos: [{ text: 'Wire the timer' }, { text: 'Write the page' }],
};

async function begin(policies: object = {}) {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  if (Object.keys(policies).length > 0) await office.does('ledger.policy', policies, eve);
  return office;
}

const planOf = (by: string, at: string, patch: Partial<Plan> = {}): Plan => ({
  version: 1,
  goal: 'Nothing much',
  criteria: [{ text: 'it is' }],
  todos: [{ text: 'Wire the timer' }],
  files: [],
  test_commands: [],
  expected_outputs: [],
  by,
  at,
  ...patch,
});

t.test(
  'an import brings plans, questions and todos of others with the tasks that it makes, and to no other',
  async t => {
    const office = await begin({ agents_accept_plans: true });
    const id = await office.creates({}, ada);
    const forge = async (made: (by: Intent) => ReturnType<typeof planRecord.put>[]) => {
      const intent = office.intent('import.beads', {}, ada);
      return (await office.forge([...(await office.enrolled(intent)), ...made(intent)], intent))?.law ?? 'lawful';
    };
    t.equal(await forge(({ at }) => [planRecord.put('v1', planOf('bob', at), id)]), 'plan.version');
    const answered = { text: 'Which?', status: 'answered', answer: 'this', answered_by: 'eve' } as const;
    t.equal(
      await forge(({ at }) => [questionRecord.put('q1', { ...answered, answered_at: at, by: 'bob', at }, id)]),
      'question.number',
    );
    await office.does(
      'import.taskledger',
      {
        project: 'old',
        tasks: [
          {
            ref: 'taskledger:old/task-0001',
            title: 'Old',
            status: 'open',
            priority: 2,
            created_by: 'bob',
            created_at: '2026-01-01T00:00:00.000Z',
            updated_at: '2026-01-01T00:00:00.000Z',
          },
        ],
      },
      ada,
    );
    const old = (await office.tasks()).at(-1)!;
    t.match(await office.task(old), { imported: true });
    const shown = { text: 'Wire the timer', status: 'done', by: 'bob', updated_by: 'bob' } as const;
    t.not(
      await forge(({ at }) =>
        [
          taskRecord.put(old, { ...({} as Task) }),
          todoRecord.put('todo-1', { ...shown, at, updated_at: at } as Todo, old),
        ].slice(1),
      ),
      'lawful',
    );
    const task = await office.task(old);
    t.equal(
      await forge(({ at }) => [
        taskRecord.put(old, { ...task, todos_made: 1, updated_at: at }),
        todoRecord.put('todo-1', { ...shown, evidence: { text: 'x' }, at, updated_at: at } as Todo, old),
      ]),
      'todo.status',
    );
    const intent = office.intent('import.beads', {}, ada);
    const log = { kind: 'progress', text: 'half', by: 'bob', at: intent.at } as const;
    t.equal(
      (
        await office.forge(
          [...(await office.enrolled(intent)), logRecord.put(office.idFor(logRecord, intent), log, old)],
          intent,
        )
      )?.law,
      'work.author',
    );
  },
);

t.test('an agent does not accept the plan that it brought in under the name of another', async t => {
  const office = await begin({ agents_accept_plans: true });
  const at = '2026-01-01T00:00:00.000Z';
  const made = { status: 'open', priority: 2, created_by: 'bob', created_at: at, updated_at: at };
  const plans = [
    {
      goal: 'Sweep it all',
      criteria: [{ text: 'swept' }],
      todos: [{ text: 'Wire the timer' }],
      files: [],
      test_commands: [],
      expected_outputs: [],
      by: 'bob',
      at,
    },
  ];
  await office.does(
    'import.taskledger',
    {
      project: 'old',
      tasks: [{ ref: 'taskledger:old/task-0002', title: 'Old', sha256: 'a'.repeat(64), plans, ...made }],
    },
    ada,
  );
  const id = (await office.tasks()).at(-1)!;
  t.match(await office.refusal('plan.accept', { task_id: id, note: 'so' }, ada), { code: 'HUMAN_ONLY' });
  t.match(await office.refusal('plan.accept', { task_id: id, note: 'so' }, bob), { code: 'HUMAN_ONLY' });
  await office.does('plan.propose', { task_id: id, ...PLAN }, bob);
  t.match(await office.refusal('plan.accept', { task_id: id, note: 'so' }, bob), { code: 'HUMAN_ONLY' });
  t.match(await office.refusal('plan.accept', { task_id: id, note: 'so' }, ada), { code: 'lawful' });
});

t.test('a todo by hand is no way round one that an accepted plan asks for', async t => {
  const office = await begin();
  const id = await office.creates({}, eve);
  await office.does('task.claim', { task_id: id }, ada);
  for (const text of ['Wire the timer', 'Write the page']) await office.does('todo.add', { task_id: id, text }, ada);
  await office.does('todo.skip', { task_id: id, todo_id: 'todo-2', reason: 'why not' }, ada);
  await office.does('task.release', { task_id: id }, ada);
  await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  await office.does('plan.accept', { task_id: id, note: 'so' }, eve);
  const todos = (await office.view.all(todoRecord, id)).map(({ record }) => `${record.text}: ${record.status}`);
  t.same(todos, ['Wire the timer: open', 'Write the page: skipped', 'Write the page: open']);
  await office.does('task.claim', { task_id: id }, ada);
  const skip = (todo_id: string) => office.refusal('todo.skip', { task_id: id, todo_id, reason: 'why not' }, ada);
  t.match(await skip('todo-1'), { code: 'HUMAN_ONLY' }, 'it stands for one of the plan');
  t.match(await skip('todo-3'), { code: 'HUMAN_ONLY' });
});

t.test('a todo that got another number offline is not moved in the place of another', async t => {
  const office = await begin();
  const id = await office.creates({}, eve);
  await office.does('todo.add', { task_id: id, text: 'sweep' }, eve);
  const later = { task_id: id, todo_id: 'todo-1', reason: 'not needed', asked_sha256: 'a'.repeat(64) };
  t.match(await office.refusal('todo.skip', later, eve), { code: 'REFUSED', message: /something else/ });
});

t.test('under require_signatures nobody gets the powers of a person by saying that it is one', async t => {
  const office = new TestOffice();
  const [EVES, ADAS] = [sshKey('eve'), sshKey('ada')];
  const by = ({ fingerprint }: { fingerprint: string }) => ({ signature: `good:${fingerprint}` });
  await office.does('ledger.init', { ...INIT, key: EVES.key }, eve, by(EVES));
  const id = await office.creates({ requires_evidence: true }, bob);
  await office.does('actor.key_add', { actor: 'ada', key: ADAS.key }, ada);
  await office.does('ledger.policy', { require_signatures: true, agents_accept_plans: true }, eve, by(EVES));
  const liar = person('ada', 'human', 'another run');
  const says = async (op: string, input: object) =>
    (await office.refusal(op, { task_id: id, ...input }, liar, by(ADAS))).code;
  t.equal(await says('todo.add', { text: 'sweep' }), 'NOT_HOLDER');
  t.equal(await says('task.update', { requires_evidence: false }), 'HUMAN_ONLY');
  const free = await office.outcome('task.create', { title: 'Sweep' }, eve, by(EVES));
  const done = { task_id: free.kind === 'lawful' ? String(free.result.task_id) : '', status: 'done' };
  t.equal(await says('task.update', done), 'NOT_HOLDER');
  await office.does('plan.propose', { task_id: id, ...PLAN }, eve, by(EVES));
  await office.does('plan.reject', { task_id: id, reason: 'too small' }, eve, by(EVES));
  t.equal(await says('plan.accept', { note: 'so' }), 'HUMAN_ONLY');
});

t.test('a todo has its number in the one form', async t => {
  const office = await begin();
  const id = await office.creates({}, eve);
  for (const key of ['todo-1', 'x-1', 'todo-01', 'todo-1e0', 'todo--1']) {
    const intent = office.intent('todo.add', { task_id: id, text: 'sweep' }, eve);
    const { actor: by, at } = intent;
    const todo: Todo = { text: 'sweep', status: 'open', by, at, updated_by: by, updated_at: at };
    const task = { ...(await office.task(id)), todos_made: 1, updated_at: at };
    const law = (await office.forge([taskRecord.put(id, task), todoRecord.put(key, todo, id)], intent))?.law;
    t.equal(law, key === 'todo-1' ? undefined : law?.startsWith('record.') ? law : 'todo.number', key);
  }
});

t.test(
  'an entry brings one word of a validation or a plan, and thousands of questions are counted in time',
  async t => {
    const office = await begin();
    const id = await office.creates({}, eve);
    const intent = office.intent('question.ask', { task_id: id, questions: ['x'] }, ada);
    const { actor: by, at } = intent;
    const asked = { text: 'x', status: 'open', by, at } as const;
    const many = Array.from({ length: 3_000 }, (_, index) => questionRecord.put(`q${index + 1}`, asked, id));
    const enrolled = await office.enrolled(intent);
    t.equal(await office.forge([...enrolled, ...many], intent), undefined);
    t.match(await office.forge([...enrolled, ...many.slice(1)], intent), { law: 'question.number' });
    const two = (name: string) => ({ ...intent, op: name });
    const hash = 'a'.repeat(64);
    const said = {
      version: 1,
      plan_sha256: hash,
      questions_sha256: hash,
      decision: 'reject',
      note: 'x',
      by,
      at,
    } as const;
    const verdicts = [0, 1].map(index => verdictRecord.put(office.idFor(verdictRecord, two(REJECT), index), said, id));
    t.match(await office.forge([...enrolled, ...verdicts], two(REJECT)), { law: 'plan.verdict', message: /one thing/ });
    const waived = { criterion: 'c1', criterion_sha256: hash, reason: 'x', by, at };
    const waivers = [0, 1].map(index => waiverRecord.put(office.idFor(waiverRecord, intent, index), waived, id));
    t.match(await office.forge([...enrolled, ...waivers], intent), {
      law: 'validation.author',
      message: /the only one/,
    });
  },
);

t.test('what the ledger says no to no project of an agent allows', async t => {
  const office = await begin({ agents_accept_plans: false });
  await office.does('project.create', { project: 'lax', title: 'Lax', policy: { agents_accept_plans: true } }, ada);
  const id = await office.creates({ project: 'lax' }, ada);
  await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  t.match(await office.refusal('plan.accept', { task_id: id, note: 'so' }, bob), { code: 'HUMAN_ONLY' });
});
