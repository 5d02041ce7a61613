import type { Tip } from '../book/book.ts';
import type { Enacted } from '../book/enact.ts';
import { entriesBetween } from '../book/history.ts';
import type { Json } from '../kernel/canonical.ts';
import { type ClaimStamp, entryId, type Intent, type PreviousClaim } from '../kernel/entry.ts';
import type { LedgerError } from '../kernel/errors.ts';
import { MAX_LEASE_MS } from '../kernel/hold.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import type { Held } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { View } from '../kernel/view.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid, PushResult, RefUpdate, Refused } from '../store/port.ts';
import { conclude, readBack } from './claimed.ts';
import { below, type Claim } from './claimref.ts';
import { type Clone, deniedBy } from './clone.ts';
import { type FetchOptions, fetch, markSeen } from './fetch.ts';
import { type Moves, type Moving, whatMoves } from './moves.ts';
import { lapsed, makeClaim } from './renew.ts';
import { sync } from './sync.ts';

export interface ClaimRequest {
  def: RecordDef<unknown>;
  id: string;
  actor: string;
  /** The run and its ancestors, nearest first. */
  run: string[];
  /** ms */
  lease: number;
  /** Another record that the book offers to the claimant: its claim moves along in the same push (PROTOCOL §7). */
  along?(book: View): Promise<Held | undefined>;
  /** Many claim at this moment: the book would be lost, so the claim ref is pushed alone and its entry follows. */
  crowded?: boolean;
  /** What its idempotency key did before, in a state of the book. @throws LedgerError KEY_REUSED */
  before?: ((view: View) => Promise<{ [key: string]: Json } | undefined>) | undefined;
  /** The entry's intent around a claim; called once an attempt, with a fresh `at` and nonce. */
  intent(claim: ClaimStamp, prev: PreviousClaim | undefined, chain: string[]): Intent;
}

export type ClaimOutcome =
  | {
      kind: 'won';
      /** The claim, and the one that moved along. */
      hold: HoldFile;
      along?: HoldFile;
      entry: string;
      result: { [key: string]: Json };
      landed: boolean;
      tookOverFrom?: Claim;
    }
  /** Nothing was claimed: its idempotency key did it before. */
  | { kind: 'done'; result: { [key: string]: Json } }
  /** `contended`: somebody else's push was quicker, so another record is the better next try. */
  | { kind: 'lost'; reason: string; holder?: Claim; error?: LedgerError; contended?: boolean }
  | { kind: 'broken'; reason: string };

/** A claim under way: what was made before the first push. */
export interface Attempt {
  request: ClaimRequest;
  /** The ref's value it replaces. */
  shown: Claim | undefined;
  /** `shown` is this run's own earlier claim. */
  own: boolean;
  claim: Claim;
  /** The claim that moves along, and what it replaces. */
  along: Moving | undefined;
  intent: Intent;
  entry: string;
  /** Tip of the remote book on which the entry was first judged. */
  on: Oid;
  result: { [key: string]: Json };
}

/** Times a claim starts again because a waiting ending had to land first. */
const STARTS = 4;

/**
 * CLAIM (PROTOCOL §3): one atomic push creates the claim ref and lands its entry; when the book has moved, the claim
 * ref alone decides and the entry follows. Nothing is written to the local book before the ref is won; nothing of a
 * lost claim stays behind.
 * @throws LedgerError TAMPERED, NEWER_FORMAT, REMOTE_READ_ONLY, REMOTE_REFUSED
 */
export async function claim(clone: Clone, request: ClaimRequest, options: FetchOptions = {}): Promise<ClaimOutcome> {
  for (let start = 0; start < STARTS; start++) {
    const outcome = await attempt(clone, request, options);
    if (outcome === 'again') continue;
    if (outcome.kind === 'lost' && outcome.contended) clone.lost++;
    return outcome;
  }
  return { kind: 'broken', reason: 'entries of this clone could not be landed first' };
}

