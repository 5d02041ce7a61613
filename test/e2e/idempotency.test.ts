import t, { type Test } from 'tap';
import { canonicalJson } from '../../src/kernel/canonical.ts';
import { toolName, type WriteOperation } from '../../src/kernel/operation.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { type Answer, type Input, SAMPLES, type Sample, workingInput } from '../surfaces/good-and-bad.ts';
import { Host, OfficeStage } from './office-stage.ts';
import { BOOK } from './stage.ts';

const WRITES = OPERATIONS.filter((one): one is WriteOperation<never> => one.kind === 'write' && !one.humanOnly);

/** What was done: the ids and keys an answer names, without what passes. */
const done = (answer: Answer): unknown[] =>
  ['task', 'handoff', 'decision', 'knowledge', 'project', 'skill', 'actor', 'repo', 'run', 'tasks', 'note_id', 'ref_id']
    .map(name => answer[name])
    .map(
      value =>
        value?.id ?? value?.skill ?? value?.project ?? value?.actor ?? (typeof value === 'string' ? value : undefined),
    );

t.test('a key is honoured on every write: here, in another clone, and never for anything else', async t => {
  const office = await OfficeStage.open(t);
  const twin = await Host.start(office.stage, office.there, 'anna');
  t.teardown(() => twin.client.close());
  for (const operation of WRITES)
    await t.test(operation.name, t => keyed(t, office, twin, operation, SAMPLES[operation.name]!));
});

async function keyed(
  t: Test,
  office: OfficeStage,
  twin: Host,
  operation: WriteOperation<never>,
  sample: Sample,
): Promise<void> {
  const { host, stage, here, there } = office;
  const tool = toolName(operation);
  const call = (input: Input, by = host, name = tool): Promise<Answer> => by.call('call', { tool: name, input });
  const tip = (cwd = here): Promise<string> => stage.git(cwd, 'rev-parse', BOOK);
  const idempotency_key = `key of ${operation.name}`;
  const input = await workingInput(sample, office);
  const other = sample.other ?? (await workingInput(sample, office));
  t.not(canonicalJson(other), canonicalJson(input), 'the sample has another input');

  if (sample.refused === 'NOT_SIGNED') {
    // Nobody signs on this stage; that such a key is honoured too stands in `signatures.test.ts`.
    const at = await tip();
    for (const one of [input, input, other])
      t.match(await call({ ...one, idempotency_key }), { ok: false, error: { code: sample.refused } });
    t.equal(await tip(), at, 'no entry was written');
    return;
  }
  const first = await call({ ...input, idempotency_key });
  t.match(first, { ok: true }, JSON.stringify(first).slice(0, 300));
  t.notOk(first.idempotent_replay, 'the first is no repetition');
  const after = await tip();
  const again = await call({ ...input, idempotency_key });
  t.match(again, { ok: true, idempotent_replay: true }, JSON.stringify(again).slice(0, 300));
  t.same(done(again), done(first), 'the repetition speaks of the same');
  t.match(await call({ ...other, idempotency_key }), { ok: false, error: { code: 'KEY_REUSED' } }, 'another input');
  const elsewhere = operation.name === 'task.create' ? 'task_create_many' : 'task_create';
  const strange = elsewhere === 'task_create' ? { title: 'x' } : { tasks: [{ key: 'a', title: 'x' }] };
  t.match(
    await call({ ...strange, idempotency_key }, host, elsewhere),
    { ok: false, error: { code: 'KEY_REUSED' } },
    'another operation',
  );
  t.equal(await tip(), after, 'no entry was written');

  await host.ok('sync');
  const stale = operation.hold === 'take';
  if (!stale) await twin.ok('sync');
  const before = await tip(there);
  const abroad = await call({ ...input, idempotency_key }, twin);
  t.match(abroad, { ok: true, idempotent_replay: true }, `in another clone ${JSON.stringify(abroad).slice(0, 300)}`);
  if (!stale) t.equal(await tip(there), before, 'and no entry was written there');
}

