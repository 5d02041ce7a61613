import type { Json } from '../kernel/canonical.ts';
import type { ClaimStamp, Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { MARGIN_MS } from '../kernel/hold.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { fetch } from './fetch.ts';
import { holdableAt, restoreHold } from './records.ts';
import { lapsed, makeClaim } from './renew.ts';
import { settle } from './settle.ts';

export interface OfferRequest {
  hold: HoldFile;
  /** The entry that opens the offer, written under the claim it is given. */
  intent(claim: ClaimStamp): Intent;
  /** The id under which the offer stands in the book (`hold.offer.id`), as it follows from its entry. */
  offerId(intent: Intent): string;
}

export type OfferOutcome =
  /** On the ref and in the local book; open once the entry has landed. */
  | { kind: 'offered'; entry: string; result: { [key: string]: Json } }
  /** Nothing was offered, the sender holds on. */
  | { kind: 'held'; hold: HoldFile; reason: string }
  /** The sender holds no longer, or cannot tell: a claim finds out. */
  | { kind: 'lost'; reason: string };

/**
 * Offers a held record to others (PROTOCOL §7.1–2): the sender stops holding, marks the claim ref with the offer, then
 * writes the entry. Nobody can take it before the mark is on the ref, and from then on the sender does not work on it.
 * @throws LedgerError the refusal of a law: before anything was done, or once the sender holds again
 */
export async function offer(clone: Clone, request: OfferRequest): Promise<OfferOutcome> {
  const { hold } = request;
  if (clone.now() > epochMs(hold.lease_until) - MARGIN_MS) {
    return { kind: 'lost', reason: `the lease lapsed at ${hold.lease_until}` };
  }
  const { root, oid, actor, run, lease_until } = hold;
  const intent = request.intent({ root, oid, actor, run, lease_until });
  await judgeHere(clone, intent);
  if (!clone.rules.offerInRef) return recorded(await write(clone, intent));
  await clone.desk.dropHold(hold.id, root);
  const marked = await makeClaim(clone, { ...hold, offer: request.offerId(intent) }, oid);
  const pushed = await clone.push([{ ref: clone.names.claim(hold.id), old: oid, new: marked.oid }]);
  if (pushed.kind !== 'accepted' && !(await shows(clone, marked)))
    return backTo(clone, hold, 'the offer did not reach the remote');
  try {
    return recorded(await write(clone, intent));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const kept = await backTo(clone, { ...hold, oid: marked.oid }, error.message);
    if (kept.kind === 'held') throw error;
    return { kind: 'lost', reason: error.message };
  }
}

/** What a law says against it is heard before the sender stops holding. */
async function judgeHere(clone: Clone, intent: Intent): Promise<void> {
  const { at } = await clone.book.tip();
  const judged = await clone.book.decide(clone.book.reader(at), intent, await clone.book.stampOn(at));
  if (judged.kind === 'refused') throw judged.error;
}

function write(clone: Clone, intent: Intent): ReturnType<Clone['book']['transact']> {
  return clone.book.transact(intent, clone.self ? { beside: enacted => settle(clone, enacted) } : {});
}

function recorded(written: Awaited<ReturnType<typeof write>>): OfferOutcome {
  const { entry, result } =
    written.kind === 'written'
      ? { entry: written.enacted.entry.id, result: written.enacted.result }
      : { entry: '', result: written.result };
  return { kind: 'offered', entry, result };
}

export type TakenBack =
  | { kind: 'held'; hold: HoldFile }
  /** Nothing to take back: the lease is over, or another run offered it. */
  | { kind: 'nothing' }
  | { kind: 'taken'; by: Claim }
  | { kind: 'unsure'; reason: string };

/**
 * Takes an offer back (PROTOCOL §7.4): the ref decides against a taker; the entry that closes the offer follows, by the
 * caller, under the hold that this answers, and only then is it held on file: while the book has the offer nobody works.
 * Any process of the offering run may, from what the ref says.
 */
export async function takeBack(
  clone: Clone,
  { id, offer: offered }: { id: string; offer: string },
  { actor, run }: { actor: string; run: readonly string[] },
): Promise<TakenBack> {
  const fetched = await fetch(clone);
  if (fetched.kind === 'broken') return { kind: 'unsure', reason: fetched.reason };
  const grace = await clone.grace();
  for (const claim of [fetched.claims.get(offered), fetched.claims.get(id)]) {
    const own = claim?.actor === actor && run.includes(claim.run);
    if (claim && !own && claim.offer !== offered && !lapsed(claim.lease_until, clone.now(), grace))
      return { kind: 'taken', by: claim };
  }
  const shown = fetched.claims.get(id);
  if (!shown || shown.actor !== actor || !run.includes(shown.run)) return { kind: 'nothing' };
  if (shown.offer !== offered) {
    // Without the mark it was taken back already, by a process that ended before its entry: then the tenure is the book's.
    const known = (await holdableAt(clone.book, (await clone.book.tip()).at, id))?.record as Holdable | undefined;
    if (shown.offer !== undefined || known?.hold?.root !== shown.root) return { kind: 'nothing' };
  }
  const { root, oid, since, lease_until, chain } = shown;
  if (clone.now() > epochMs(lease_until) - MARGIN_MS) return { kind: 'nothing' };
  const hold: HoldFile = { id, root, oid, actor, run: shown.run, since, lease_until, chain };
  const back = await backTo(clone, hold, 'the offer was taken back', false);
  return back.kind === 'held' ? back : { kind: 'unsure', reason: back.reason };
}

/**
 * Moves the end of an offered claim for whoever takes it (PROTOCOL §7.5): the sender does not hold by it. Undefined when
 * this run offers nothing there.
 */
export async function renewOffer(
  clone: Clone,
  id: string,
  { actor, run }: { actor: string; run: readonly string[] },
  leaseMs?: number,
): Promise<{ lease_until: string } | undefined> {
  const fetched = await fetch(clone);
  const shown = fetched.kind === 'fetched' ? fetched.claims.get(id) : undefined;
  if (shown?.offer === undefined || shown.actor !== actor || !run.includes(shown.run)) return undefined;
  if (clone.now() > epochMs(shown.lease_until) - MARGIN_MS) return undefined;
  const span = leaseMs ?? epochMs(shown.lease_until) - epochMs(shown.since);
  const lease_until = instant(Math.max(epochMs(shown.lease_until), clone.now() + span));
  const fresh = await makeClaim(clone, { ...shown, lease_until }, shown.oid);
  const pushed = await clone.push([{ ref: clone.names.claim(id), old: shown.oid, new: fresh.oid }]);
  return pushed.kind === 'accepted' || (await shows(clone, fresh)) ? { lease_until } : undefined;
}

/**
 * Only a fresh swap brings a hold back (#5): it kills whatever push of ours is still under way. While the answer is
 * unknown nobody here holds. `file`: it is held on file at once, else by the caller.
 */
async function backTo(
  clone: Clone,
  hold: HoldFile,
  reason: string,
  file = true,
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
      if (file && !(await restoreHold(clone.book, kept))) break;
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
