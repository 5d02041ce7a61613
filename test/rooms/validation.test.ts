import t from 'tap';
import type { Json } from '../../src/kernel/canonical.ts';
import { canonicalJson } from '../../src/kernel/canonical.ts';
import type { RecordDef } from '../../src/kernel/record.ts';
import { handoffRecord } from '../../src/rooms/handoffs/record.ts';
import { checkHash } from '../../src/rooms/tasks/proofs.ts';
import { type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { criteriaHash } from '../../src/rooms/tasks/review.ts';
import { commitsHash, criterionHash, lookedHash, validationGap } from '../../src/rooms/validation/gate.ts';
import { checkRecord, validationRecord, type Waiver, waiverRecord } from '../../src/rooms/validation/record.ts';
import { ada, bob, eve, type Person, person, TestOffice, type Turn } from './office.ts';

const COMMIT = 'a1'.repeat(20);
const carl = person('carl');
/** ada, as a person at her own desk. */
const owner = person('ada', 'human', 'another run');

/** A task of eve's, worked on by ada and in review, that asks for a validation. */
async function begin({ review = true, ...input }: { review?: boolean } & Record<string, unknown> = {}) {
  const office = new TestOffice();
  const criteria = [{ text: 'swept every minute' }, { text: 'documented' }];
  const id = await office.creates({ acceptance_criteria: criteria, validation_required: true, ...input }, eve);
  await office.does('task.claim', { task_id: id }, ada);
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: COMMIT }, ada);
  if (review) await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  const check = (criterion: string, result: string, who: Person = bob, more: object = {}) =>
    office.does('validate.check', { task_id: id, criterion, result, text: `saw ${criterion}`, ...more }, who);
  const finish = (result: string, who: Person = bob) =>
    office.does('validate.finish', { task_id: id, result, summary: `it ${result}` }, who);
  const refused = (op: string, more: object, who: Person = bob) => office.refusal(op, { task_id: id, ...more }, who);
  const ends = (result: string, who: Person = bob) => refused('validate.finish', { result, summary: 'so' }, who);
  // biome-ignore lint/suspicious/noExplicitAny: each test reads its own part of the answer
  const status = (who: Person = bob) => office.asks('validate.status', { task_id: id }, who) as Promise<any>;
  return { office, id, check, finish, refused, ends, status, task: () => office.task(id) };
}

const saw = (criterion: string, result = 'pass') => ({ criterion, result, text: 'as I say' });

t.test('another than the worker checks each criterion, and passing finishes the task', async t => {
  const { id, check, finish, ends, status, task } = await begin();
  t.match(
    (await status()).hints.next,
    /^ledgenter validate check t-\w+ --criterion c1 --result '<pass\|fail\|blocked>'/,
  );
  t.match(await ends('passed'), {
    code: 'GATE',
    law: 'validation.round',
    message: /c1 is not checked/,
    hint: /validate check/,
  });
  await check('c1', 'pass');
  t.match((await task()).criteria, [{ met: true, met_by: 'bob' }, { met: false }]);
  t.match(await ends('passed'), { message: /c2 is not checked/ });
  await check('c2', 'blocked');
  t.match(await ends('passed'), { message: /c2 could not be checked: saw c2/ });
  await check('c2', 'pass');
  t.equal(
    (await status()).hints.next,
    `ledgenter validate finish ${id} --result passed --summary '<what was looked at>'`,
  );
  t.match(await finish('passed'), { validation: 'r1' });
  t.match(await task(), { status: 'done', assignee: 'ada' });
  t.match(await status(), { status: 'done', rounds: [{ round: 'r1', result: 'passed', by: 'bob' }], gate: undefined });
  t.match((await status()).criteria, [{ result: 'pass', by: 'bob', saw: 'saw c1' }, { result: 'pass' }]);
});

