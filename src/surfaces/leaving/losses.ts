import { entriesBetween } from '../../book/history.ts';
import type { Clone } from '../../exchange/clone.ts';
import { seenTip } from '../../exchange/fetch.ts';
import { lapsed } from '../../exchange/renew.ts';
import { LedgerError } from '../../kernel/errors.ts';

/**
 * Refuses to leave while something that a person wrote is nowhere else than in what goes.
 * @param parts.known what tells sent entries from others is here; without it, and without a purge, only the book is, which stays
 * @param parts.willSend what is not at the remote yet is sent before anything goes
 * @throws LedgerError REFUSED, whose hint brings it to safety
 */
export async function refuseLosses(
  clone: Clone,
  { purge, known, willSend }: { purge: boolean; known: boolean; willSend: boolean },
): Promise<void> {
  const tip = await clone.book.tryTip();
  if (!tip) return;
  const parked = await clone.store.refs(clone.names.parkedPrefix);
  if (parked.size > 0)
    throw stay(`${parked.size} entries are parked here: retry or drop them first`, 'ledgenter parked list');
  const grace = await clone.grace();
  const held = (await clone.desk.holds()).filter(hold => !lapsed(hold.lease_until, clone.now(), grace));
  if (held.length > 0)
    throw stay(
      `${held.map(({ id }) => id).join(', ')} is claimed here: release it first`,
      `ledgenter task release ${held[0]!.id}`,
    );
  if (clone.self) {
    if (purge) throw stay('this repository is the only place that keeps the book', 'ledgenter leave');
    return;
  }
  const waiting = !willSend && (known || purge) ? await unsent(clone, tip.at) : 0;
  if (waiting > 0) throw stay(`${waiting} entries are not at the remote yet`, 'ledgenter sync');
}

async function unsent(clone: Clone, tip: string): Promise<number> {
  const seen = await seenTip(clone);
  if (tip === seen) return 0;
  const base = seen === null ? null : await clone.store.mergeBase(seen, tip);
  return (await entriesBetween(clone.store, tip, base)).length;
}

const stay = (message: string, hint: string) => new LedgerError('REFUSED', `not left: ${message}`, { hint });
