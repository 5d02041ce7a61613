import t from 'tap';
import { sha256Hex } from '../../src/kernel/ids.ts';
import { type Handoff, handoffRecord } from '../../src/rooms/handoffs/record.ts';
import { handoffTable, inboxOf } from '../../src/rooms/handoffs/table.ts';
import { ada, bob, eve, HOUR, type Person, person, TestOffice } from './office.ts';

const carl = person('carl');
const DAY = 24 * HOUR;

async function asked(input: object = {}, from: Person = ada) {
  const office = new TestOffice();
  const id = String(
    (await office.does('handoff.create', { to: ['bob'], kind: 'question', title: 'Which clock?', ...input }, from))
      .handoff_id,
  );
  return { office, id, handoff: () => office.view.get(handoffRecord, id) as Promise<Handoff> };
}

/** The law that a rewritten handoff breaks first, or `lawful`. */
async function breaks(office: TestOffice, id: string, patch: object, who: Person, op = 'handoff.respond') {
  const intent = office.intent(op, { handoff_id: id }, who);
  const before = (await office.view.get(handoffRecord, id))!;
  const after = JSON.parse(JSON.stringify({ ...before, updated_at: intent.at, ...patch }));
  const files = [...(await office.enrolled(intent)), handoffRecord.put(id, after)];
  return (await office.forge(files, intent))?.law ?? 'lawful';
}

t.test('a question is claimed by one recipient, answered on record, acknowledged by who asked', async t => {
  const { office, id, handoff } = await asked({ to: ['carl', 'bob'], context: 'a log', body: 'It jumps.' });
  t.match(await handoff(), {
    to: ['bob', 'carl'],
    status: 'open',
    created_by: 'ada',
    context_sha256: sha256Hex('a log'),
  });
  await office.does('handoff.claim', { handoff_id: id }, bob);
  t.match(await office.refusal('handoff.claim', { handoff_id: id }, carl), {
    code: 'CLAIM_LOST',
    message: /bob/,
    hint: `ledgenter handoff get ${id}`,
  });
  t.match(await office.refusal('handoff.respond', { handoff_id: id, answer: 'mine' }, carl), {
    code: 'NOT_HOLDER',
    hint: `ledgenter handoff get ${id}`,
  });
  await office.does('handoff.respond', { handoff_id: id, answer: 'the monotonic one' }, bob);
  t.match(await handoff(), { status: 'answered', answer: 'the monotonic one', answered_by: 'bob', hold: undefined });
  t.match(await office.refusal('handoff.ack', { handoff_id: id }, bob), { law: 'handoff.status', message: /ada/ });
  await office.does('handoff.ack', { handoff_id: id }, ada);
  t.match(await handoff(), { status: 'acknowledged', answer: 'the monotonic one' });
});

t.test('who asked acknowledges by responding; nobody else does', async t => {
  const { office, id, handoff } = await asked({ to: ['bob', 'carl'] });
  await office.does('handoff.claim', { handoff_id: id }, bob);
  await office.does('handoff.respond', { handoff_id: id, answer: 'yes' }, bob);
  t.match(await office.refusal('handoff.respond', { handoff_id: id, answer: 'no' }, carl), {
    code: 'REFUSED',
    message: /answered by bob/,
  });
  t.match(
    await office.outcome('handoff.respond', { handoff_id: id, answer: 'yes' }, bob),
    { kind: 'same' },
    'said before',
  );
  await office.does('handoff.respond', { handoff_id: id, answer: 'thanks' }, ada);
  t.match(await handoff(), { status: 'acknowledged', answer: 'yes', acknowledgement: 'thanks' });
});

t.test('a verdict is needed for review and approval, and refused for others', async t => {
  for (const kind of ['question', 'work', 'review', 'approval']) {
    const { office, id } = await asked({ kind });
    await office.does('handoff.claim', { handoff_id: id }, bob);
    const bare = await office.refusal('handoff.respond', { handoff_id: id, answer: 'so' }, bob);
    const judged = ['review', 'approval'].includes(kind);
    t.equal(bare.code, judged ? 'BAD_INPUT' : 'lawful', kind);
    const other = await asked({ kind });
    await other.office.does('handoff.claim', { handoff_id: other.id }, bob);
    const verdict = await other.office.refusal(
      'handoff.respond',
      { handoff_id: other.id, answer: 'so', verdict: 'reject' },
      bob,
    );
    t.equal(verdict.code, judged ? 'lawful' : 'BAD_INPUT', `${kind} with a verdict`);
  }
});

t.test('only recipients claim: by name, or by role unless they sent it', async t => {
  const named = await asked({ to: ['bob'] });
  t.match(await named.office.refusal('handoff.claim', { handoff_id: named.id }, ada), {
    law: 'handoff.status',
    message: /you sent it/,
  });
  t.match(await named.office.refusal('handoff.claim', { handoff_id: named.id }, carl), {
    code: 'NOT_HOLDER',
    message: /for bob/,
  });
  const own = await asked({ to: ['ada', 'bob'] });
  t.equal((await own.office.refusal('handoff.claim', { handoff_id: own.id }, ada)).code, 'lawful', 'named oneself');
  const role = await asked({ to: ['member'] });
  t.match(await role.office.refusal('handoff.claim', { handoff_id: role.id }, ada), { law: 'handoff.status' });
  t.equal((await role.office.refusal('handoff.claim', { handoff_id: role.id }, carl)).code, 'lawful', 'by role');
  const top = await asked({ to: ['maintainer'] });
  t.match(await top.office.refusal('handoff.claim', { handoff_id: top.id }, bob), { law: 'handoff.status' });
});