t.test('validation.worker: whoever worked on it validates nothing, in no run and not as a person', async t => {
  const { office, id, refused, ends } = await begin();
  for (const who of [ada, person('ada', 'agent', 'another run'), owner]) {
    t.match(await refused('validate.check', saw('c1'), who), {
      code: 'REFUSED',
      law: 'validation.worker',
      message: /ada worked on/,
    });
    for (const result of ['passed', 'failed', 'blocked'])
      t.match(await ends(result, who), { law: 'validation.worker' }, result);
  }
  await office.does('task.update', { task_id: id, status: 'open' }, ada);
  await office.does('task.update', { task_id: id, assignee: null }, ada);
  await office.does('task.claim', { task_id: id }, carl);
  await office.does('task.update', { task_id: id, status: 'in_review' }, carl);
  t.match(
    await refused('validate.check', saw('c1'), ada),
    { law: 'validation.worker' },
    'remembered over another claim',
  );
  t.match(await refused('validate.check', saw('c1'), bob), { code: 'lawful' });
});

t.test('nothing is validated before it is in review, nor after', async t => {
  const { office, id, refused, ends, check, finish } = await begin({ review: false });
  t.match(await refused('validate.check', saw('c1')), {
    law: 'validation.check',
    hint: `ledgenter work finish ${id} --summary '<what was done>'`,
  });
  t.match(await ends('failed'), { law: 'validation.round' });
  await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  t.match(await refused('validate.check', saw('c9')), { code: 'NOT_FOUND' });
  t.match(await refused('validate.check', { ...saw('c1'), commit: 'b2b2b2b' }), {
    message: /no live commit/,
    hint: /code-ref/,
  });
  await check('c1', 'pass', bob, { commit: COMMIT.slice(0, 10) });
  await check('c2', 'pass');
  await finish('passed');
  t.match(await refused('validate.check', saw('c1')), { message: /is done/ });
});

t.test('done waits for it, and says so to each who asks, in order', async t => {
  const { office, id, check, finish } = await begin({ review: false });
  const gate = async (who: Person) => {
    const outcome = await office.outcome('task.update', { task_id: id, status: 'done' }, who);
    return outcome.kind === 'refused' ? [outcome.error.details?.gate, outcome.error.hint] : ['none'];
  };
  const hand = `ledgenter work finish ${id} --summary '<what was done>'`;
  t.same(await gate(ada), ['criteria', hand]);
  for (const criterion of ['c1', 'c2']) await office.does('task.check', { task_id: id, criterion }, ada);
  t.same(await gate(ada), ['validation', hand], 'the word of its worker is not enough');
  await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  t.same(await gate(ada), ['validation', `ledgenter validate status ${id}`]);
  await check('c1', 'pass');
  await check('c2', 'pass');
  await finish('passed');
  const free = await office.creates({ validation_required: true }, eve);
  t.match(await office.refusal('task.update', { task_id: free, status: 'done' }, eve), {
    code: 'GATE',
    hint: `ledgenter task claim ${free}`,
  });
});

t.test(
  'a failed round opens the task again: worker and plan kept, the summary as its reason, and a new round next',
  async t => {
    const { office, id, check, finish, ends, status, task } = await begin();
    await check('c1', 'pass');
    await check('c2', 'fail');
    t.match((await task()).criteria, [{ met: true }, { met: false }]);
    t.match(await ends('passed'), { message: /c2 failed: saw c2/, hint: /--result failed/ });
    await finish('failed');
    t.match(await task(), { status: 'open', assignee: 'ada', reason: 'it failed', hold: undefined });
    t.match(await office.refusal('task.claim', { task_id: id }, carl), { message: /assigned to ada/ });
    await office.does('task.claim', { task_id: id }, ada);
    t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, ada), { code: 'GATE' });
    await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
    t.match(
      await ends('passed'),
      { message: /c1 is not checked in this round/ },
      'what passed in round 1 is checked anew',
    );
    await check('c1', 'pass');
    await check('c2', 'pass');
    await finish('passed', bob);
    t.match((await status()).rounds, [{ result: 'failed' }, { round: 'r2', result: 'passed' }]);
  },
);

t.test('a blocked round leaves it in review', async t => {
  const { finish, status, task } = await begin();
  await finish('blocked');
  t.match(await task(), { status: 'in_review' });
  t.match(await status(), { round: 2, rounds: [{ result: 'blocked' }], left: /is not met|blocked/ });
});

