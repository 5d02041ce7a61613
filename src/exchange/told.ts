import { LedgerError } from '../kernel/errors.ts';
import { epochMs } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Clone } from './clone.ts';
import { knownClaims } from './fetch.ts';
import type { CallOptions } from './office.ts';
import { commandOn } from './records.ts';
import { sync } from './sync.ts';

/** A lease that ran out under its holder: when, who was seen to have it now, and what to run. */
export async function lapse(clone: Clone, hold: HoldFile): Promise<LedgerError> {
  const { id, lease_until, root } = hold;
  const now = (await knownClaims(clone)).get(id);
  const other = now && now.root !== root ? now : undefined;
  const taken = other ? `${other.actor} has it until ${other.lease_until}` : 'nobody else was seen to take it';
  return new LedgerError('LEASE_LAPSED', `your lease on ${id} lapsed at ${lease_until}; ${taken}`, {
    hint: commandOn(clone.book, 'claim', id),
    details: { id, lapsed_at: lease_until, ...(other ? { holder: other.actor } : {}) },
  });
}

/** A lost claim on what this run held before says when that ended. `hold`: the run's own note of it, if it has one. */
export function alsoLapsed(thrown: unknown, hold: HoldFile | undefined, now: number): unknown {
  if (!(thrown instanceof LedgerError) || thrown.code !== 'CLAIM_LOST' || !hold) return thrown;
  if (epochMs(hold.lease_until) > now) return thrown;
  const { code, message, hint, details } = thrown;
  const lapsed_at = hold.lease_until;
  return new LedgerError(code, `${message}; your lease lapsed at ${lapsed_at}`, {
    hint,
    details: { ...details, lapsed_at },
  });
}

/**
 * Sends what was written here and says what became of one entry.
 * @throws LedgerError UNREACHABLE when nothing could be sent; REFUSED when a law parked it on the way
 */
export async function send(
  clone: Clone,
  entry: string,
  options: CallOptions,
): Promise<{ landed: boolean; queued?: true }> {
  const report = await sync(clone, options);
  const parked = report.parked.find(one => one.entry === entry);
  if (parked) {
    throw new LedgerError('REFUSED', `parked: it does not fit what others wrote meanwhile: ${parked.reason}`, {
      hint: 'ledgenter parked list',
    });
  }
  if (report.ok) return { landed: true };
  if (report.queued) return { landed: false, queued: true };
  throw new LedgerError('UNREACHABLE', `recorded here, but not landed: ${report.reason ?? 'the remote is busy'}`);
}
