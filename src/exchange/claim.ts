import type { Tip } from '../book/book.ts';
import { type Enacted, enact } from '../book/enact.ts';
import { entriesBetween } from '../book/history.ts';
import type { Json } from '../kernel/canonical.ts';
import { type ClaimStamp, entryId, type Intent, type PreviousClaim } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import type { RecordDef } from '../kernel/record.ts';
import { instant } from '../kernel/time.ts';
import type { View } from '../kernel/view.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid, PushResult, RefUpdate } from '../store/port.ts';
import { conclude, readBack } from './claimed.ts';
import { below, type Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { type FetchOptions, fetch, markSeen } from './fetch.ts';
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
  /** The offer that this claim accepts (PROTOCOL §7); without it a live claim of another is an obstacle. */
  accepts?: string;
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
      hold: HoldFile;
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
  /** `shown` was offered to this actor. */
  offered: boolean;
  claim: Claim;
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
  const offered = await isOffered(clone, request, shown, target);
  if (request.accepts !== undefined && !offered) return { kind: 'lost', reason: `${id} is not offered here any more` };
  if (
    shown &&
    !own &&
    !offered &&
    !lapsed(shown.lease_until, clone.now(), rules.grace ? await graceOf(clone.book.view(target)) : 0)
  ) {
    // A worktree beside this one may have given it back: its release is here, and the ref goes with it.
    return (await endedHere(clone, request, tip, target, shown)) ? landFirst(clone, options) : lostTo(shown);
  }
  if (rules.ownNewRoot && (await endingWaits(clone, request, tip, target))) return landFirst(clone, options);
  const { claim: made, intent } = await prepare(clone, request, shown, own);
  const stamp = await clone.book.stampOn(target, 'claim');
  const judged = await enact(clone.book.rulebook, clone.book.reader(target), intent, stamp);
  if (judged.kind === 'refused') return { kind: 'lost', reason: judged.error.message, error: judged.error };
  const under: Attempt = {
    request,
    shown,
    own,
    offered,
    claim: made,
    intent,
    entry: entryId(intent),
    on: target,
    result: resultOf(judged),
  };
  const swap: RefUpdate = { ref: clone.names.claim(id), old: shown?.oid ?? null, new: made.oid };
  if (judged.kind === 'lawful' && !request.crowded && tip.at === target && tip.draft === null) {
    const both = await pushBoth(clone, judged, target, swap);
    if (both.kind === 'accepted') {
      const claims = new Map(fetched.claims).set(id, made);
      return conclude(clone, under, { ...fetched, book: both.tip, claims }, tip);
    }
    if (both.kind === 'broken') return readBack(clone, under, options);
    // A client-side refusal names the stale ref; the others only say that the push was atomic.
    const refLost = both.refs.some(({ ref, reason }) => ref === swap.ref && !/atomic/i.test(reason));
    if (refLost) return lostNow(clone, id, options);
  }
  const alone = open(await clone.push([swap]));
  if (alone.kind === 'refused') return lostNow(clone, id, options);
  if (!rules.recheck && alone.kind === 'accepted') {
    return conclude(clone, under, { ...fetched, claims: new Map(fetched.claims).set(id, made) }, tip);
  }
  return readBack(clone, under, options);
}

async function pushBoth(
  clone: Clone,
  judged: Enacted,
  target: Oid,
  swap: RefUpdate,
): Promise<{ kind: 'accepted'; tip: Oid } | Exclude<Open, { kind: 'accepted' }>> {
  const tip = await clone.store.commit([target], judged.files, clone.book.meta(judged.entry, clone.lander));
  const pushed = open(await clone.push([swap, { ref: clone.names.book, old: target, new: tip }]));
  if (pushed.kind !== 'accepted') return pushed;
  if (!clone.self) await markSeen(clone, tip);
  return { kind: 'accepted', tip };
}

type Open = Exclude<PushResult, { kind: 'denied' }>;

/** A remote that will never take it is an error, not a lost race. */
function open(pushed: PushResult): Open {
  if (pushed.kind === 'denied') throw new LedgerError(pushed.code, pushed.reason);
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
): Promise<{ claim: Claim; intent: Intent }> {
  const { id, actor } = request;
  const run = request.run[0]!;
  const nonce = clone.rules.nonce ? clone.nonce() : `fixed-${actor}`;
  const root = own && !clone.rules.ownNewRoot ? shown!.root : nonce;
  const chain = own ? [...shown!.chain, shown!.root] : [];
  const lease_until = instant(clone.now() + request.lease);
  const made = await makeClaim(clone, { id, actor, run, root, chain, lease_until }, below(shown), nonce);
  const offer = request.accepts ?? shown?.offer;
  const prev: PreviousClaim | undefined = shown && {
    root: shown.root,
    actor: shown.actor,
    lease_until: shown.lease_until,
    ...(offer ? { offer } : {}),
  };
  return { claim: made, intent: request.intent({ root, oid: made.oid, actor, run, lease_until }, prev, chain) };
}

/** The offer is open in the book, addressed to the claimant, and its mark is on the ref: the sender stopped (#8). */
async function isOffered(
  clone: Clone,
  { accepts, actor, def, id }: ClaimRequest,
  shown: Claim | undefined,
  book: Oid,
): Promise<boolean> {
  if (accepts === undefined || !shown) return false;
  const { hold } = (await clone.book.view(book).get(def, id)) as Holdable;
  if (hold?.offer?.id !== accepts || !hold.offer.to.includes(actor) || hold.root !== shown.root) return false;
  return !clone.rules.offerInRef || shown.offer === accepts;
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

async function lostNow(clone: Clone, id: string, options: FetchOptions): Promise<ClaimOutcome> {
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken') return fetched;
  const holder = fetched.claims.get(id);
  return holder
    ? { ...lostTo(holder), contended: true }
    : { kind: 'lost', reason: 'another claim came first', contended: true };
}

export function lostTo(holder: Claim): ClaimOutcome & { kind: 'lost' } {
  return { kind: 'lost', reason: `${holder.actor} holds ${holder.id} until ${holder.lease_until}`, holder };
}
