import { later } from '../../kernel/holdlaws.ts';
import type { End, Session, SessionBook, StrayCorrection } from '../../rooms/sessions/ports.ts';
import type { HoldEvent, SessionRow } from './events.ts';

/** The earlier of two instants. */
const sooner = (a: string, b: string): string => (Date.parse(b) < Date.parse(a) ? b : a);

/** The sessions that the rows of a book tell of. A function of the book alone: every clone that has it shows the same. */
export function sessionsOf(rows: Iterable<SessionRow>): SessionBook {
  const sessions: Session[] = [];
  const named = new Map<string, Session>();
  const live = new Map<string, Session>();
  const stray: StrayCorrection[] = [];
  for (const { holds = [], pauses = [], corrections = [] } of rows) {
    for (const event of holds) {
      const { task, hold } = event;
      const now = live.get(task);
      if (now && hold?.root === now.id) {
        now.lease_until = later(now.lease_until, hold.lease_until);
        offered(now, hold.offer !== undefined, event.at);
        continue;
      }
      if (now) {
        end(now, event);
        live.delete(task);
      }
      if (!hold) continue;
      const begun = opened(event);
      sessions.push(begun);
      named.set(`${task} ${begun.id}`, begun);
      live.set(task, begun);
    }
    for (const { task, session_id, kind, at, reason } of pauses) {
      const session = live.get(task);
      if (session?.id !== session_id) continue;
      if (kind === 'resume') closeRest(session, 'paused', at);
      else session.rests.push({ from: at, kind: 'paused', ...(reason === undefined ? {} : { reason }) });
    }
    for (const { task, session_id, ...correction } of corrections) {
      const { id, minutes, reason, by, at } = correction;
      const told = { id, minutes, reason, by, at };
      const session = named.get(`${task} ${session_id}`);
      if (session) session.corrections.push(told);
      else stray.push({ ...told, session_id, task_id: task });
    }
  }
  return { sessions, stray };
}

function opened({ task, hold, landed, provisional }: HoldEvent): Session {
  const { root, actor, run, since, lease_until } = hold!;
  return {
    id: root,
    task_id: task,
    actor,
    run_id: run,
    started_at: since,
    lease_until,
    rests: [],
    corrections: [],
    ...(landed === undefined ? {} : { landed_at: landed }),
    ...(provisional ? { provisional } : {}),
  };
}

function offered(session: Session, now: boolean, at: string): void {
  const is = session.rests.some(({ kind, until }) => kind === 'offered' && until === undefined);
  if (now && !is) session.rests.push({ from: at, kind: 'offered' });
  if (!now && is) closeRest(session, 'offered', at);
}

function closeRest(session: Session, kind: 'paused' | 'offered', at: string): void {
  const rest = session.rests.findLast(one => one.kind === kind && one.until === undefined);
  if (rest) rest.until = at;
}

/**
 * The entry that ends a hold ends the session, unless its lease was over before: then nobody worked on, and it ended with
 * the lease, by what book and take-over know of it.
 */
function end(session: Session, { at, by, status, hold, prev }: HoldEvent): void {
  const own = hold === undefined && by === session.actor;
  if (prev?.root === session.id) session.lease_until = later(session.lease_until, prev.lease_until);
  const ended = own ? at : sooner(at, session.lease_until);
  session.ended_at = later(session.started_at, ended);
  session.ended = endOf(session, status, hold?.actor, prev);
}

function endOf({ id, actor }: Session, status: string, next: string | undefined, prev: HoldEvent['prev']): End {
  if (next === undefined) return status === 'open' ? 'released' : (status as End);
  if (next === actor) return 'claimed_again';
  return prev?.root === id && prev.offer !== undefined ? 'handed_over' : 'taken_over';
}