t.test('a commit added after the validation reopens the gate, and so do other criteria', async t => {
  const { office, id, check, finish, task, status, ends } = await begin({ resolution_required: true });
  await check('c1', 'pass');
  await check('c2', 'pass');
  t.match(await office.shows('validate.finish', await finish('passed'), { task_id: id }, bob), {
    result: 'passed',
    gate: 'resolution',
    hints: { next: /resolution/ },
  });
  t.match(await task(), { status: 'in_review' }, 'another gate is left');
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'b2'.repeat(20) }, ada);
  await office.does('task.note', { task_id: id, kind: 'resolution', text: 'swept' }, ada);
  const refused = await office.refusal('task.update', { task_id: id, status: 'done' }, ada);
  t.match(refused, { code: 'GATE', message: /other commits than were validated/ });
  t.match((await status()).rounds, [{ other_commits: true }]);
  await check('c1', 'pass');
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'c3'.repeat(20) }, ada);
  await check('c2', 'pass');
  t.match(await ends('passed'), { message: /c1 was checked before the commits changed/ });
  await office.does('task.update', { task_id: id, add_criteria: [{ text: 'linted' }] }, eve);
  t.match((await status()).criteria, [
    { result: 'unchecked', outdated: /the commits changed/ },
    { result: 'pass' },
    { result: 'unchecked' },
  ]);
  await check('c1', 'pass');
  await check('c3', 'pass');
  await finish('passed');
  t.match(await task(), { status: 'done' });
});

t.test('a criterion with a check passes by its proof alone, and one whose check failed does not', async t => {
  const { office, id, check, finish, refused, ends, status, task } = await begin({ check: ['c1=npm test'] });
  const [c1] = (await task()).criteria;
  const proves = (exit_code: number) =>
    office.does(
      'task.proof',
      {
        task_id: id,
        criterion: 'c1',
        check_sha256: checkHash(c1!),
        exit_code,
        duration_ms: 10,
        commit: COMMIT,
        clean: true,
        output_sha256: 'c'.repeat(64),
        output_bytes: 0,
      },
      bob,
    );
  const prove = `ledgenter task prove ${id} --criterion c1`;
  t.equal((await status()).hints.next, prove);
  t.match(await refused('validate.check', saw('c1')), { code: 'GATE', message: /has no proof/, hint: prove });
  await proves(0);
  await check('c1', 'pass');
  await check('c2', 'pass');
  await proves(1);
  t.match(
    await ends('passed'),
    { code: 'GATE', law: 'validation.round', message: /c1 has no proof/ },
    'it passed before its check failed',
  );
  t.match(await refused('validate.check', saw('c1')), { code: 'GATE' });
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, ada), {
    code: 'GATE',
    message: /c1 is not met/,
  });
  await proves(0);
  await finish('passed');
  t.match(await task(), { status: 'done' });
});

t.test('a failure says no to what a check says too', async t => {
  const { check, task, ends } = await begin({ check: ['c1=npm test'] });
  await check('c1', 'fail');
  t.match((await task()).criteria, [{ met: false }, {}]);
  t.match(await ends('passed'), { message: /c1 failed/ });
});

t.test('waiver.human: a person waives a criterion with a reason, visible for ever; nobody else does', async t => {
  const { office, id, check, finish, refused, status, task } = await begin();
  const waive = { criterion: 'c2', reason: 'the old host goes on Friday' };
  t.match(await refused('validate.waive', waive, carl), { code: 'HUMAN_ONLY' });
  t.match(await refused('validate.waive', waive, owner), { code: 'HUMAN_ONLY', message: /ada worked on it/ });
  await office.does('validate.waive', { task_id: id, ...waive }, eve);
  t.match(await office.outcome('validate.waive', { task_id: id, ...waive }, eve), { kind: 'same' });
  await check('c1', 'pass');
  await finish('passed');
  t.match(await task(), { status: 'done', criteria: [{ met: true }, { met: false }] });
  const waived = [{ of: 'c2', by: 'eve', reason: 'the old host goes on Friday' }];
  t.match(await status(), {
    waivers: waived,
    criteria: [{ result: 'pass' }, { result: 'waived', by: 'eve', saw: /Friday/ }],
  });
  const found = await office.asks('task.get', { task_id: id });
  t.match(found, { waivers: waived });
  t.match(await refused('validate.waive', { ...waive, criterion: 'c1' }, eve), { message: /is done/ });
});

