import type { Further } from '../../book/verify.ts';
import { graceOf } from '../../rooms/ledger/grace.ts';
import type { Oid } from '../../store/port.ts';
import { heldUnder, isKin } from '../fence.ts';
import { lapsed } from '../renew.ts';
import { type Ledger, shownAt } from './judge.ts';

/**
 * The fence of PROTOCOL §1.6 at the gate (law `ref.hold`), by the server's clock. Renewals leave no entry and `at` is the
 * writer's word, so the book alone takes for lapsed what is held; the ref knows better. Where it shows no claim, or one
 * that is over, the book decides.
 */
export async function fenceOf(ledger: Ledger, old: Oid): Promise<Further> {
  const { book, claims } = ledger;
  const grace = await graceOf(book.view(old));
  return async ({ intent }, changes) => {
    const { claim } = intent;
    if (!claim) return undefined;
    for (const id of heldUnder(book.rulebook, intent, changes)) {
      const shown = await shownAt(ledger, id, await claims.stands(id));
      if (!shown || shown.alien || isKin(shown, claim) || lapsed(shown.lease_until, book.now(), grace)) continue;
      // What moves along is judged by itself, and the push passes whole or not at all.
      if (isKin(await shownAt(ledger, id, claims.comes(id)), claim)) continue;
      const message = `${id}: ${shown.actor} holds it until ${shown.lease_until}`;
      return { law: 'ref.hold', message };
    }
    return undefined;
  };
}
