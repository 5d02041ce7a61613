import type { ClaimStamp, Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { MARGIN_MS } from '../kernel/hold.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import { type ClaimOutcome, type ClaimRequest, claim } from './claim.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { type FetchOptions, fetch } from './fetch.ts';
import { restoreHold } from './records.ts';
import { makeClaim } from './renew.ts';

export interface OfferRequest {
  hold: HoldFile;
  /** The entry that opens the offer, written under the claim it is given. */
  intent(claim: ClaimStamp): Intent;
  /** The id under which the offer stands in the book (`hold.offer.id`), as it follows from its entry. */
  offerId(intent: Intent): string;
}

/** An offer that is on the claim ref; needed to take it back. */
export interface Offered {
  id: string;
  offer: string;
  claim: Claim;
  hold: HoldFile;
}

export type OfferOutcome =
  /** On the ref and in the local book; open once the entry has landed. */
  | { kind: 'offered'; offered: Offered }
  /** Nothing was offered, the sender holds on. */
  | { kind: 'held'; hold: HoldFile; reason: string }
  /** The sender holds no longer, or cannot tell: a claim finds out. */
  | { kind: 'lost'; reason: string };

/**
 * Offers a held record to others (PROTOCOL §7.1–2): the sender stops holding, marks the claim ref with the offer, then
 * writes the entry. Nobody can take it before the mark is on the ref, and from then on the sender does not work on it.
 * @throws LedgerError the refusal of a law, once the sender holds again
 */
export async function offer(clone: Clone, request: OfferRequest): Promise<OfferOutcome> {
  const { hold } = request;
  if (clone.now() > epochMs(hold.lease_until) - MARGIN_MS) {
    return { kind: 'lost', reason: `the lease lapsed at ${hold.lease_until}` };
  }
  const { root, oid, actor, run, lease_until } = hold;
  const intent = request.intent({ root, oid, actor, run, lease_until });
  const id = request.offerId(intent);
  if (!clone.rules.offerInRef) {
    await clone.book.transact(intent);
    return { kind: 'offered', offered: { id: hold.id, offer: id, claim: await asClaim(clone, hold), hold } };
  }
  await clone.desk.dropHold(hold.id, root);
  const marked = await makeClaim(clone, { ...hold, offer: id }, oid);
  const pushed = await clone.push([{ ref: clone.names.claim(hold.id), old: oid, new: marked.oid }]);
  if (pushed.kind !== 'accepted' && !(await shows(clone, marked)))
    return backTo(clone, hold, 'the offer was not taken');
  const offered = { id: hold.id, offer: id, claim: marked, hold };
  try {
    await clone.book.transact(intent);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const kept = await takeBack(clone, offered);
    if (kept.kind === 'held') throw error;
    return { kind: 'lost', reason: error.message };
  }
  return { kind: 'offered', offered };
}

/**
 * Takes an offer back (PROTOCOL §7.4): the ref decides against a taker; the entry that closes the offer follows, by the
 * caller, under the hold that this answers.
 */
export async function takeBack(clone: Clone, offered: Offered): Promise<Exclude<OfferOutcome, { kind: 'offered' }>> {
  return backTo(clone, { ...offered.hold, oid: offered.claim.oid }, 'the offer was taken back');
}

/** Accepts an offer: a claim that the mark on the ref lets pass (PROTOCOL §7.3). */
export async function acceptOffer(
  clone: Clone,
  request: ClaimRequest & { accepts: string },
  options: FetchOptions = {},
): Promise<ClaimOutcome> {
  return claim(clone, request, options);
}

/**
 * Only a fresh swap brings a hold back (#5): it kills whatever push of ours is still under way. While the answer is
 * unknown nobody here holds.
 */
async function backTo(
  clone: Clone,
  hold: HoldFile,
  reason: string,
): Promise<Exclude<OfferOutcome, { kind: 'offered' }>> {
  const ref = clone.names.claim(hold.id);
  let old = hold.oid;
  for (let attempt = 0; attempt < 2; attempt++) {
    if (clone.now() > epochMs(hold.lease_until) - MARGIN_MS) break;
    const span = epochMs(hold.lease_until) - epochMs(hold.since);
    const lease_until = instant(Math.max(epochMs(hold.lease_until), clone.now() + span));
    const fresh = await makeClaim(clone, { ...hold, lease_until }, old);
    const pushed = await clone.push([{ ref, old, new: fresh.oid }]);
    if (pushed.kind === 'accepted' || (await shows(clone, fresh))) {
      const { renew: _done, ...rest } = hold;
      const kept: HoldFile = { ...rest, oid: fresh.oid, since: fresh.since, lease_until };
      if (!(await restoreHold(clone.book, kept))) break;
      return { kind: 'held', hold: kept, reason };
    }
    const fetched = await fetch(clone);
    const shown = fetched.kind === 'fetched' ? fetched.claims.get(hold.id) : undefined;
    if (!shown || shown.root !== hold.root || shown.actor !== hold.actor) break;
    old = shown.oid;
  }
  return { kind: 'lost', reason: `${hold.id} is not held here any more, as far as this clone can tell` };
}

async function shows(clone: Clone, claim: Claim): Promise<boolean> {
  const fetched = await fetch(clone);
  return fetched.kind === 'fetched' && fetched.claims.get(claim.id)?.oid === claim.oid;
}

async function asClaim(clone: Clone, hold: HoldFile): Promise<Claim> {
  return { ...(await makeClaim(clone, hold, null)), oid: hold.oid };
}
