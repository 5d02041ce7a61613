import t from 'tap';
import { type Handoff, handoffRecord } from '../../src/rooms/handoffs/record.ts';
import { criteriaHash } from '../../src/rooms/tasks/review.ts';
import { ada, bob, eve, type Person, person, TestOffice, type Turn } from './office.ts';

const carl = person('carl');
const CRITERIA = [{ text: 'swept every minute' }, { text: 'tests pass' }];

/** A task of eve's that ada works on and bob reviews; put in review unless told otherwise. */
async function begin({ review = true, ...input }: { review?: boolean } & Record<string, unknown> = {}) {
  const office = new TestOffice();
  const id = await office.creates({ reviewer: 'bob', acceptance_criteria: CRITERIA, ...input }, eve);
  await office.does('task.claim', { task_id: id }, ada);
  for (const criterion of ['c1', 'c2']) await office.does('task.check', { task_id: id, criterion }, ada);
  if (review) await office.does('task.update', { task_id: id, status: 'in_review', note: 'see the log' }, ada);
  const task = () => office.task(id);
  const handoff = async () => (await office.view.get(handoffRecord, (await task()).review!)) as Handoff;
  const review_id = async () => (await task()).review!;
  return { office, id, task, handoff, review_id };
}

async function answers(office: TestOffice, handoff_id: string, verdict: 'approve' | 'reject', who: Person = bob) {
  await office.does('handoff.claim', { handoff_id }, who);
  await office.does('handoff.respond', { handoff_id, verdict, answer: `I ${verdict}` }, who);
}

const done = { status: 'done' };

/** Which law a task and a handoff rewritten by a forged entry break first. */
async function forged(
  office: TestOffice,
  id: string,
  patch: object,
  who: Person,
  review: { id: string; patch: object } | undefined = undefined,
  turn: Turn & { op?: string } = {},
) {
  const { files, intent } = await office.rewrite(id, patch as Record<string, unknown>, who, turn);
  const clean = files.map(file => file);
  if (review) {
    const before = await office.view.get(handoffRecord, review.id);
    const after = JSON.parse(JSON.stringify({ ...before, updated_at: intent.at, ...review.patch }));
    clean.push(handoffRecord.put(review.id, after));
  }
  return (await office.forge(clean, intent))?.law ?? 'lawful';
}
const finished = (office: TestOffice) => ({ ...done, finished_at: new Date(office.now + 1000).toISOString() });

t.test('going in review opens the review in the same entry: criteria, evidence and note with it', async t => {
  const { office, id, task, handoff } = await begin({ review: false });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'abcdef1234' }, ada);
  await office.does('task.update', { task_id: id, status: 'in_review', note: 'see the log' }, ada);
  t.match(await task(), { status: 'in_review', assignee: 'ada', workers: ['ada'], hold: undefined });
  const { context, ...opened } = await handoff();
  t.match(opened, { kind: 'review', to: ['bob'], status: 'open', task_id: id, created_by: 'ada' });
  t.equal(opened.criteria_sha256, criteriaHash((await task()).criteria));
  for (const part of ['c1 (met by ada) swept every minute', 'commit abcdef1234', 'see the log']) t.match(context, part);
});

t.test('done is refused gate by gate, in order, each with the command that closes it', async t => {
  const { office, id, task } = await begin({ review: false, requires_evidence: true, resolution_required: true });
  await office.does('task.check', { task_id: id, criterion: 'c2', met: false }, ada);
  const gate = async () => {
    const outcome = await office.outcome('task.update', { task_id: id, ...done }, ada);
    return outcome.kind === 'refused' ? [outcome.error.details?.gate, outcome.error.hint] : ['none'];
  };
  t.same(await gate(), ['criteria', `ledgenter task check ${id} --criterion c2 --met`]);
  await office.does('task.check', { task_id: id, criterion: 'c2' }, ada);
  t.same(await gate(), ['evidence', `ledgenter task code-ref ${id} --ref-type commit --sha <sha>`]);
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'abcdef1234' }, ada);
  t.same(await gate(), ['reviewer', `ledgenter task update ${id} --status in_review --note '<what was done>'`]);
  await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  const review = (await task()).review!;
  t.same(await gate(), ['reviewer', `ledgenter handoff get ${review}`]);
  await answers(office, review, 'approve');
  t.same(await gate(), ['resolution', `ledgenter task note ${id} --kind resolution --text '<what was done>'`]);
  await office.does('task.note', { task_id: id, kind: 'resolution', text: 'swept' }, ada);
  t.same(await gate(), ['none']);
  t.equal((await office.view.get(handoffRecord, review))?.status, 'acknowledged', 'who asked has read it');
});

