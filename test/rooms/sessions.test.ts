import t from 'tap';
import type { FileChange } from '../../src/kernel/view.ts';
import { OPERATIONS } from '../../src/rooms/index.ts';
import { OPENING } from '../../src/rooms/sessions/laws.ts';
import { type Session, sessionsPort } from '../../src/rooms/sessions/ports.ts';
import {
  type Correction,
  correctionRecord,
  type Pause,
  pauseKey,
  pauseRecord,
} from '../../src/rooms/sessions/record.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, HOUR, type Person, person, T0, TestOffice } from './office.ts';

async function begin() {
  const office = new TestOffice();
  const id = await office.creates({}, eve);
  await office.does('task.claim', { task_id: id }, ada, { root: 'tenure' });
  /** The laws that a forged pause breaks. */
  const paused = async (number: number, patch: Partial<Pause> = {}, who: Person = ada, op?: string, name?: string) => {
    const kind = number % 2 === 1 ? 'pause' : 'resume';
    const by = office.intent(op ?? `session.${kind}`, { task_id: id }, who);
    const record: Pause = { session_id: 'tenure', kind, by: by.actor, at: by.at, ...patch };
    const file = pauseRecord.put(name ?? pauseKey('tenure', number), record, id);
    return office.broken([...(await office.enrolled(by)), file], by);
  };
  return { office, id, paused };
}

t.test('the clock of a held task is stopped and started in turn, by its holder', async t => {
  const { office, id } = await begin();
  const input = { task_id: id };
  t.match(await office.does('session.pause', { ...input, reason: 'lunch' }), { session_id: 'tenure' });
  const count = office.entries.length;
  t.match(await office.does('session.pause', input), { session_id: 'tenure' }, 'again says nothing new');
  t.match(await office.does('session.resume', input), { session_id: 'tenure' });
  t.match(await office.does('session.resume', input), { session_id: 'tenure' });
  const pauses = await office.view.all(pauseRecord, id);
  t.same(
    pauses.map(({ id: name, record }) => [name, record.kind, record.reason]),
    [
      ['tenure-1', 'pause', 'lunch'],
      ['tenure-2', 'resume', undefined],
    ],
  );
  t.ok(office.entries.length > count);
  t.match(await office.refusal('session.pause', input, bob), { code: 'NOT_HOLDER' }, 'not by another');
  t.match(await office.refusal('session.pause', input, person('ada', 'agent', 'two')), { code: 'NOT_HOLDER' });
  t.match(await office.refusal('session.pause', input, ada, { at: T0 + 3 * HOUR }), { code: 'LEASE_LAPSED' });
  office.now = T0 + 60_000;
  await office.does('task.release', input);
  t.match(await office.refusal('session.pause', input), { code: 'NOT_HOLDER', message: /no session of it is open/ });
  await office.does('task.claim', input);
  t.match(await office.does('session.pause', input), { session_id: /^root-/ }, 'a new session begins anew');
});

t.test('session.pause: a forged pause is of the present holder, in turn, and of its entry', async t => {
  const { office, id, paused } = await begin();
  t.same(await paused(1), [], 'as session pause writes it');
  t.same(await paused(2), ['session.pause'], 'nothing is resumed that was not paused');
  t.same(await paused(1, { kind: 'resume' }), ['session.pause']);
  t.same(await paused(3), ['session.pause']);
  t.same(await paused(1, { by: 'bob' }), ['session.pause']);
  t.same(await paused(1, { at: '2026-03-01T00:00:00.000Z' }), ['session.pause'], 'not told later');
  t.same(await paused(1, { session_id: 'other' }), ['session.pause']);
  t.same(await paused(1, {}, ada, 'task.note'), ['session.pause']);
  t.same(await paused(1, {}, ada, undefined, 'tenure-01'), ['session.pause']);
  t.same(await paused(1, {}, bob), ['hold.work', 'hold.lease', 'session.pause']);
  await office.does('session.pause', { task_id: id });
  t.same(await paused(2), []);
  t.same(await paused(1, { reason: 'longer' }), ['append-only'], 'what was written stays');
  await office.does('task.release', { task_id: id });
  t.same(await paused(2), ['session.pause'], 'nor once it is over');
});