t.test('a claim lapses, is taken over by another recipient, or is given back', async t => {
  const { office, id, handoff } = await asked({ to: ['bob', 'carl'] });
  await office.does('handoff.claim', { handoff_id: id }, bob);
  const late = { at: office.now + 2 * HOUR };
  t.match(await office.refusal('handoff.respond', { handoff_id: id, answer: 'late' }, bob, late), {
    code: 'LEASE_LAPSED',
    hint: `ledgenter handoff claim ${id}`,
  });
  await office.does('handoff.claim', { handoff_id: id }, carl, { at: office.now + 2 * HOUR });
  t.match(await handoff(), { hold: { actor: 'carl' } });
  await office.does('handoff.release', { handoff_id: id }, carl);
  t.match(await handoff(), { status: 'open', hold: undefined });
  t.match(await office.refusal('handoff.release', { handoff_id: id }, carl), { message: /nobody holds/ });
});

t.test('when its day is over an unanswered handoff is claimed by nobody and leaves the inbox', async t => {
  const { office, id, handoff } = await asked({ due_on: '2026-03-02' });
  const rows = async () => [{ id, ...handoffTable.row(await handoff(), id)! }];
  t.equal(inboxOf(await rows(), 'bob', ['member'], office.now).length, 1);
  t.equal(inboxOf(await rows(), 'bob', ['member'], office.now + DAY).length, 0);
  t.equal(inboxOf(await rows(), 'carl', ['member'], office.now).length, 0);
  t.match(await office.refusal('handoff.claim', { handoff_id: id }, bob, { at: office.now + DAY }), {
    law: 'handoff.status',
    message: /expired/,
  });
  t.match(
    await office.refusal('handoff.create', { to: ['bob'], kind: 'question', title: 'Late', due_on: '2026-03-01' }),
    {
      code: 'BAD_INPUT',
    },
  );
});

t.test('it is taken back by its sender or a maintainer while nobody has it', async t => {
  const { office, id, handoff } = await asked();
  t.match(await office.refusal('handoff.cancel', { handoff_id: id }, bob), { law: 'handoff.status' });
  await office.does('handoff.cancel', { handoff_id: id }, ada);
  t.equal((await handoff()).status, 'cancelled');
  t.match(await office.refusal('handoff.claim', { handoff_id: id }, bob), { message: /cancelled/ });
});

t.test('forged: what is asked, the answer and the acknowledgement stay as they are', async t => {
  const { office, id } = await asked({ to: ['bob', 'carl'] });
  t.equal(await breaks(office, id, { title: 'Another' }, ada), 'handoff.form');
  t.equal(
    await breaks(
      office,
      id,
      { status: 'answered', answer: 'x', answered_by: 'bob', answered_at: '2026-03-02T09:00:00.000Z' },
      bob,
    ),
    'handoff.status',
  );
  t.equal(await breaks(office, id, { status: 'claimed' }, bob), 'handoff.form');
  await office.does('handoff.claim', { handoff_id: id }, bob);
  const { hold } = (await office.view.get(handoffRecord, id))!;
  t.equal(
    await breaks(office, id, { hold: { ...hold, offer: { id, to: ['mallory'] } } }, bob),
    'handoff.form',
    'passed on to whom it is not for',
  );
  await office.does('handoff.respond', { handoff_id: id, answer: 'yes' }, bob);
  t.equal(await breaks(office, id, { answer: 'no' }, bob), 'handoff.status');
  t.equal(
    await breaks(
      office,
      id,
      { status: 'open', answer: undefined, answered_by: undefined, answered_at: undefined },
      ada,
    ),
    'handoff.status',
  );
  t.equal(
    await breaks(office, id, { status: 'acknowledged', acknowledged_at: '2026-03-02T09:00:00.000Z' }, ada),
    'handoff.status',
  );
  await office.does('handoff.ack', { handoff_id: id }, ada);
  t.equal(await breaks(office, id, { answer: 'no' }, ada), 'handoff.status');
  t.equal(await breaks(office, id, { acknowledgement: 'never mind' }, ada), 'handoff.status');
});

t.test('forged: a handoff begins open, by its author, to actors, with the context that its digest names', async t => {
  const { office, id } = await asked();
  const made = (await office.view.get(handoffRecord, id))!;
  const wrong: Record<string, object> = {
    'handoff.form': { created_by: 'carl' },
    'handoff.form ': { context: 'x', context_sha256: sha256Hex('y') },
    'handoff.form  ': { to: ['bob', 'bob'] },
    'handoff.form   ': { task_id: 't-0000000000' },
    'handoff.status': { status: 'answered' },
    'handoff.review': { kind: 'review', criteria_sha256: sha256Hex('x'), task_id: await office.creates() },
  };
  for (const [law, patch] of Object.entries(wrong)) {
    const intent = office.intent('handoff.create', { to: ['bob'] }, eve);
    const fresh = { ...made, created_by: 'eve', created_at: intent.at, updated_at: intent.at, ...patch };
    const files = [
      ...(await office.enrolled(intent)),
      handoffRecord.put(office.idFor(handoffRecord, intent), fresh as Handoff),
    ];
    t.ok((await office.broken(files, intent)).includes(law.trim()), JSON.stringify(patch));
  }
});