t.test('the reviewer too may end what is approved', async t => {
  const { office, id, task, handoff } = await begin();
  await answers(office, (await task()).review!, 'approve');
  await office.does('task.update', { task_id: id, ...done }, bob);
  t.match(await task(), { status: 'done', assignee: 'ada' });
  t.equal((await handoff()).status, 'answered', 'it is not the reviewer who acknowledges');
});

t.test('a rejection sends the task back with the reason, its worker kept; another round begins anew', async t => {
  const { office, id, task, review_id } = await begin();
  const first = await review_id();
  await answers(office, first, 'reject');
  t.match(await task(), { status: 'open', assignee: 'ada', reason: 'I reject', review: undefined });
  await office.does('task.claim', { task_id: id }, ada);
  t.match(await office.refusal('task.update', { task_id: id, ...done }, ada), {
    code: 'GATE',
    message: /approval of bob/,
  });
  await office.does('task.update', { task_id: id, status: 'in_review' }, ada);
  t.not(await review_id(), first);
  await answers(office, await review_id(), 'approve');
  await office.does('task.update', { task_id: id, ...done }, ada);
});

t.test('criteria changed after a review reopen the gate with a new review', async t => {
  const { office, id, task, review_id } = await begin();
  const first = await review_id();
  await answers(office, first, 'approve');
  await office.does('task.update', { task_id: id, add_criteria: [{ text: 'documented' }] }, carl);
  t.not(await review_id(), first);
  await office.does('task.check', { task_id: id, criterion: 'c3' }, ada);
  t.match(await office.refusal('task.update', { task_id: id, ...done }, ada), {
    code: 'GATE',
    message: /waits for the review/,
  });
  t.equal(
    await forged(office, id, { criteria: [...(await task()).criteria, { id: 'c4', text: 'x', met: false }] }, carl),
    'task.review',
    'forged without a new review',
  );
  t.equal(await forged(office, id, { review: first }, ada), 'task.review', 'nor is the old one brought back');
  await answers(office, await review_id(), 'approve');
  await office.does('task.update', { task_id: id, ...done }, ada);
});

t.test('only the rejection, the worker or a person takes a task out of review', async t => {
  for (const [who, status] of [
    [carl, 'open'],
    [carl, 'cancelled'],
    [bob, 'open'],
  ] as const) {
    const { office, id, review_id } = await begin();
    const refused = await office.refusal('task.update', { task_id: id, status, reason: 'I say so' }, who);
    t.match(refused, { law: 'task.status', code: 'NOT_HOLDER' }, `${who.actor} → ${status}`);
    if (who === bob)
      t.equal(refused.hint, `ledgenter handoff respond ${await review_id()} --verdict reject --answer '<why>'`);
    const end = status === 'cancelled' ? { finished_at: new Date(office.now + 1000).toISOString() } : {};
    t.equal(await forged(office, id, { status, reason: 'forged', review: undefined, ...end }, who), 'task.status');
  }
  for (const who of [ada, eve]) {
    const { office, id, task, review_id } = await begin();
    const review = await review_id();
    await office.does('task.update', { task_id: id, status: 'open' }, who);
    t.match(await task(), { status: 'open', assignee: 'ada', review: undefined });
    t.equal((await office.view.get(handoffRecord, review))?.status, 'cancelled', 'nobody is asked any more');
  }
});