async function attempt(clone: Clone, request: ClaimRequest, options: FetchOptions): Promise<ClaimOutcome | 'again'> {
  const { id, def } = request;
  const { rules } = clone;
  const tip = await clone.book.tip();
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken') return fetched;
  const target = fetched.book;
  if (target === null || !(await clone.book.view(target).get(def, id))) return landFirst(clone, options);
  const done = await request.before?.(clone.book.view(target));
  if (done) return { kind: 'done', result: done };
  const shown = fetched.claims.get(id);
  const own = shown !== undefined && shown.actor === request.actor && request.run.includes(shown.run);
  if (
    shown &&
    !own &&
    !lapsed(shown.lease_until, clone.now(), rules.grace ? await graceOf(clone.book.view(target)) : 0)
  ) {
    // A worktree beside this one may have given it back: its release is here, and the ref goes with it.
    return (await endedHere(clone, request, tip, target, shown)) ? landFirst(clone, options) : lostTo(shown);
  }
  if (rules.ownNewRoot && (await endingWaits(clone, request, tip, target))) return landFirst(clone, options);
  const offer = await request.along?.(clone.book.view(target));
  const moving = offer && (await whatMoves(clone, request, offer, fetched.claims.get(offer.id), target));
  if (moving?.kind === 'lost') return moving;
  const { claim: made, along, intent } = await prepare(clone, request, shown, own, moving);
  const stamp = await clone.book.stampOn(target, 'claim');
  const judged = await clone.book.decide(clone.book.reader(target), intent, stamp);
  if (judged.kind === 'refused') return { kind: 'lost', reason: judged.error.message, error: judged.error };
  const under: Attempt = {
    request,
    shown,
    own,
    claim: made,
    along,
    intent,
    entry: entryId(intent),
    on: target,
    result: resultOf(judged),
  };
  const swaps: RefUpdate[] = [
    { ref: clone.names.claim(id), old: shown?.oid ?? null, new: made.oid },
    ...(along ? [{ ref: clone.names.claim(along.claim.id), old: along.shown?.oid ?? null, new: along.claim.oid }] : []),
  ];
  const withMade = (): Map<string, Claim> => {
    const claims = new Map(fetched.claims).set(id, made);
    return along ? claims.set(along.claim.id, along.claim) : claims;
  };
  if (judged.kind === 'lawful' && !request.crowded && tip.at === target && tip.draft === null) {
    const both = await pushBoth(clone, judged, target, swaps);
    if (both.kind === 'accepted') {
      return conclude(clone, under, { ...fetched, book: both.tip, claims: withMade() }, tip);
    }
    if (both.kind === 'broken') return readBack(clone, under, options);
    // A client-side refusal names the stale ref; the others only say that the push was atomic.
    const own = new Set(swaps.map(({ ref }) => ref));
    const refLost = both.refs.some(({ ref, reason }) => own.has(ref) && !/atomic/i.test(reason));
    if (refLost) return lostNow(clone, under, options, both.refs);
  }
  const alone = open(await clone.push(swaps));
  if (alone.kind === 'refused') return lostNow(clone, under, options, alone.refs);
  if (!rules.recheck && alone.kind === 'accepted') {
    return conclude(clone, under, { ...fetched, claims: withMade() }, tip);
  }
  return readBack(clone, under, options);
}

async function pushBoth(
  clone: Clone,
  judged: Enacted,
  target: Oid,
  swaps: RefUpdate[],
): Promise<{ kind: 'accepted'; tip: Oid } | Exclude<Open, { kind: 'accepted' }>> {
  const tip = await clone.store.commit([target], judged.files, clone.book.meta(judged.entry, clone.lander));
  const pushed = open(await clone.push([...swaps, { ref: clone.names.book, old: target, new: tip }]));
  if (pushed.kind !== 'accepted') return pushed;
  if (!clone.self) await markSeen(clone, tip);
  return { kind: 'accepted', tip };
}

type Open = Exclude<PushResult, { kind: 'denied' }>;

/** A remote that will never take it is an error, not a lost race. */
function open(pushed: PushResult): Open {
  if (pushed.kind === 'denied') throw deniedBy(pushed);
  return pushed;
}

function resultOf(judged: Enacted | { kind: 'same'; result: { [key: string]: Json } }): { [key: string]: Json } {
  return judged.result;
}

