import t from 'tap';
import type { Intent } from '../../src/kernel/entry.ts';
import type { FileChange } from '../../src/kernel/view.ts';
import {
  type Plan,
  planHash,
  planKey,
  planRecord,
  type Question,
  questionRecord,
  questionsHash,
  type Verdict,
  verdictRecord,
} from '../../src/rooms/plans/record.ts';
import { type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { todoRecord } from '../../src/rooms/work/record.ts';
import { sshKey } from '../ssh-key.ts';
import { ada, bob, eve, type Person, person, TestOffice, type Turn } from './office.ts';

const PLAN = {
  goal: 'Sweep every minute',
  acceptance_criteria: [{ text: 'swept every minute', check: 'npm test' }, { text: 'documented' }],
  todos: [
    { text: 'Wire the timer into the sweeper', hint: 'the test of the timer passes' },
    { text: 'Write the page' },
  ],
  files: ['src/sweep/**'],
  test_commands: ['npm test'],
  expected_outputs: ['all passed'],
};

/** A task of eve's that needs a plan; ada proposed one unless told otherwise. */
async function begin({ propose = true, ...input }: { propose?: boolean } & Record<string, unknown> = {}) {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
  const id = await office.creates({ plan_required: true, ...input }, eve);
  if (propose) await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  const task = () => office.task(id);
  const plan = async (version = 1) => (await office.view.get(planRecord, planKey(version), id)) as Plan;
  const accept = (who: Person = eve, more: object = {}, turn: Turn = {}) =>
    office.refusal('plan.accept', { task_id: id, note: 'Good.', ...more }, who, turn);
  const todos = async () =>
    (await office.view.all(todoRecord, id)).map(({ id: name, record }) => `${name} ${record.status} ${record.text}`);
  return { office, id, task, plan, accept, todos };
}

const claim = (id: string) => ['task.claim', { task_id: id }] as const;

t.test(
  'a task that needs a plan is claimed once one is accepted, whose criteria and todos are then its own',
  async t => {
    const { office, id, task, plan, accept, todos } = await begin({ acceptance_criteria: [{ text: 'documented' }] });
    t.match(await office.refusal(...claim(id)), {
      code: 'GATE',
      law: 'task.status',
      message: /one is proposed/,
      hint: `ledgenter plan review ${id}`,
    });
    const bare = await office.creates({ plan_required: true }, eve);
    t.match(await office.refusal(...claim(bare)), { code: 'GATE', hint: /ledgenter plan propose/ });
    t.match(await accept(), { code: 'lawful' });
    const sha256 = planHash(await plan());
    t.match(await task(), {
      plan: { version: 1, sha256 },
      todos_made: 2,
      criteria: [
        { id: 'c1', text: 'documented', met: false },
        { id: 'c2', text: 'swept every minute', check: 'npm test', met: false },
      ],
    });
    t.same(await todos(), ['todo-1 open Wire the timer into the sweeper', 'todo-2 open Write the page']);
    const [verdict] = await office.view.all(verdictRecord, id);
    t.match(verdict?.record, { decision: 'accept', by: 'eve', version: 1, plan_sha256: sha256, note: 'Good.' });
    t.match(office.entries.at(-1)?.input, { version: 1, sha256 }, 'the entry names what was accepted');
    await office.does(...claim(id));
    t.equal((await office.refusal(...claim(id), bob, { root: 'other' })).code, 'CLAIM_LOST', 'by one only');
  },
);

t.test('a plan is accepted by a person, or by policy by an agent that did not write it', async t => {
  const { office, id, accept } = await begin();
  t.match(await accept(ada), { code: 'HUMAN_ONLY', law: 'human-only' });
  t.match(await accept(bob), { code: 'HUMAN_ONLY', law: 'human-only' });
  await office.does('ledger.policy', { agents_accept_plans: true }, eve);
  t.match(await accept(ada), { code: 'HUMAN_ONLY', law: 'human-only' }, 'not its author');
  await office.does('plan.reject', { task_id: id, reason: 'no way back' }, eve);
  t.match(await accept(bob), { code: 'HUMAN_ONLY', law: 'plan.verdict', message: /eve rejected v1/ });
  await office.does('plan.propose', { task_id: id, ...PLAN, goal: 'Sweep, and undo it' }, ada);
  t.match(await accept(bob), { code: 'lawful' });
});

t.test('a project may say otherwise than the ledger', async () => {
  const office = new TestOffice();
  await office.does('project.create', { project: 'web', title: 'Web', policy: { agents_accept_plans: true } }, eve);
  const id = await office.creates({ project: 'web' }, eve);
  await office.does('plan.propose', { task_id: id, ...PLAN }, ada);
  await office.does('plan.accept', { task_id: id, note: 'ok' }, bob);
});

t.test('an acceptance is of what was looked at', async t => {
  const { office, id, plan, accept } = await begin();
  const sha256 = planHash(await plan());
  t.match(await accept(eve, { sha256: 'a'.repeat(64) }), {
    code: 'REFUSED',
    hint: /plan review/,
  });
  await office.does('plan.propose', { task_id: id, ...PLAN, goal: 'Another' }, ada);
  t.match(await accept(eve, { sha256 }), { code: 'REFUSED' }, 'v2 is the newest now');
  t.match(await accept(eve, { version: 1, sha256 }), { code: 'lawful' });
  t.match(await accept(eve, { version: 7 }), { code: 'NOT_FOUND', message: /no plan v7/ });
});

t.test(
  'versions stay; the next one amends, replaces criteria and todos, and brings back what was left out',
  async t => {
    const { office, id, task, plan, accept, todos } = await begin();
    const same = await office.outcome('plan.propose', { task_id: id, ...PLAN }, bob);
    t.match(same, { kind: 'same', result: { version: 1 } }, 'the same words are the same version');
    await accept();
    await office.does(
      'plan.propose',
      { task_id: id, ...PLAN, todos: [PLAN.todos[0], { text: 'Tell the others' }] },
      bob,
    );
    t.match(await plan(2), { version: 2, amends: 1, by: 'bob' });
    t.match((await task()).plan, { version: 1 }, 'a proposal changes nothing');
    await accept();
    t.same(await todos(), [
      'todo-1 open Wire the timer into the sweeper',
      'todo-2 skipped Write the page',
      'todo-3 open Tell the others',
    ]);
    t.match(await office.view.get(todoRecord, 'todo-2', id), { reason: 'not in plan v2', updated_by: 'eve' });
    await office.does('plan.propose', { task_id: id, ...PLAN, todos: PLAN.todos }, bob);
    await accept();
    t.match((await todos())[1], /todo-2 open/);
    t.match((await todos())[2], /todo-3 skipped/);
    t.match(await office.refusal('plan.reject', { task_id: id, reason: 'no' }, eve), {
      code: 'REFUSED',
      message: /v3 of .* is accepted/,
      hint: `ledgenter plan template ${id}`,
    });
    const { plans } = await office.asks('plan.query', { task_id: id });
    t.match(plans, [
      { id: 'v3', state: 'accepted', decided_by: 'eve' },
      { id: 'v2', state: 'replaced' },
      { id: 'v1', state: 'replaced' },
    ]);
  },
);

t.test('a plan without goal, criteria or todos is not accepted, nor is a placeholder', async t => {
  const refused = async (parts: object, task: object = {}) => {
    const { office, id, accept } = await begin({ propose: false, ...task });
    await office.does('plan.propose', { task_id: id, ...PLAN, ...parts }, ada);
    const { code, message, hint } = await accept();
    return code === 'lawful' ? code : `${code} ${message.replace(id, 'it')} ${hint.replace(id, 'it')}`;
  };
  const lint = 'ledgenter plan lint it --version 1';
  t.equal(await refused({ goal: 'TBD' }), `GATE v1 of it cannot be accepted: the plan has no goal ${lint}`);
  t.match(await refused({ acceptance_criteria: [] }), /neither the plan nor its task has an acceptance criterion/);
  t.equal(await refused({ acceptance_criteria: [] }, { acceptance_criteria: [{ text: 'works' }] }), 'lawful');
  t.match(await refused({ todos: [] }), /the plan has no todo/);
  t.match(await refused({ todos: [PLAN.todos[0], { text: '<step>' }] }), /todos\[2\] is only a placeholder/);
});

t.test(
  'a required question keeps every version from being accepted; an answer afterwards makes the plan stale',
  async t => {
    const { office, id, task, accept } = await begin();
    const asked = await office.does('question.ask', {
      task_id: id,
      questions: ['Which clock?', 'How long?'],
      required: true,
    });
    t.same(asked.questions, ['q1', 'q2']);
    t.match(await accept(), {
      code: 'GATE',
      message: /while q1, q2 must be answered/,
      hint: /question answer .* 'q1: <answer>'/,
    });
    await office.does('question.answer', { task_id: id, answers: ['q1: UTC.\nq2: 30 days.'] }, bob);
    t.match(await accept(), { code: 'lawful' });
    await office.does(...claim(id));
    t.match(await office.refusal('question.answer', { task_id: id, answers: ['q1: Local.'] }, ada), {
      code: 'HUMAN_ONLY',
      message: /answered by bob/,
    });
    await office.does('question.answer', { task_id: id, answers: ['q1: Local.'] }, eve, { held: false });
    t.match(await office.asks('plan.get', { task_id: id }), {
      plan: { state: 'stale' },
      hints: { next: /plan review/ },
    });
    const finish = () => office.refusal('task.update', { task_id: id, status: 'done' });
    t.match(await finish(), { code: 'GATE', message: /from before an answer/, hint: /plan accept .* --version 1/ });
    t.match(await accept(eve, { note: 'It still holds.' }, { held: false }), { code: 'lawful' }, 'while ada holds it');
    t.match(await finish(), { code: 'GATE', message: /todo-1/ }, 'the plan holds again');
    t.match((await task()).plan, { version: 1 });
  },
);

t.test('who asked a question, or a person, dismisses it', async t => {
  const { office, id, accept } = await begin();
  await office.does('question.ask', { task_id: id, questions: ['Which clock?'], required: true }, bob);
  const no = { task_id: id, question_id: 'q1', reason: 'there is one only' };
  t.match(await office.refusal('question.dismiss', no, ada), { code: 'HUMAN_ONLY', law: 'question.answer' });
  await office.does('question.dismiss', no, bob);
  t.match(await accept(), { code: 'lawful' });
  t.match(await office.refusal('question.answer', { task_id: id, answers: ['q9: x'] }), {
    code: 'NOT_FOUND',
    message: /it has q1/,
  });
  await t.rejects(office.does('question.answer', { task_id: id, answers: ['Yes.'] }), /is no answer of the form q1/);
  const later = { task_id: id, question_id: 'q1', answer: 'UTC', asked_sha256: 'a'.repeat(64) };
  t.match(await office.refusal('question.answer', later, bob), { code: 'REFUSED', message: /ask something else/ });
});

t.test('while a task is held its holder amends, and what another accepts waits for the release', async t => {
  const { office, id, accept } = await begin();
  await accept();
  await office.does(...claim(id));
  const next = { task_id: id, ...PLAN, goal: 'Sweep twice' };
  t.match(await office.refusal('plan.propose', next, bob, { held: false }), { code: 'NOT_HOLDER' });
  await office.does('plan.propose', next, ada);
  t.match(await accept(eve, {}, { held: false }), {
    code: 'NOT_HOLDER',
    message: /accepted once it is released/,
    hint: `ledgenter task release ${id}`,
  });
  await office.does('task.release', { task_id: id }, ada);
  t.match(await accept(), { code: 'lawful' });
});

t.test('a finished task gets no plan and no verdict', async t => {
  const { office, id, accept } = await begin();
  await office.does('task.update', { task_id: id, status: 'cancelled', reason: 'not any more' }, eve);
  t.match(await accept(), {
    code: 'REFUSED',
    message: /is cancelled/,
    hint: `ledgenter task update ${id} --status open`,
  });
  t.match(await office.refusal('plan.propose', { task_id: id, ...PLAN, goal: 'x' }), { code: 'REFUSED' });
});

t.test('new tasks carry the mark of what their project or the ledger asks', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
  await office.does('project.create', { project: 'web', title: 'Web', policy: { plan_required: true } }, eve);
  const mark = async (id: unknown) => {
    const { plan_required, validation_required } = await office.task(String(id));
    return [plan_required === true, validation_required === true];
  };
  t.same(await mark(await office.creates({ project: 'WEB' })), [true, false]);
  const plain = await office.creates();
  t.same(await mark(plain), [false, false]);
  await office.does('task.update', { task_id: plain, project: 'web' }, ada);
  t.same(await mark(plain), [true, false], 'one that moves there, too');
  await office.does('ledger.policy', { validation_required: true }, eve);
  const { tasks } = await office.does('task.create_many', { tasks: [{ key: 'a', title: 'One', project: 'web' }] });
  t.same(await mark((tasks as Record<string, string>).a), [true, true]);
  const ask = { origin_ask_ref: 'github:acme/app#4', title: 'Crash' };
  t.same(await mark((await office.does('task.ask', ask)).task_id), [false, true]);
});

