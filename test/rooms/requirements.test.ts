import t from 'tap';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { waiverRecord } from '../../src/rooms/validation/record.ts';
import { readTask } from '../../src/views/tasks/row.ts';
import { ada, bob, eve, person, TestOffice } from './office.ts';

/** Two tasks of eve's: the second requires the first. */
async function begin() {
  const office = new TestOffice();
  const first = await office.creates({ title: 'First' }, eve);
  const id = await office.creates({ title: 'Second' }, eve);
  await office.does('require.add', { task_id: id, on: first }, eve);
  const waive = { task_id: id, on: first, reason: 'we ship without it' };
  return { office, first, id, waive, task: () => office.task(id) };
}

t.test('what is required is done first: the task is not done before, whoever says so', async t => {
  const { office, first, id, task } = await begin();
  t.same((await task()).depends_on, [first]);
  await office.does('task.claim', { task_id: id }, ada);
  const refused = await office.refusal('task.update', { task_id: id, status: 'done' }, ada);
  t.match(refused, {
    code: 'GATE',
    message: `${id} needs ${first} done first, which is open`,
    hint: `ledgenter task get ${first}`,
  });
  const finished_at = new Date(office.now + 1000).toISOString();
  t.equal(await office.breaks(id, { status: 'done', hold: undefined, finished_at }, ada), 'task.status', 'forged');
  await office.does('task.update', { task_id: first, status: 'cancelled' }, eve);
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, ada), { message: /which is cancelled/ });
  await office.does('task.update', { task_id: first, status: 'open' }, eve);
  await office.does('task.update', { task_id: first, status: 'done' }, eve);
  await office.does('task.update', { task_id: id, status: 'done' }, ada);
});

t.test('task.acyclic: a circle of requirements is refused, through any number of tasks', async t => {
  const { office, first, id } = await begin();
  const third = await office.creates({ title: 'Third' }, eve);
  await office.does('require.add', { task_id: third, on: id }, bob);
  t.match(await office.refusal('require.add', { task_id: first, on: third }, bob), {
    law: 'task.acyclic',
    message: /wait for itself/,
  });
  t.match(await office.refusal('require.add', { task_id: first, on: first }, bob), { code: 'BAD_INPUT' });
  t.match(await office.outcome('require.add', { task_id: third, on: id }, bob), { kind: 'same' });
});

t.test('a person waives one with a reason: it is waited for no longer, and the waiver stays in sight', async t => {
  const { office, first, id, waive, task } = await begin();
  t.match(await office.refusal('require.waive', waive, ada), { code: 'HUMAN_ONLY' });
  t.match(await office.refusal('require.waive', { ...waive, on: id }, eve), { code: 'NOT_FOUND' });
  await office.does('require.waive', waive, eve);
  t.same((await task()).waived, [first]);
  t.match(await office.outcome('require.waive', waive, eve), { kind: 'same' });
  const text = (await office.state.read(taskRecord.path(id)))!;
  t.same(readTask(id, text)?.waits_for, [], 'lists count it as ready');
  t.match(await office.refusal('task.update', { task_id: id, status: 'blocked' }, ada), {
    law: 'task.status',
    message: /what blocks/,
  });
  const shown = (await office.asks('require.query', { task_id: id })) as { requirements: unknown };
  t.match(shown.requirements, [{ id: first, state: 'waived', by: 'eve', reason: waive.reason }]);
  const got = (await office.asks('task.get', { task_id: id })) as { task: object; waivers: object };
  t.match(got, { waivers: [{ of: first, by: 'eve', reason: waive.reason }], task: { waits_for: undefined } });
  await office.does('task.claim', { task_id: id }, ada);
  await office.does('task.update', { task_id: id, status: 'done' }, ada);
});

t.test('untied and tied again it is waited for again', async t => {
  const { office, first, id, waive, task } = await begin();
  await office.does('require.waive', waive, eve);
  await office.does('task.unlink', { task_id: first, kind: 'blocks', to: id }, bob);
  t.match(await task(), { depends_on: [], waived: undefined });
  await office.does('require.add', { task_id: id, on: first }, bob);
  t.match(await office.asks('require.query', { task_id: id }), {
    requirements: [{ id: first, state: 'open' }],
    open: 1,
  });
  t.match(await office.asks('task.get', { task_id: id }), { waivers: [{ of: first, outdated: true }] });
});

t.test('task.goalposts: what is required and not done is taken away by who asked, or a person', async t => {
  const { office, first, id } = await begin();
  const off = { task_id: first, kind: 'blocks', to: id };
  await office.does('task.claim', { task_id: id }, ada);
  t.match(await office.refusal('task.unlink', off, ada, { under: id }), {
    law: 'task.goalposts',
    code: 'HUMAN_ONLY',
  });
  const finished_at = new Date(office.now + 1000).toISOString();
  t.equal(
    await office.breaks(id, { status: 'done', depends_on: [], hold: undefined, finished_at }, ada),
    'task.goalposts',
  );
  await office.does('task.release', { task_id: id }, ada);
  t.match(await office.refusal('task.unlink', off, bob), { law: 'task.goalposts' });
  await office.does('task.unlink', off, eve);
  await office.does('require.add', { task_id: id, on: first }, bob);
  await office.does('task.update', { task_id: first, status: 'done' }, eve);
  await office.does('task.unlink', off, bob);
});

t.test('task.waived: no dependency is waived without a person’s waiver in the same entry', async t => {
  const { office, first, id, task } = await begin();
  t.equal(await office.breaks(id, { waived: [first] }, ada), 'task.waived');
  t.equal(await office.breaks(id, { waived: [first] }, eve), 'task.waived', 'nor by a person without a word why');
  t.equal(await office.breaks(id, { waived: [id] }, eve), 'task.waived');
  const carl = person('carl');
  for (const [who, op, law] of [
    [carl, 'require.waive', 'human-only'],
    [carl, 'task.update', 'waiver.human'],
    [eve, 'require.waive', 'lawful'],
  ] as const) {
    const { files, intent } = await office.rewrite(id, { waived: [first] }, who, { op });
    Object.assign(intent.input, { on: first, reason: 'so' });
    const waiver = { required_task_id: first, reason: 'so', by: who.actor, at: intent.at };
    files.push(waiverRecord.put(office.idFor(waiverRecord, intent), waiver, id));
    t.equal((await office.forge(files, intent))?.law ?? 'lawful', law, `${who.actor}, ${op}`);
  }
  t.notOk((await task()).waived);
});