async function prepare(
  clone: Clone,
  request: ClaimRequest,
  shown: Claim | undefined,
  own: boolean,
  moves: Moves | undefined,
): Promise<{ claim: Claim; along: Moving | undefined; intent: Intent }> {
  const { id, actor } = request;
  const run = request.run[0]!;
  const nonce = clone.rules.nonce ? clone.nonce() : `fixed-${actor}`;
  const root = own && !clone.rules.ownNewRoot ? shown!.root : nonce;
  const mine = [own ? shown : undefined, moves?.own ? moves.shown : undefined].filter(claim => claim !== undefined);
  const chain = [...new Set(mine.flatMap(claim => [...claim.chain, claim.root]))];
  // Claiming again takes nothing from the lease that this run has: a gate could not tell it from a stranger who ends it.
  const asked = Math.max(clone.now() + request.lease, ...mine.map(claim => epochMs(claim.lease_until)));
  const lease_until = instant(Math.min(asked, clone.now() + MAX_LEASE_MS));
  const of = { actor, run, root, chain, lease_until };
  const made = await makeClaim(clone, { id, ...of }, below(shown), nonce);
  const along = moves && {
    claim: await makeClaim(clone, { id: moves.id, ...of }, below(moves.shown), nonce),
    shown: moves.shown,
    offered: moves.offered,
  };
  const replaced = moves?.hold ?? shown;
  const offer = moves?.offer ?? shown?.offer;
  const prev: PreviousClaim | undefined = replaced && {
    root: replaced.root,
    actor: replaced.actor,
    lease_until: replaced.lease_until,
    ...(offer ? { offer } : {}),
  };
  return { claim: made, along, intent: request.intent({ root, oid: made.oid, actor, run, lease_until }, prev, chain) };
}

/** Something the same holder wrote under its earlier claim has not landed: it goes first, or a waiting release would delete the new claim (#15). */
async function endingWaits(clone: Clone, request: ClaimRequest, tip: Tip, book: Oid): Promise<boolean> {
  const base = await clone.store.mergeBase(tip.at, book);
  const waiting = await entriesBetween(clone.store, tip.at, base);
  const { rulebook } = clone.book;
  return waiting.some(
    ({ entry: { intent } }) =>
      intent.claim !== undefined &&
      intent.actor === request.actor &&
      rulebook.write(intent.op)?.hold !== 'take' &&
      rulebook.target(intent)?.id === request.id,
  );
}

/** The tenure that the ref shows was ended in this clone, by an entry that has not landed yet. */
async function endedHere(clone: Clone, { def, id }: ClaimRequest, tip: Tip, book: Oid, shown: Claim): Promise<boolean> {
  if (tip.at === book) return false;
  const rootAt = async (at: Oid) => ((await clone.book.view(at).get(def, id)) as Holdable | undefined)?.hold?.root;
  return (await rootAt(book)) === shown.root && (await rootAt(tip.at)) !== shown.root;
}

async function landFirst(clone: Clone, options: FetchOptions): Promise<ClaimOutcome | 'again'> {
  const report = await sync(clone, options);
  return report.ok ? 'again' : { kind: 'broken', reason: report.reason ?? 'the remote is busy' };
}

async function lostNow(
  clone: Clone,
  { request, claim, along }: Attempt,
  options: FetchOptions,
  refs: readonly Refused[],
): Promise<ClaimOutcome> {
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken') return fetched;
  const theirs = (id: string | undefined, own: string | undefined): Claim | undefined => {
    const now = id === undefined ? undefined : fetched.claims.get(id);
    return now?.oid === own ? undefined : now;
  };
  const holder = theirs(request.id, claim.oid) ?? theirs(along?.claim.id, along?.shown?.oid);
  return holder
    ? { ...lostTo(holder), contended: true }
    : { kind: 'lost', reason: refs.find(({ told }) => told)?.reason ?? 'another claim came first', contended: true };
}

export function lostTo(holder: Claim): ClaimOutcome & { kind: 'lost' } {
  return { kind: 'lost', reason: `${holder.actor} holds ${holder.id} until ${holder.lease_until}`, holder };
}
