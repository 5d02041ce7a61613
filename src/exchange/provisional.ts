import type { Tip } from '../book/book.ts';
import { entriesBetween } from '../book/history.ts';
import { type Hold, MARGIN_MS } from '../kernel/hold.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid } from '../store/port.ts';
import { type ClaimOutcome, type ClaimRequest, lostTo } from './claim.ts';
import { below, type Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { type Fetched, fetch, knownClaims } from './fetch.ts';
import { holdableAt } from './records.ts';
import { lapsed, makeClaim } from './renew.ts';

/**
 * OFFLINE PROVISIONAL (PROTOCOL §10): a tenure that nobody confirmed, told as such and never as "yours". Allowed only
 * where neither the book, the last seen claim ref nor a sibling's hold is live; its entries lie on the draft.
 */
export async function claimOffline(
  clone: Clone,
  request: ClaimRequest,
): Promise<Exclude<ClaimOutcome, { kind: 'done' }> | { kind: 'provisional'; hold: HoldFile }> {
  const { id, actor } = request;
  const run = request.run[0]!;
  const now = clone.now();
  const tip = await clone.book.tip();
  const record = (await clone.book.view(tip.at).get(request.def, id)) as { hold?: Hold } | undefined;
  const inBook = record?.hold;
  const along = await request.along?.(clone.book.view(tip.at));
  if (along) return { kind: 'lost', reason: `${along.id} moves through the remote only, not offline` };
  const grace = await clone.grace();
  if (inBook && !lapsed(inBook.lease_until, now, grace)) {
    return { kind: 'lost', reason: `${inBook.actor} holds ${id} until ${inBook.lease_until}` };
  }
  if (clone.rules.provisionalSeen) {
    const seen = (await knownClaims(clone)).get(id);
    if (seen && !lapsed(seen.lease_until, now, grace)) return lostTo(seen);
    const sibling = (await clone.desk.holds()).find(hold => hold.id === id && !lapsed(hold.lease_until, now, grace));
    if (sibling) return { kind: 'lost', reason: `${sibling.actor} holds ${id} until ${sibling.lease_until}` };
  }
  const nonce = clone.nonce();
  const lease_until = instant(now + request.lease);
  const made = await makeClaim(clone, { id, actor, run, root: nonce, chain: [], lease_until }, null, nonce);
  const stamp = { root: nonce, oid: made.oid, actor, run, lease_until };
  const intent = { ...request.intent(stamp, undefined, []), provisional: true as const };
  await clone.book.transact(intent, { draft: true });
  const hold: HoldFile = {
    id,
    root: nonce,
    oid: made.oid,
    actor,
    run,
    since: made.since,
    lease_until,
    chain: [],
    provisional: true,
  };
  await clone.desk.putHold(hold);
  return { kind: 'provisional', hold };
}

/**
 * SYNC 1: wins the claim refs of provisional tenures before any of their entries may land. `settled`: `fetched.claims`
 * is right for every tenure, won or lost; `again`: it moved, start the sync again; `broken`: nothing lands, nothing parks.
 */
export async function confirmProvisional(
  clone: Clone,
  fetched: Fetched,
  tip: Tip,
): Promise<'settled' | 'again' | 'broken'> {
  if (tip.draft === null || fetched.book === null || !clone.rules.provisionalFence) return 'settled';
  const base = await clone.store.mergeBase(tip.at, fetched.book);
  const grace = await clone.grace();
  let won = false;
  for (const { entry } of await entriesBetween(clone.store, tip.at, base)) {
    const { intent } = entry;
    const id = clone.book.rulebook.target(intent)?.id;
    if (!intent.provisional || !intent.claim || id === undefined) continue;
    const shown = fetched.claims.get(id);
    if (shown && (shown.root === intent.claim.root || !lapsed(shown.lease_until, clone.now(), grace))) continue;
    const stamp = await clone.book.stampOn(fetched.book);
    const judged = await clone.book.redecide(clone.book.reader(fetched.book), entry, stamp);
    if (judged.kind === 'refused') continue;
    const { actor, run, root, lease_until } = intent.claim;
    const span = Math.max(0, epochMs(lease_until) - epochMs(intent.at));
    const made = await makeClaim(
      clone,
      { id, actor, run, root, chain: [], lease_until: instant(clone.now() + span) },
      below(shown),
    );
    const pushed = await clone.push([{ ref: clone.names.claim(id), old: shown?.oid ?? null, new: made.oid }]);
    if (pushed.kind === 'broken' || pushed.kind === 'denied') return 'broken';
    if (pushed.kind === 'refused') return 'again';
    won = true;
  }
  if (!won) return 'settled';
  const again = await fetch(clone);
  if (again.kind === 'broken' || again.book !== fetched.book) return 'again';
  fetched.claims = again.claims;
  return 'settled';
}

/**
 * A run whose provisional tenure is in the book and on its ref now really holds. Told only then, never at the swap: an
 * entry of the tenure before, fenced by an older listing, may land in between, and the law then refuses an old `at`.
 */
export async function confirmHolds(clone: Clone, book: Oid, claims: ReadonlyMap<string, Claim>): Promise<void> {
  for (const { id, root, provisional } of await clone.desk.holds()) {
    const shown = claims.get(id);
    if (!provisional || shown?.root !== root || clone.now() >= epochMs(shown.lease_until) - MARGIN_MS) continue;
    const record = (await holdableAt(clone.book, book, id))?.record as Holdable | undefined;
    if (record?.hold?.root !== root) continue;
    const { oid, since, lease_until } = shown;
    await clone.desk.amendHold(id, root, ({ provisional: _was, ...hold }) => ({ ...hold, oid, since, lease_until }));
  }
}