t.test('what is reworded is waived no more, and the waiver stays in sight', async t => {
  const { office, id, ends, status, check } = await begin();
  await office.does('validate.waive', { task_id: id, criterion: 'c2', reason: 'not now' }, eve);
  await office.does('task.update', { task_id: id, check: ['c2=make docs'] }, eve);
  await check('c1', 'pass');
  t.match(await ends('passed'), { message: /c2 has no proof/ });
  t.match(await status(), { waivers: [{ of: 'c2', outdated: true }] });
});

t.test('only the worker, a person or a failed round takes it out of review', async t => {
  const { office, id, finish } = await begin();
  t.match(await office.refusal('task.update', { task_id: id, status: 'open' }, carl), {
    law: 'task.status',
    code: 'NOT_HOLDER',
    hint: `ledgenter validate status ${id}`,
  });
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, bob), {
    law: 'task.status',
    code: 'NOT_HOLDER',
  });
  await finish('failed');
  t.match(await office.task(id), { status: 'open' });
});

t.test('what passed stays in sight while another gate is open, and its validator may end it then', async t => {
  const { office, id, check, finish, task, status } = await begin({ resolution_required: true });
  await check('c1', 'pass');
  await check('c2', 'pass');
  await finish('passed');
  t.match(await status(), { round: 1, criteria: [{ result: 'pass' }, { result: 'pass' }], gate: 'resolution' });
  await office.does('task.note', { task_id: id, kind: 'resolution', text: 'swept' }, ada);
  const done = `ledgenter task update ${id} --status done`;
  t.equal((await status(bob)).hints.next, done);
  t.equal((await status(carl)).hints.next, `ledgenter task get ${id}`);
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, carl), { code: 'NOT_HOLDER' });
  await office.does('task.update', { task_id: id, status: 'done' }, bob);
  t.match(await task(), { status: 'done', assignee: 'ada' });
});

t.test('where a review is asked for too both are gates, validation first; a failure withdraws the review', async t => {
  const { office, id, check, finish, task } = await begin({ reviewer: 'carl' });
  const review = (await task()).review!;
  const gate = async () => (await office.refusal('task.update', { task_id: id, status: 'done' }, ada)).message;
  for (const criterion of ['c1', 'c2']) await office.does('task.check', { task_id: id, criterion }, ada);
  t.match(await gate(), /needs a validation/);
  await finish('failed');
  t.match(await task(), { status: 'open', review: undefined });
  t.match(await office.view.get(handoffRecord, review), { status: 'cancelled' });
  await office.does('task.claim', { task_id: id }, ada);
  await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  await check('c1', 'pass');
  await check('c2', 'pass');
  await finish('passed');
  t.match(await gate(), /waits for the review of carl/);
  const handoff_id = (await task()).review!;
  await office.does('handoff.claim', { handoff_id }, carl);
  await office.does('handoff.respond', { handoff_id, verdict: 'approve', answer: 'fine' }, carl);
  await office.does('task.update', { task_id: id, status: 'done' }, ada);
});

t.test('approved before, it is done by the validation that was left', async t => {
  const { office, check, finish, task } = await begin({ reviewer: 'carl' });
  const handoff_id = (await task()).review!;
  await office.does('handoff.claim', { handoff_id }, carl);
  await office.does('handoff.respond', { handoff_id, verdict: 'approve', answer: 'fine' }, carl);
  await check('c1', 'pass');
  await check('c2', 'pass');
  await finish('passed');
  t.match(await task(), { status: 'done', review: handoff_id });
});

