import { type Context, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { graceOf } from '../ledger/grace.ts';
import { find } from '../lookup.ts';
import { isLive, type Known } from './live.ts';
import { type Reservation, reservationRecord } from './record.ts';

/** @throws LedgerError NOT_FOUND */
export async function needReservation(view: View, id: string): Promise<Reservation> {
  return (
    (await find(view, reservationRecord, id)) ??
    refuse('NOT_FOUND', `there is no reservation ${id}`, { hint: 'ledgenter reserve query --all' })
  );
}

export type State = 'live' | 'lapsed' | 'released';

export function stateOf({ released_at, lease_until }: Reservation, now: number, grace: number): State {
  if (released_at !== undefined) return 'released';
  return isLive(lease_until, now, grace) ? 'live' : 'lapsed';
}

/** A reservation as answers show it. */
export function shown({ id, record }: Known, state?: State) {
  const { actor: by, run, lease_until: until, paths, slot, repo, task_id, reason, since, released_at } = record;
  return {
    id,
    by,
    run,
    until,
    ...(slot === undefined ? { paths } : { slot }),
    ...(repo === undefined ? {} : { repo }),
    ...(task_id === undefined ? {} : { task_id }),
    ...(reason === undefined ? {} : { reason }),
    since,
    ...(released_at === undefined ? {} : { released_at }),
    ...(state === undefined ? {} : { state }),
  };
}

/** @throws LedgerError NOT_FOUND */
export async function showReservation({ view, now }: Context, id: string): Promise<Record<string, unknown>> {
  const record = await needReservation(view, id);
  const state = stateOf(record, now, await graceOf(view));
  return { reservation: shown({ id, record }, state), reserved: state === 'live' };
}
