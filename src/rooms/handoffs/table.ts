import { GRACE_MS } from '../../kernel/hold.ts';
import { epochMs } from '../../kernel/time.ts';
import { defineTable, type Named } from '../rows.ts';
import { type Handoff, type HandoffKind, type HandoffStatus, handoffRecord } from './record.ts';
import { isExpired, isRecipient } from './who.ts';

/** A handoff as lists show it: never a body. */
export interface HandoffRow {
  kind: HandoffKind;
  status: HandoffStatus;
  title: string;
  from: string;
  to: string[];
  task_id?: string;
  due_on?: string;
  holder?: string;
  lease_until?: string;
  verdict?: 'approve' | 'reject';
  answered_by?: string;
  created_at: string;
  updated_at: string;
}

export const handoffTable = defineTable<Handoff, HandoffRow>({
  def: handoffRecord,
  version: 1,
  row({ kind, status, title, created_by, to, task_id, due_on, hold, verdict, answered_by, created_at, updated_at }) {
    return {
      kind,
      status,
      title,
      from: created_by,
      to,
      ...(task_id === undefined ? {} : { task_id }),
      ...(due_on === undefined ? {} : { due_on }),
      ...(hold === undefined ? {} : { holder: hold.actor, lease_until: hold.lease_until }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(answered_by === undefined ? {} : { answered_by }),
      created_at,
      updated_at,
    };
  },
});

/** Claimed, but so long ago that anyone it is for may claim it now, as far as the book knows. */
export function isLapsed({ status, lease_until }: HandoffRow, now: number, grace = GRACE_MS): boolean {
  return status === 'claimed' && lease_until !== undefined && now > epochMs(lease_until) + grace;
}

/** What waits for `actor`: to it and open, or claimed by it; oldest first. `roles`: those under which it is addressed. */
export function inboxOf<Row extends HandoffRow>(
  rows: readonly Named<Row>[],
  actor: string,
  roles: readonly string[],
  now: number,
  grace = GRACE_MS,
): Named<Row>[] {
  const waits = (row: Row): boolean => {
    if (row.status === 'claimed' && row.holder === actor) return true;
    const free =
      row.status === 'open'
        ? !isExpired(row, now)
        : isLapsed(row, now, grace) && !isExpired({ ...row, status: 'open' }, now);
    return free && isRecipient(row, actor, roles);
  };
  return rows.filter(waits).sort(byAge);
}

/** Answers that `actor` asked for and has not acknowledged. */
export function answersFor<Row extends HandoffRow>(rows: readonly Named<Row>[], actor: string): Named<Row>[] {
  return rows.filter(({ status, from }) => status === 'answered' && from === actor).sort(byAge);
}

export function byAge(a: { created_at: string; id: string }, b: { created_at: string; id: string }): number {
  return a.created_at + a.id < b.created_at + b.id ? -1 : 1;
}