t.test('a review that was withdrawn under its reviewer is answered for the record and moves nothing', async t => {
  const { office, id, task, review_id } = await begin();
  const review = await review_id();
  await office.does('handoff.claim', { handoff_id: review }, bob);
  await office.does('task.update', { task_id: id, status: 'open' }, ada);
  await office.does('task.claim', { task_id: id }, ada);
  await office.does('handoff.respond', { handoff_id: review, verdict: 'reject', answer: 'too late' }, bob);
  t.match(await task(), { status: 'in_progress', hold: { actor: 'ada' } });
});

t.test('task.reviewer: who works on it never reviews it, who reviews it never works on it', async t => {
  const { office, id } = await begin({ review: false });
  t.match(await office.refusal('task.create', { title: 'Own', reviewer: 'ada', assignee: 'ada' }), {
    law: 'task.reviewer',
  });
  t.match(await office.refusal('task.create', { title: 'Role', reviewer: 'maintainer' }), { code: 'BAD_INPUT' });
  const free = await office.creates({ reviewer: 'bob' }, eve);
  t.match(await office.refusal('task.update', { task_id: free, status: 'done' }, eve), {
    code: 'GATE',
    hint: `ledgenter task claim ${free}`,
  });
  await office.does('task.release', { task_id: id }, ada);
  t.match(await office.refusal('task.claim', { task_id: id }, bob), { law: 'task.reviewer', message: /you review/ });
  t.match(await office.refusal('task.update', { task_id: id, assignee: 'bob' }, eve), { law: 'task.reviewer' });
  t.match(await office.refusal('task.update', { task_id: id, reviewer: 'ada' }, eve), { law: 'task.reviewer' });
  await office.does('task.claim', { task_id: id }, carl);
  t.same((await office.task(id)).workers, ['ada', 'carl'], 'remembered over release and re-claim');
});

t.test('task.workers: who worked is not forgotten, and nobody is entered who did not', async t => {
  const { office, id } = await begin({ review: false });
  t.equal(await office.breaks(id, { workers: undefined }, ada), 'task.workers');
  t.equal(await office.breaks(id, { workers: ['ada', 'carl'] }, ada), 'task.workers');
  const free = await office.creates({ title: 'Free' }, eve);
  await office.does('task.claim', { task_id: free }, carl);
  t.equal(await office.breaks(free, { reviewer: 'bob', workers: undefined }, carl), 'task.workers');
  t.equal(await office.breaks(free, { assignee: 'carl', workers: ['carl', 'eve'] }, carl), 'task.workers');
  await office.does('task.update', { task_id: free, reviewer: 'bob' }, carl);
  t.same((await office.task(free)).workers, ['carl']);
});

t.test(
  'who ever worked on it changes neither reviewer nor criteria, not as creator, not as a person, in no run',
  async t => {
    const owner = person('ada', 'human', 'another run');
    for (const worker of [ada, owner]) {
      const office = new TestOffice();
      const id = await office.creates({ reviewer: 'bob', acceptance_criteria: CRITERIA }, ada);
      await office.does('task.claim', { task_id: id }, ada);
      await office.does('task.release', { task_id: id }, ada);
      for (const change of [{ reviewer: null }, { reviewer: 'carl' }, { drop_criteria: ['c1'] }]) {
        t.match(await office.refusal('task.update', { task_id: id, ...change }, worker), { law: 'task.goalposts' });
      }
      t.equal(await office.breaks(id, { reviewer: undefined }, worker), 'task.goalposts');
      t.equal(await office.breaks(id, { reviewer: 'carl' }, worker), 'task.goalposts');
      const task = await office.task(id);
      t.equal(
        await office.breaks(id, { criteria: task.criteria.slice(1), criteria_made: 2 }, worker),
        'task.goalposts',
      );
      await office.does('task.update', { task_id: id, reviewer: 'carl' }, eve);
      t.equal((await office.task(id)).reviewer, 'carl', 'a person who did not work on it does');
    }
  },
);