t.test(
  'task.workers: who claims is remembered wherever a validation is asked for: by task, project or ledger',
  async t => {
    for (const by of ['task', 'project', 'ledger'] as const) {
      const office = new TestOffice();
      const policy = { validation_required: true };
      const web = { project: 'web', title: 'Web', ...(by === 'project' ? { policy } : {}) };
      if (by === 'ledger') {
        await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
        await office.does('ledger.policy', policy, eve);
      }
      await office.does('project.create', web, eve);
      const id = await office.creates({ project: 'web', ...(by === 'task' ? policy : {}) }, eve);
      const at = office.now + 1000;
      const time = new Date(at).toISOString();
      const claim = {
        root: 'r1',
        oid: 'b'.repeat(40),
        actor: 'ada',
        run: ada.run[0]!,
        lease_until: new Date(at + 60_000).toISOString(),
      };
      const hold = { root: 'r1', actor: 'ada', run: ada.run[0]!, since: time, lease_until: claim.lease_until };
      const taken = { status: 'in_progress', assignee: 'ada', hold };
      const turn = { op: 'task.claim', claim, at };
      t.equal(await office.breaks(id, taken, ada, turn), 'task.workers', `${by}: forgotten`);
      t.equal(await office.breaks(id, { ...taken, workers: ['ada'] }, ada, turn), 'lawful', by);
      await office.does('task.claim', { task_id: id }, ada);
      await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
      t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, ada), {
        code: 'GATE',
        message: /needs a validation/,
      });
      await office.does('validate.finish', { task_id: id, result: 'passed', summary: 'looked at' }, bob);
      t.equal((await office.task(id)).status, 'done', by);
    }
    const office = new TestOffice();
    const id = await office.creates({}, eve);
    await office.does('task.claim', { task_id: id }, carl);
    t.equal(
      await office.breaks(id, { validation_required: true, workers: undefined }, carl),
      'task.workers',
      'asked for later',
    );
    await office.does('task.update', { task_id: id, validation_required: true }, carl);
    t.same((await office.task(id)).workers, ['carl']);
  },
);

t.test('task.goalposts: who worked on what is validated moves no criterion of it, as a person neither', async t => {
  const office = new TestOffice();
  const id = await office.creates({ acceptance_criteria: [{ text: 'swept' }], validation_required: true }, owner);
  await office.does('task.claim', { task_id: id }, ada);
  await office.does('task.release', { task_id: id }, ada);
  for (const change of [{ drop_criteria: ['c1'] }, { validation_required: false }])
    t.match(await office.refusal('task.update', { task_id: id, ...change }, owner), {
      law: 'task.goalposts',
      code: 'HUMAN_ONLY',
    });
  t.match(await office.refusal('task.update', { task_id: id, drop_criteria: ['c1'] }, eve), { code: 'lawful' });
});

/** What a forged entry adds to a task: a record of its room, and the task as it would be. */
async function forges<R>(
  office: TestOffice,
  id: string,
  def: RecordDef<R>,
  record: (at: string) => object,
  who: Person,
  {
    key,
    task = {},
    said = {},
    ...turn
  }: Turn & { op: string; key?: string; task?: object | ((at: string) => object); said?: object },
) {
  const { criterion, result, text, summary, reason } = record('') as Record<string, string | undefined>;
  const looked = await lookedHash(office.view, id, await office.task(id), criterion);
  const looked_sha256 = turn.op === 'validate.waive' ? (record('') as Waiver).criterion_sha256 : looked;
  const input = { task_id: id, criterion, result, text, summary, reason, looked_sha256, ...said };
  const intent = office.intent(turn.op, input, who, turn);
  const now = { ...(await office.task(id)), ...(typeof task === 'function' ? task(intent.at) : task) } as Task;
  const changed = canonicalJson(now as never as Json) !== canonicalJson((await office.task(id)) as never as Json);
  const files = [
    ...(await office.enrolled(intent)),
    ...(changed ? [taskRecord.put(id, JSON.parse(JSON.stringify({ ...now, updated_at: intent.at })))] : []),
    def.put(key ?? office.idFor(def, intent), record(intent.at) as R, id),
  ];
  return (await office.forge(files, intent))?.law ?? 'lawful';
}

