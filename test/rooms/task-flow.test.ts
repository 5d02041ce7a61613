import t from 'tap';
import { ada, bob, eve, HOUR, TestOffice } from './office.ts';

t.test('claim, note, check, done: one holder, every step told', async t => {
  const office = new TestOffice();
  const id = await office.creates({ acceptance_criteria: [{ text: 'swept' }], requires_evidence: true });
  await office.does('task.claim', { task_id: id });
  t.match(await office.task(id), { status: 'in_progress', assignee: 'ada', hold: { actor: 'ada', run: ada.run[0] } });
  await office.does('task.note', { task_id: id, text: 'the clock was skewed' });
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }), {
    code: 'GATE',
    hint: `ledgenter task check ${id} --criterion c1 --met`,
  });
  await office.does('task.check', { task_id: id, criterion: 'c1' });
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }), { code: 'GATE', hint: /code-ref/ });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: '3f2a9c1' });
  await office.does('task.update', { task_id: id, status: 'done', note: 'swept every minute' });
  const task = await office.task(id);
  t.match(task, { status: 'done', assignee: 'ada', finished_at: task.updated_at });
  t.notOk(task.hold);
});

t.test('only the holder writes on a held task; comments are free', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.claim', { task_id: id });
  t.match(await office.refusal('task.note', { task_id: id, text: 'mine' }, bob), {
    code: 'NOT_HOLDER',
    message: /ada holds/,
  });
  t.match(await office.refusal('task.update', { task_id: id, title: 'Other' }, eve), { code: 'NOT_HOLDER' });
  t.match(await office.refusal('task.claim', { task_id: id }, bob), { code: 'CLAIM_LOST' });
  t.ok(await office.does('task.note', { task_id: id, text: 'how is it?', kind: 'comment' }, bob));
});

t.test('release gives the task back to the pool; a lapsed lease is taken over after the grace', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.claim', { task_id: id });
  await office.does('task.release', { task_id: id });
  t.match(await office.task(id), { status: 'open', assignee: undefined, hold: undefined });
  const claimed = await office.does('task.claim', { task_id: id });
  t.same(claimed, { task_id: id });
  t.match(await office.refusal('task.claim', { task_id: id }, bob, { at: office.now + HOUR + 60_000 }), {
    code: 'CLAIM_LOST',
  });
  t.match(await office.refusal('task.note', { task_id: id, text: 'late' }, ada), { code: 'LEASE_LAPSED' });
  t.match(await office.does('task.claim', { task_id: id }, bob, { at: office.now + 120_000 }), { from: 'ada' });
  t.match(await office.task(id), { status: 'in_progress', assignee: 'bob' });
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, ada), { code: 'NOT_HOLDER' });
});

t.test('done is opened again by a person, with a reason', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.claim', { task_id: id });
  await office.does('task.update', { task_id: id, status: 'done' });
  t.match(await office.refusal('task.update', { task_id: id, status: 'open', reason: 'flaky' }), {
    code: 'HUMAN_ONLY',
  });
  t.match(await office.refusal('task.update', { task_id: id, status: 'open' }, eve), {
    law: 'task.status',
    message: /say why/,
  });
  await office.does('task.update', { task_id: id, status: 'open', reason: 'flaky' }, eve);
  t.match(await office.task(id), { status: 'open', reason: 'flaky', finished_at: undefined });
});