t.test('a plan of a hundred long todos is kept; a larger one is refused and says by how much', async t => {
  const { office, id, accept, todos } = await begin({ propose: false });
  const many = (size: number) => ({
    task_id: id,
    ...PLAN,
    todos: Array.from({ length: 100 }, (_, n) => ({ text: `Wire part ${n} ${'x'.repeat(size)}` })),
  });
  t.match(await office.refusal('plan.propose', many(2_000)), {
    code: 'TOO_LARGE',
    message: /the plan takes \d+ bytes, at most 131072: attach what is long/,
  });
  await office.does('plan.propose', many(1_000));
  t.match(await accept(), { code: 'lawful' });
  t.equal((await todos()).length, 100);
  await t.rejects(
    office.does('plan.propose', { task_id: id, ...PLAN, todos: Array(101).fill({ text: 'x' }) }),
    /too_big/,
  );
});

t.test('plan.version: a forged version is named', async t => {
  const { office, id, plan } = await begin();
  const law = async (key: string, patch: Partial<Plan>, who: Person = ada) => {
    const intent = office.intent('plan.propose', { task_id: id }, who);
    const record = { ...(await plan()), version: 2, amends: 1, by: who.actor, at: intent.at, ...patch };
    const files = [...(await office.enrolled(intent)), planRecord.put(key, record, id)];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  t.equal(await law('v2', {}), 'lawful', 'the honest one');
  t.equal(await law('v3', { version: 3, amends: 2 }), 'plan.version', 'a number is left out');
  t.equal(await law('v02', {}), 'plan.version');
  t.equal(await law('v2', { version: 1 }), 'plan.version');
  t.equal(await law('v2', { amends: 2 }), 'plan.version');
  t.equal(await law('v2', { by: 'eve' }), 'plan.version', 'in the name of another');
  t.equal(await law('v2', { at: '2026-01-01T00:00:00.000Z' }), 'plan.version');
  t.equal(
    await law('v1', { version: 1, goal: 'Sell the sweeper' }),
    'append-only',
    'another text for what was proposed',
  );
});

/** An acceptance as plan.accept writes it, for tests that falsify a part of it. */
async function acceptance(
  { office, id }: { office: TestOffice; id: string },
  who: Person = eve,
  {
    op = 'plan.accept',
    said = {},
    verdict = {},
    task = {},
  }: {
    op?: string;
    said?: Record<string, unknown>;
    verdict?: Partial<Verdict>;
    task?: object;
  } = {},
): Promise<{ files: FileChange[]; intent: Intent }> {
  const plan = (await office.view.get(planRecord, 'v1', id)) as Plan;
  const sha256 = planHash(plan);
  const intent = office.intent(op, { task_id: id, version: 1, sha256, note: 'Good.', ...said }, who);
  const questions = await office.view.all(questionRecord, id);
  const record: Verdict = {
    version: 1,
    plan_sha256: sha256,
    questions_sha256: questionsHash(questions),
    decision: 'accept',
    note: 'Good.',
    by: who.actor,
    at: intent.at,
    ...verdict,
  };
  const before = await office.task(id);
  const criteria = plan.criteria.map((one, index) => ({ id: `c${index + 1}`, ...one, met: false }));
  const made = { plan: { version: 1, sha256 }, criteria, todos_made: plan.todos.length, updated_at: intent.at };
  const todos = plan.todos.map((one, index) => {
    const own = { by: who.actor, at: intent.at, updated_by: who.actor, updated_at: intent.at };
    return todoRecord.put(`todo-${index + 1}`, { ...one, plan: 1, status: 'open', ...own }, id);
  });
  const files = [
    ...(await office.enrolled(intent)),
    taskRecord.put(id, JSON.parse(JSON.stringify({ ...before, ...made, ...task })) as Task),
    verdictRecord.put(office.idFor(verdictRecord, intent), record, id),
    ...todos,
  ];
  return { files, intent };
}

t.test('plan.verdict and plan.accepted: a forged acceptance is named', async t => {
  const kit = await begin();
  const { office, id } = kit;
  const law = async (how: Parameters<typeof acceptance>[2] = {}, who: Person = eve, drop = /^$/) => {
    const { files, intent } = await acceptance(kit, who, how);
    return (
      (
        await office.forge(
          files.filter(file => !drop.test(file.path)),
          intent,
        )
      )?.law ?? 'lawful'
    );
  };
  t.equal(await law(), 'lawful', 'the honest one');
  t.equal(await law({}, ada), 'human-only', 'by an agent');
  t.equal(await law({ op: 'task.update' }, ada), 'plan.accepted', 'by an operation that any agent may use');
  t.equal(await law({ op: 'task.update' }), 'plan.accepted');
  t.equal(await law({ said: { version: 2 } }), 'plan.verdict', 'the entry accepts another version');
  t.equal(await law({ said: { sha256: 'a'.repeat(64) } }), 'plan.verdict');
  t.equal(await law({ said: { note: 'No.' } }), 'plan.verdict', 'or says something else');
  t.equal(await law({ verdict: { by: 'ada' } }), 'plan.verdict', 'in the name of another');
  t.equal(await law({ verdict: { questions_sha256: 'b'.repeat(64) } }), 'plan.verdict');
  const other = 'c'.repeat(64);
  t.equal(
    await law({
      said: { sha256: other },
      verdict: { plan_sha256: other },
      task: { plan: { version: 1, sha256: other } },
    }),
    'plan.accepted',
  );
  t.equal(await law({ task: { plan: undefined } }), 'plan.verdict', 'a verdict without effect');
  t.equal(await law({ task: { plan: undefined, criteria: [] } }, ada), 'human-only');
  t.equal(await law({ task: { criteria: [] } }), 'plan.accepted', 'without the criteria of the plan');
  t.equal(await law({}, eve, /todo-?2|todos\/todo-2/), 'plan.accepted', 'without a todo of it');
  t.equal(await law({}, eve, /verdicts/), 'plan.accepted', 'without a verdict');
  await office.does('plan.accept', { task_id: id, note: 'Good.' }, eve);
  t.equal(await office.breaks(id, { plan: undefined }, ada), 'plan.accepted', 'an acceptance is not taken away');
  t.equal(
    await office.breaks(id, { plan: { version: 1, sha256: other } }, ada),
    'plan.accepted',
    'nor laid on another text',
  );
});

t.test('plan.verdict: an open question or a missing part cannot be forged away', async t => {
  const kit = await begin();
  await kit.office.does('question.ask', { task_id: kit.id, questions: ['Which clock?'], required: true }, ada);
  const { files, intent } = await acceptance(kit);
  t.equal((await kit.office.forge(files, intent))?.law, 'plan.verdict');
  const bare = await begin({ propose: false });
  await bare.office.does('plan.propose', { task_id: bare.id, ...PLAN, todos: [] }, ada);
  const forged = await acceptance(bare);
  t.match(await bare.office.forge(forged.files, forged.intent), { law: 'plan.verdict', message: /has no todo/ });
});

t.test('where signatures are required, who accepted is proven', async t => {
  const office = new TestOffice();
  const [EVES, ADAS] = [sshKey('eve'), sshKey('ada')];
  const sign = ({ fingerprint }: { fingerprint: string }) => ({ signature: `good:${fingerprint}` });
  await office.does(
    'ledger.init',
    { namespace: 'refs/ledgenter', authority: 'github/acme/app', key: EVES.key },
    eve,
    sign(EVES),
  );
  await office.does('actor.register', { actor: 'ada', kind: 'agent' }, eve, sign(EVES));
  await office.does('actor.key_add', { actor: 'ada', key: ADAS.key }, eve, sign(EVES));
  await office.does('ledger.policy', { require_signatures: true }, eve, sign(EVES));
  const id = await office.creates({ plan_required: true }, ada).catch(() => undefined);
  t.equal(id, undefined, 'nothing is written unsigned');
  const { task_id } = await office.does('task.create', { title: 'Sweep', plan_required: true }, eve, sign(EVES));
  const kit = { office, id: String(task_id) };
  await office.does('plan.propose', { task_id, ...PLAN }, ada, sign(ADAS));
  const law = async (who: Person, signature: string) => {
    const { files, intent } = await acceptance(kit, who);
    return (await office.forge(files, intent, office.stamp(intent), signature))?.law ?? 'lawful';
  };
  t.equal(await law(eve, `good:${ADAS.fingerprint}`), 'entry.signature', 'ada signs in the name of eve');
  t.equal(await law(person('ada', 'human'), `good:${ADAS.fingerprint}`), 'human-only', 'ada says that she is a person');
  t.equal(await law(eve, `good:${EVES.fingerprint}`), 'lawful');
});

t.test('question.number and question.answer: forged questions and answers are named', async t => {
  const { office, id } = await begin();
  await office.does('question.ask', { task_id: id, questions: ['Which clock?'], required: true }, bob);
  const law = async (key: string, make: (intent: Intent, was: Question) => Question, who: Person = ada) => {
    const was = (await office.view.get(questionRecord, 'q1', id))!;
    const intent = office.intent('question.answer', { task_id: id }, who);
    const files = [...(await office.enrolled(intent)), questionRecord.put(key, make(intent, was), id)];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  const asked =
    (more: Partial<Question> = {}) =>
    (intent: Intent): Question => ({
      text: 'How long?',
      status: 'open',
      by: intent.actor,
      at: intent.at,
      ...more,
    });
  const answered =
    (more: Partial<Question> = {}) =>
    (intent: Intent, was: Question): Question => ({
      ...was,
      status: 'answered',
      answer: 'UTC',
      answered_by: intent.actor,
      answered_at: intent.at,
      ...more,
    });
  t.equal(await law('q2', asked()), 'lawful', 'the honest ones');
  t.equal(await law('q1', answered()), 'lawful');
  t.equal(await law('q3', asked()), 'question.number');
  t.equal(await law('qx', asked()), 'question.number');
  t.equal(await law('q2', asked({ by: 'eve' })), 'question.number');
  t.equal(await law('q2', asked({ status: 'answered', answer: 'UTC' })), 'question.number');
  t.equal(await law('q1', answered({ text: 'Any clock?' })), 'question.number', 'other words were asked');
  t.equal(await law('q1', answered({ required: false })), 'question.number', 'it need not be answered after all');
  t.equal(await law('q1', answered({ answered_by: 'eve' })), 'question.answer', 'in the name of another');
  t.equal(await law('q1', answered({ answer: undefined } as never)), 'question.answer');
  t.equal(await law('q1', answered({ status: 'dismissed' })), 'question.answer', 'by one who did not ask');
  t.equal(await law('q1', answered({ status: 'dismissed' }), bob), 'lawful');
  await office.does('question.answer', { task_id: id, answers: ['q1: UTC.'] }, eve);
  t.equal(await law('q1', answered()), 'question.answer', 'what a person said');
  t.equal(
    await law('q1', (_intent, { text, by, at }) => ({ text, required: true, status: 'open', by, at })),
    'question.answer',
  );
});