t.test('what the wrong actor forges past every operation is named', async t => {
  const { office, id, task } = await begin();
  const { criteria } = await task();
  const commits_sha256 = await commitsHash(office.view, id);
  const met = (by: string) => (at: string) => ({
    criteria: [{ ...criteria[0], met: true, met_by: by, met_at: at }, criteria[1]],
  });
  const check =
    (by: string, patch: object = {}) =>
    (at: string) => ({
      round: 1,
      criterion: 'c1',
      criterion_sha256: criterionHash(criteria[0]!),
      commits_sha256,
      result: 'pass',
      text: 'x',
      by,
      at,
      ...patch,
    });
  const seen = { op: 'validate.check' };
  t.equal(await forges(office, id, checkRecord, check('bob'), bob, { ...seen, task: met('bob') }), 'lawful');
  t.equal(await forges(office, id, checkRecord, check('ada'), ada, { ...seen, task: met('ada') }), 'validation.worker');
  t.equal(
    await forges(office, id, checkRecord, check('bob'), ada, { ...seen, task: met('ada') }),
    'validation.author',
    'under another name',
  );
  t.equal(
    await forges(office, id, checkRecord, check('bob', { round: 2 }), bob, { ...seen, task: met('bob') }),
    'validation.check',
  );
  t.equal(
    await forges(office, id, checkRecord, check('bob', { commits_sha256: 'd'.repeat(64) }), bob, {
      ...seen,
      task: met('bob'),
    }),
    'validation.check',
  );
  t.equal(
    await forges(office, id, checkRecord, check('bob', { criterion_sha256: 'd'.repeat(64) }), bob, {
      ...seen,
      task: met('bob'),
    }),
    'validation.check',
  );
  t.equal(
    await forges(office, id, checkRecord, check('bob', { result: 'fail' }), bob, { ...seen, task: met('bob') }),
    'validation.check',
    'met by a failure',
  );

  const round =
    (by: string, result = 'passed', patch: object = {}) =>
    (at: string) => ({
      result,
      summary: 'so',
      commits_sha256,
      criteria_sha256: criteriaHash(criteria),
      by,
      at,
      ...patch,
    });
  const ends = { op: 'validate.finish', key: 'r1' };
  t.equal(await forges(office, id, validationRecord, round('bob', 'blocked'), bob, ends), 'lawful');
  t.equal(await forges(office, id, validationRecord, round('ada', 'blocked'), ada, ends), 'validation.worker');
  t.equal(
    await forges(office, id, validationRecord, round('bob', 'blocked'), bob, { ...ends, key: 'r2' }),
    'validation.round',
  );
  t.equal(
    await forges(office, id, validationRecord, round('bob'), bob, ends),
    'validation.round',
    'nothing was checked',
  );
  t.equal(
    await forges(office, id, validationRecord, round('bob', 'blocked', { commits_sha256: 'd'.repeat(64) }), bob, ends),
    'validation.round',
  );
  t.equal(
    await forges(office, id, validationRecord, round('bob', 'failed'), bob, ends),
    'validation.round',
    'and not opened again',
  );
  const back = { status: 'open', reason: 'so' };
  t.equal(await forges(office, id, validationRecord, round('bob', 'failed'), bob, { ...ends, task: back }), 'lawful');
  t.equal(
    await forges(office, id, validationRecord, round('bob', 'failed'), bob, {
      ...ends,
      task: { ...back, assignee: undefined },
    }),
    'task.assignee',
  );
  const done = (at: string) => ({ status: 'done', finished_at: at });
  t.equal(
    await forges(office, id, validationRecord, round('bob'), bob, { ...ends, task: done }),
    'task.status',
    'done past its gates',
  );

  const waiver =
    (by: string, patch: object = {}) =>
    (at: string) => ({
      criterion: 'c1',
      criterion_sha256: criterionHash(criteria[0]!),
      reason: 'I like it so',
      by,
      at,
      ...patch,
    });
  const waives = { op: 'validate.waive' };
  t.equal(await forges(office, id, waiverRecord, waiver('eve'), eve, waives), 'lawful');
  t.equal(await forges(office, id, waiverRecord, waiver('carl'), carl, waives), 'human-only');
  t.equal(await forges(office, id, waiverRecord, waiver('carl'), carl, { op: 'task.note' }), 'waiver.human');
  t.equal(await forges(office, id, waiverRecord, waiver('eve'), carl, waives), 'human-only');
  t.equal(await forges(office, id, waiverRecord, waiver('eve'), eve, { op: 'task.note' }), 'waiver.human');
  t.equal(
    await forges(office, id, waiverRecord, waiver('ada'), owner, waives),
    'waiver.human',
    'who worked on it, as a person',
  );
  t.equal(
    await forges(office, id, waiverRecord, waiver('eve', { criterion_sha256: 'd'.repeat(64) }), eve, waives),
    'waiver.human',
  );
  t.equal(await forges(office, id, waiverRecord, waiver('eve', { required_task_id: id }), eve, waives), 'waiver.human');
});