t.test('without a key only creations are recognised by their words, for ten minutes of one run', async t => {
  const office = await OfficeStage.open(t);
  const { host, stage, here } = office;
  const count = (): Promise<string> => stage.git(here, 'rev-list', '--count', BOOK);
  for (const operation of WRITES) {
    const tool = toolName(operation);
    const input = await workingInput(SAMPLES[operation.name]!, office);
    const first = await host.call('call', { tool, input });
    t.notOk(first.idempotent_replay, `${operation.name}: the first`);
    const entries = await count();
    const again = await host.call('call', { tool, input });
    const { creates } = operation;
    const makes = typeof creates === 'function' ? creates(input as never) : creates === true;
    t.equal(again.idempotent_replay === true, makes, `${operation.name}: the second`);
    if (!makes) continue;
    t.equal(await count(), entries, `${operation.name}: no entry`);
    t.same(done(again), done(first), `${operation.name}: the same record`);
  }
  const title = 'once in ten minutes';
  const made = (await office.anna('task_create', { title })).task.id;
  const create = ['task', 'create', title];
  t.match(await stage.ok(here, create), { idempotent_replay: true, task: { id: made } }, 'a shell of the same run');
  const another = await stage.ok(here, [...create, '--run', 'another']);
  t.notOk(another.idempotent_replay, 'another run means another task');
  const later = await stage.ok(here, create, { env: stage.later(11 * 60_000) });
  t.notOk(later.idempotent_replay, 'and so does the same run after ten minutes');
  t.equal(new Set([made, another.task.id, later.task.id]).size, 3);
});

t.test('a keyed claim of the best task answers the same task later, also when it is done, also elsewhere', async t => {
  const office = await OfficeStage.open(t);
  const { host, stage, here, there } = office;
  await office.anna('task_create', { title: 'the best', priority: 0 });
  const other = (await office.anna('task_create', { title: 'another' })).task.id;
  const idempotency_key = 'my next task';
  const claimed = await office.anna('task_claim', { idempotency_key });
  t.match(claimed, { claimed: true, task: { title: 'the best' } });
  const task_id = claimed.task.id;
  await office.anna('task_update', { task_id, status: 'done', idempotency_key: 'finished' });
  t.match(await office.anna('task_claim', { idempotency_key }), { idempotent_replay: true, task: { id: task_id } });
  t.match(await host.call('call', { tool: 'task_claim', input: { task_id: other, idempotency_key } }), {
    error: { code: 'KEY_REUSED' },
  });
  const done = { task_id, status: 'done', idempotency_key: 'finished' };
  t.match(await office.anna('task_update', done), { idempotent_replay: true }, 'though the claim has ended');
  await office.anna('sync', {});
  // A clone that has not heard of it asks the authority first.
  const claim = ['task', 'claim', '--idempotency-key', idempotency_key];
  t.match(await stage.ok(there, claim), { idempotent_replay: true, task: { id: task_id } });
  t.match(
    await stage.ok(there, claim, { env: stage.later(400 * 86_400_000) }),
    { idempotent_replay: true },
    'in a year',
  );
  t.same(await stage.faults(here), []);
});

t.test('one key in two clones that had not met: one entry, and what said something else is parked', async t => {
  const office = await OfficeStage.open(t);
  const { stage, here, there, remote } = office;
  const create = (title: string) => ['task', 'create', title, '--idempotency-key', 'the same', '--no-sync'];
  const one = await stage.ok(here, create('the same words'));
  const two = await stage.ok(there, create('the same words'));
  t.equal(two.task.id, one.task.id, 'the same record');
  await stage.ok(here, ['sync']);
  await stage.ok(there, ['sync']);
  await stage.ok(here, ['sync']);
  await stage.sameBook(here, there, remote);
  const subjects = await stage.git(here, 'log', '--format=%s', BOOK);
  t.equal(subjects.split('\n').filter(line => /the same words/.test(line)).length, 1);
  const entry = await office.parked();
  t.match(await office.anna('parked_list', {}), { parked: [{ entry, reason: /idempotency key/ }] });
});
