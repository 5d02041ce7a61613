import { LedgerError } from '../kernel/errors.ts';
import type { Held, Who } from '../kernel/operation.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Clone } from './clone.ts';
import { type OfferOutcome, type OfferRequest, offer, takeBack } from './offer.ts';
import type { CallOptions } from './office.ts';
import { commandOn } from './records.ts';

/**
 * Offers a held record, or says why it is not offered and who holds it now.
 * @throws LedgerError UNREACHABLE: it is held still; CLAIM_LOST: it is not; the refusal of a law
 */
export async function offerHeld(
  clone: Clone,
  request: OfferRequest,
  options: CallOptions,
): Promise<Extract<OfferOutcome, { kind: 'offered' }>> {
  const { id, provisional } = request.hold;
  if (options.offline || provisional)
    throw new LedgerError('UNREACHABLE', `the claim on ${id} is offered through the remote only`);
  const outcome = await offer(clone, request);
  if (outcome.kind === 'offered') return outcome;
  if (outcome.kind === 'held')
    throw new LedgerError('UNREACHABLE', `${id} is not offered, you hold it still: ${outcome.reason}`);
  throw new LedgerError('CLAIM_LOST', `${id} was not offered: ${outcome.reason}`, {
    hint: commandOn(clone.book, 'claim', id),
  });
}

/**
 * The hold that an offer gave away, taken back by the run that offered it; undefined when there is nothing to take back.
 * @throws LedgerError CLAIM_LOST when it was taken, UNREACHABLE when nobody can say
 */
export async function bringBack(
  clone: Clone,
  held: Held,
  who: Who,
  options: CallOptions,
): Promise<HoldFile | undefined> {
  const { id, offer: offered } = held;
  if (options.offline) throw new LedgerError('UNREACHABLE', `${offered} is taken back through the remote only`);
  const back = await takeBack(clone, held, who);
  switch (back.kind) {
    case 'held':
      return back.hold;
    case 'nothing':
      return undefined;
    case 'unsure':
      throw new LedgerError('UNREACHABLE', `${offered} was not taken back: ${back.reason}`);
    case 'taken': {
      const { actor: holder, lease_until } = back.by;
      throw new LedgerError('CLAIM_LOST', `${holder} has taken ${offered}, until ${lease_until}`, {
        hint: commandOn(clone.book, 'get', offered),
        details: { id, holder, lease_until },
      });
    }
  }
}