t.test('validation.said: what somebody else lands is the word of its author, about what its author saw', async t => {
  const { office, id, check, refused, ends, task } = await begin();
  const [c1, c2] = (await task()).criteria;
  const looked = async (name?: string) => ({ looked_sha256: await lookedHash(office.view, id, await task(), name) });
  const [seen, all, worded] = [await looked('c1'), await looked(), { looked_sha256: criterionHash(c1!) }];
  for (const criterion of ['c1', 'c2']) await check(criterion, 'pass');
  const commits_sha256 = await commitsHash(office.view, id);
  const round = (result: string) => (at: string) => ({
    result,
    summary: 'so',
    commits_sha256,
    criteria_sha256: criteriaHash([c1!, c2!]),
    by: 'bob',
    at,
  });
  const ended = { op: 'validate.finish', key: 'r1' };
  const back = { task: { status: 'open', reason: 'so' } };
  t.equal(await forges(office, id, validationRecord, round('failed'), bob, { ...ended, ...back }), 'lawful');
  t.equal(
    await forges(office, id, validationRecord, round('failed'), bob, { ...ended, ...back, said: { result: 'passed' } }),
    'validation.said',
  );
  t.equal(
    await forges(office, id, validationRecord, round('passed'), bob, { ...ended, said: { result: 'failed' } }),
    'validation.said',
  );
  const waiver = (at: string) => ({
    criterion: 'c1',
    criterion_sha256: criterionHash(c1!),
    reason: 'so',
    by: 'eve',
    at,
  });
  const other = { op: 'validate.waive', said: { criterion: 'c2' } };
  t.equal(await forges(office, id, waiverRecord, waiver, eve, other), 'validation.said', 'of another criterion');
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'b2'.repeat(20) }, carl);
  t.match(await refused('validate.check', { ...saw('c1'), ...seen }), {
    code: 'REFUSED',
    message: /as it was looked at/,
  });
  for (const criterion of ['c1', 'c2']) await check(criterion, 'pass', carl);
  t.match(await refused('validate.finish', { result: 'passed', summary: 'so', ...all }), {
    code: 'REFUSED',
    hint: `ledgenter validate status ${id}`,
  });
  await office.does('task.update', { task_id: id, check: ['c1=npm test'] }, eve);
  t.match(await refused('validate.waive', { criterion: 'c1', reason: 'so', ...worded }, eve), { message: /looked at/ });
  t.match(await ends('passed'), { code: 'GATE' });
});

t.test('a round that is ended again under its key is the same one, whatever was linked since', async t => {
  const { office, id } = await begin();
  const ends = { task_id: id, result: 'failed', summary: 'the last row stays' };
  await office.does('validate.finish', ends, bob, { key: 'k1' });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'b2'.repeat(20) }, carl);
  t.match(await office.outcome('validate.finish', ends, bob, { key: 'k1' }), {
    kind: 'same',
    result: { result: 'failed' },
  });
  t.match(await office.refusal('validate.finish', { ...ends, result: 'blocked' }, bob, { key: 'k1' }), {
    code: 'KEY_REUSED',
  });
});

t.test('a validation is of the plan that was accepted then', async t => {
  const { office, id, check, task } = await begin({ reviewer: 'zed' });
  for (const criterion of ['c1', 'c2']) await check(criterion, 'pass');
  await office.does('validate.finish', { task_id: id, result: 'passed', summary: 'so' }, bob);
  t.equal(await validationGap(office.view, id, await task()), undefined);
  const criteria = (await task()).criteria.map(({ text }) => ({ text }));
  const plan = { goal: 'Sweep', acceptance_criteria: criteria, todos: [{ text: 'Sweep the attic too' }] };
  await office.does('plan.propose', { task_id: id, ...plan }, carl);
  await office.does('plan.accept', { task_id: id, note: 'so' }, eve);
  t.match(await validationGap(office.view, id, await task()), { message: /another plan than was validated/ });
});

t.test('what was said of a validation is never changed', async t => {
  const { office, id, check } = await begin();
  const { check_id } = await check('c1', 'fail');
  const intent = office.intent('validate.check', { task_id: id }, bob);
  const record = (await office.view.get(checkRecord, String(check_id), id))!;
  const forged = checkRecord.put(String(check_id), { ...record, result: 'pass' }, id);
  t.equal((await office.forge([forged], intent))?.law, 'append-only');
});
