import type { Hold } from '../kernel/hold.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import type { Held } from '../kernel/operation.ts';
import type { Oid } from '../store/port.ts';
import { type ClaimOutcome, type ClaimRequest, lostTo } from './claim.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { lapsed, makeClaim } from './renew.ts';

/** A held record whose claim may move to the claimant: what its ref shows, what the book says of its holder. */
export interface Moves {
  kind: 'moves';
  id: string;
  offer: string;
  shown: Claim | undefined;
  hold: Hold;
  /** `shown` is this run's own, left by an attempt that did not end. */
  own: boolean;
  /** `shown` carries the offer. */
  offered: boolean;
}

/** The claim that moves along with another, and what it replaces on its ref. */
export interface Moving {
  claim: Claim;
  shown: Claim | undefined;
  offered: boolean;
}

/**
 * An offered claim moves when its ref carries the offer: the sender stopped then (#8). It also does when nobody else can
 * hold it any more: past lease and grace, or the claimant's own from an attempt that crashed.
 */
export async function whatMoves(
  clone: Clone,
  { actor, run }: ClaimRequest,
  { def, id, offer }: Held,
  shown: Claim | undefined,
  book: Oid,
): Promise<Moves | (ClaimOutcome & { kind: 'lost' })> {
  const hold = ((await clone.book.view(book).get(def, id)) as Holdable | undefined)?.hold;
  if (!hold) return { kind: 'lost', reason: `nobody offers ${id} any more` };
  const offered = shown !== undefined && shown.offer === offer && shown.root === hold.root;
  const own = shown !== undefined && shown.actor === actor && run.includes(shown.run);
  const over = lapsed((shown ?? hold).lease_until, clone.now(), clone.rules.grace ? await clone.grace() : 0);
  if (offered || own || over || (!clone.rules.offerInRef && shown?.root === hold.root))
    return { kind: 'moves', id, offer, shown, hold, own, offered };
  return shown
    ? lostTo(shown)
    : { kind: 'lost', reason: `the claim on ${id} is gone; it is free at ${hold.lease_until}` };
}

/**
 * Where the claim that moved along goes when the laws refuse it after all: back to its sender, under the offer as it was
 * but as another commit, so that no push that is still under way fits. Undefined: nobody's, the ref goes.
 */
export async function sentBack(clone: Clone, { claim, shown, offered }: Moving): Promise<Oid | undefined> {
  if (!shown || !offered) return undefined;
  const { oid: _old, nonce: _used, ...of } = shown;
  return (await makeClaim(clone, of, claim.oid)).oid;
}
