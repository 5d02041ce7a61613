import { ERRORS, LedgerError } from '../kernel/errors.ts';
import { MAX_LEASE_MS } from '../kernel/hold.ts';
import type { Who } from '../kernel/operation.ts';
import { instant } from '../kernel/time.ts';
import type { Claims } from '../rooms/tasks/ports.ts';
import type { Desk, HoldFile } from '../store/desk.ts';
import type { Clone } from './clone.ts';
import { renewOffer } from './offer.ts';
import { commandOn } from './records.ts';
import { renew } from './renew.ts';

/** This run's own claims, as the rooms ask for them; the exchange is put together by the first renewal. */
export function claimsOf(desk: Desk, exchange: () => Promise<Clone>, who: Who): Claims {
  const own = async (): Promise<HoldFile[]> =>
    (await desk.holds()).filter(hold => hold.actor === who.actor && who.run.includes(hold.run));
  return {
    async held() {
      return (await own()).map(({ id, lease_until, provisional }) => ({
        id,
        lease_until,
        ...(provisional ? { provisional } : {}),
      }));
    },
    async renew(id, lease) {
      const clone = await exchange();
      const hold = (await own()).find(one => one.id === id);
      const offered = hold
        ? undefined
        : await renewOffer(clone, id, who, lease === undefined ? undefined : Math.min(lease, MAX_LEASE_MS));
      if (offered) return offered;
      const again = { hint: commandOn(clone.book, 'claim', id) };
      if (!hold) throw new LedgerError('NOT_HOLDER', `this run holds no claim on ${id}`, again);
      if (hold.provisional) return provisional(clone, hold, lease);
      const done = await renew(clone, hold, lease === undefined ? undefined : Math.min(lease, MAX_LEASE_MS));
      if (done.kind === 'held') return { lease_until: done.hold.lease_until };
      if (done.kind === 'unsure') {
        throw new LedgerError('UNREACHABLE', `the renewal of ${id} was not confirmed: ${done.reason}`, {
          hint: ERRORS.BUSY.hint,
        });
      }
      throw new LedgerError(done.claim ? 'CLAIM_LOST' : 'LEASE_LAPSED', `${id}: ${done.reason}`, {
        ...again,
        ...(done.claim ? { details: { holder: done.claim.actor, lease_until: done.claim.lease_until } } : {}),
      });
    },
  };
}

/** Nobody confirmed it yet, so only this clone's own note of it moves. */
async function provisional(clone: Clone, hold: HoldFile, lease: number | undefined): Promise<{ lease_until: string }> {
  const span = lease ?? Date.parse(hold.lease_until) - Date.parse(hold.since);
  const lease_until = instant(clone.now() + Math.min(span, MAX_LEASE_MS));
  await clone.desk.amendHold(hold.id, hold.root, kept => ({ ...kept, lease_until }));
  return { lease_until };
}