t.test('session.opened: what claims begins a session, and nothing else does', async t => {
  const takes = OPERATIONS.filter(one => one.kind === 'write' && one.hold === 'take').map(({ name }) => name);
  t.same([...OPENING].sort(), takes.filter(name => !name.startsWith('reserve.')).sort(), 'all that claim');
  const office = new TestOffice();
  const id = await office.creates({}, eve);
  const forged = async (op: string, since?: string): Promise<string[]> => {
    const claim = { root: 'forged', oid: 'a'.repeat(40), actor: 'ada', run: ada.run[0]!, lease_until: '' };
    const by = office.intent(op, { task_id: id }, ada, {
      claim: { ...claim, lease_until: '2026-03-02T10:00:00.000Z' },
    });
    const { root, actor, run, lease_until } = by.claim!;
    const hold = { root, actor, run, since: since ?? by.at, lease_until };
    const task = {
      ...(await office.task(id)),
      status: 'in_progress',
      assignee: 'ada',
      hold,
      updated_at: by.at,
    } as const;
    const files: FileChange[] = [...(await office.enrolled(by)), taskRecord.put(id, task)];
    return office.broken(files, by);
  };
  t.same(await forged('task.claim'), []);
  t.same(await forged('task.update'), ['session.opened']);
  t.same(await forged('session.correct'), ['human-only', 'session.opened']);
  t.same(await forged('task.claim', '2026-02-27T09:00:00.000Z'), ['hold.claim', 'session.opened'], 'no hour before it');
});

t.test('session.correction: a person corrects, as the entry says, also beside a hold', async t => {
  const { office, id } = await begin();
  const said = { session_id: 'tenure', task_id: id, minutes: -30, reason: 'lunch' };
  const forged = async (
    patch: Partial<Correction>,
    who: Person = eve,
    op = 'session.correct',
    input: object = said,
  ) => {
    const by = office.intent(op, input, who);
    const { session_id, minutes, reason } = said;
    const record: Correction = { session_id, minutes, reason, by: by.actor, at: by.at, ...patch };
    const file = correctionRecord.put(office.idFor(correctionRecord, by), record, id);
    return office.broken([...(await office.enrolled(by)), file], by);
  };
  t.same(await forged({}), [], 'while ada holds it');
  t.same(await forged({}, bob), ['human-only']);
  t.same(await forged({}, eve, 'task.note'), ['session.correction']);
  t.same(await forged({ minutes: -300 }), ['session.correction'], 'other minutes than were signed');
  t.same(await forged({ session_id: 'another' }), ['session.correction']);
  t.same(await forged({ by: 'ada' }), ['session.correction']);
  t.same(await forged({ minutes: 0 }), ['record.schema', 'session.correction']);
  t.same(await forged({ minutes: 1.5 }), ['record.schema', 'session.correction']);
  const made = await office.does('session.correct', said, eve, {}).catch((error: Error) => error);
  t.match(made, /no port sessions/, 'which session it is, is asked of the history');
});

t.test('a session is corrected by its first characters; one that is not there is not', async t => {
  const { office, id } = await begin();
  const one = { id: 'tenure', task_id: id, actor: 'ada' } as Session;
  const book = (sessions: Session[]) => ({ [sessionsPort.name]: { sessions, stray: [] } });
  const correct = OPERATIONS.find(({ name }) => name === 'session.correct')!;
  const aimed = (input: object, sessions = [one]) =>
    correct.kind === 'write' ? correct.aim!(office.context(eve, book(sessions)), input as never) : [];
  const input = { minutes: -5, reason: 'lunch' };
  t.match(await aimed({ ...input, session_id: 'tenu' }), [{ session_id: 'tenure', task_id: id, minutes: -5 }]);
  await t.rejects(aimed({ ...input, session_id: 'nope' }) as Promise<unknown>, { code: 'NOT_FOUND' });
  await t.rejects(aimed({ ...input, session_id: 'tenure', task_id: 't-0000' }) as Promise<unknown>, {
    code: 'NOT_FOUND',
  });
  const two = { ...one, id: 'tenuto' };
  await t.rejects(aimed({ ...input, session_id: 'tenu' }, [one, two]) as Promise<unknown>, { code: 'AMBIGUOUS' });
  t.match(await aimed({ ...input, session_id: 'tenuto' }, [one, two]), [{ session_id: 'tenuto' }]);
});