t.test('in review another reviewer is asked anew', async t => {
  const { office, id, task, review_id } = await begin();
  const first = await review_id();
  await office.does('task.update', { task_id: id, reviewer: 'carl' }, eve);
  t.match(await office.view.get(handoffRecord, first), { status: 'cancelled' });
  t.match(await office.view.get(handoffRecord, await review_id()), { to: ['carl'], status: 'open' });
  t.equal((await task()).reviewer, 'carl');
  t.match(await office.refusal('handoff.claim', { handoff_id: await review_id() }, bob), { law: 'handoff.status' });
});

t.test('task.review: done past the review is caught however it is forged', async t => {
  const { office, id, task, handoff, review_id } = await begin();
  const review = await review_id();
  const at = () => new Date(office.now + 1000).toISOString();
  const approved = () => ({ status: 'answered', verdict: 'approve', answer: 'fine', answered_at: at() });
  const tries: [string, string, () => Promise<string>][] = [
    ['nobody answered', 'task.status', () => forged(office, id, finished(office), ada)],
    [
      'the reviewer is cleared',
      'task.goalposts',
      () => forged(office, id, { reviewer: undefined, review: undefined }, ada),
    ],
    [
      'the reviewer is cleared and it is done',
      'task.review',
      () => forged(office, id, { ...finished(office), reviewer: undefined, review: undefined }, ada),
    ],
    [
      'the worker approves',
      'task.status',
      () => forged(office, id, finished(office), ada, { id: review, patch: { ...approved(), answered_by: 'ada' } }),
    ],
    [
      'the worker writes the reviewer’s name',
      'handoff.status',
      () => forged(office, id, finished(office), ada, { id: review, patch: { ...approved(), answered_by: 'bob' } }),
    ],
    [
      'the review is to the worker',
      'task.status',
      () => forged(office, id, finished(office), ada, { id: review, patch: { to: ['ada'] } }),
    ],
    ['the review is taken off', 'task.review', () => forged(office, id, { review: undefined }, ada)],
    [
      'by import',
      'task.status',
      () => forged(office, id, { ...finished(office), imported: true }, ada, undefined, { op: 'import.entry' }),
    ],
  ];
  for (const [what, law, attempt] of tries) {
    t.equal(await attempt(), law, what);
  }
  t.match(await office.refusal('handoff.claim', { handoff_id: review }, person('ada', 'agent', 'another run')), {
    law: 'handoff.status',
    message: /you sent it|for bob/,
  });
  t.match(await office.refusal('handoff.cancel', { handoff_id: review }, ada), {
    law: 'handoff.status',
    hint: /--status open/,
  });
  t.match([(await task()).status, (await handoff()).status], ['in_review', 'open']);
  await answers(office, review, 'reject');
  t.match(await office.task(id), { status: 'open' });
  const edited = { id: review, patch: { verdict: 'approve' } };
  t.equal(await forged(office, id, {}, bob, edited), 'handoff.status', 'an answer is not edited');
});

t.test('a rejection that leaves the task in review is caught, and so is sending back without one', async t => {
  const { office, id, review_id } = await begin();
  const review = await review_id();
  await office.does('handoff.claim', { handoff_id: review }, bob);
  const hold = (await office.view.get(handoffRecord, review))!.hold!;
  const claim = office.claims.get(review)!;
  const turn = { op: 'handoff.respond', claim, at: office.now + 1000 };
  const at = new Date(turn.at).toISOString();
  const no = {
    status: 'answered',
    verdict: 'reject',
    answer: 'no',
    answered_by: 'bob',
    answered_at: at,
    hold: undefined,
  };
  t.ok(hold);
  t.equal(await forged(office, id, { reason: 'no' }, bob, { id: review, patch: no }, turn), 'handoff.review');
  const back = { status: 'open', reason: 'no', review: undefined };
  t.equal(await forged(office, id, back, bob, { id: review, patch: no }, turn), 'lawful');
  t.equal(
    await forged(office, id, back, bob, undefined, { ...turn, claim: undefined as never, held: false }),
    'task.status',
  );
});
