import { defineRecordLaw, type Finding, type Law } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { correctionRecord, MAX_PAUSES, pauseKey, pauseRecord } from './record.ts';

const enforcedBy = 'rooms/sessions.test.ts';

/** The operations that begin a tenure of a task, and with it a session. */
export const OPENING: readonly string[] = ['task.claim', 'work.restart', 'work.resume', 'handoff.claim'];

/** The place of a pause among those of its session; undefined for a name that is none. */
function numberOf(key: string, session: string): number | undefined {
  const number = Number(key.slice(session.length + 1));
  return Number.isInteger(number) && number > 0 && key === pauseKey(session, number) ? number : undefined;
}

export const sessionLaws: Law[] = [
  defineRecordLaw({
    id: 'session.opened',
    says: 'A work session is never written: it is the tenure of a claim, begun by an operation that claims (task.claim, work.restart, work.resume, handoff.claim) at the time of its entry, and by no other.',
    enforcedBy,
    on: taskRecord,
    check({ id, before, after }, { entry: { intent } }) {
      const hold = after?.hold;
      if (!hold || hold.root === before?.hold?.root) return undefined;
      if (OPENING.includes(intent.op) && hold.since === intent.at) return undefined;
      return { message: `${id}: ${intent.op} begins no work session` };
    },
  }),
  defineRecordLaw({
    id: 'session.pause',
    says: 'A session is paused and resumed in turn, by its holder, while it is the one that holds the task, by session.pause and session.resume, at most a thousand times.',
    enforcedBy,
    on: pauseRecord,
    async check({ id, before, after, parent }, { entry: { intent }, before: was }) {
      if (before || !after || parent === undefined) return undefined; // append-only and record.kept name it
      const wrong = (what: string): Finding => ({ message: `${id}: ${what}` });
      const { session_id, kind, by, at } = after;
      if (intent.op !== `session.${kind}`) return wrong(`${intent.op} does not ${kind} a session`);
      if (by !== intent.actor || at !== intent.at) return wrong(`it is by ${by}, its entry by ${intent.actor}`);
      const hold = (await find(was, taskRecord, parent))?.hold;
      if (hold?.root !== session_id || hold.actor !== by)
        return { code: 'NOT_HOLDER', message: `${id}: ${by} does not hold ${parent} in this session` };
      const number = numberOf(id, session_id);
      if (number === undefined || number > MAX_PAUSES) return wrong('it is not numbered within its session');
      if ((number % 2 === 1) !== (kind === 'pause')) return wrong('pause and resume take turns');
      return number === 1 || (await find(was, pauseRecord, pauseKey(session_id, number - 1), parent))
        ? undefined
        : wrong('the one before it is not there');
    },
  }),
  defineRecordLaw({
    id: 'session.correction',
    says: 'A session is corrected by a person, through session.correct, with minutes and a reason as the entry says; a correction is never changed.',
    enforcedBy,
    on: correctionRecord,
    check({ id, before, after, parent }, { entry: { intent } }) {
      if (before || !after) return undefined;
      const { op, actor, at, input } = intent;
      const wrong = (what: string): Finding => ({ message: `${id}: ${what}` });
      if (op !== 'session.correct') return wrong(`${op} corrects no session`);
      if (after.by !== actor || after.at !== at) return wrong(`it is by ${after.by}, its entry by ${actor}`);
      const said =
        input.session_id === after.session_id &&
        input.task_id === parent &&
        input.minutes === after.minutes &&
        input.reason === after.reason;
      return said ? undefined : wrong('it is not what its entry says');
    },
  }),
];
