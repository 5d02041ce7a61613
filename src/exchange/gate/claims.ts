import { FUTURE_MS, type Hold, HUMAN_LEASE_MS, LEASE_MS, MAX_LEASE_MS } from '../../kernel/hold.ts';
import type { Holdable } from '../../kernel/holdlaws.ts';
import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { actorRecord } from '../../rooms/actors/record.ts';
import { graceOf } from '../../rooms/ledger/grace.ts';
import { runRecord } from '../../rooms/runs/record.ts';
import { hashObject } from '../../store/encoding/hash.ts';
import type { Commit, RefUpdate } from '../../store/port.ts';
import { below, type Claim, claimMeta, isProbe, parseClaim } from '../claimref.ts';
import { isKin } from '../fence.ts';
import { holdableAt } from '../records.ts';
import { lapsed } from '../renew.ts';
import { commitAt, type Finding, type Ledger, shownAt } from './judge.ts';

/** Runs above a run that are looked through. */
const MAX_DEPTH = 64;

/** What a claim meets: the ref as it is, the record in the book as it will be. */
interface Meeting {
  ledger: Ledger;
  shown: Claim | undefined;
  hold: Hold | undefined;
  /** ms since the epoch, and ms. */
  now: number;
  grace: number;
}

/**
 * Whether a claim ref may move so (law `ref.claim`, PROTOCOL §3–§7). The book is the one that the push leaves: the entry
 * that takes or ends a tenure may come along.
 */
export async function judgeClaim(
  ledger: Ledger,
  { old, new: oid }: RefUpdate,
  id: string,
): Promise<Finding | undefined> {
  const { book, tip } = ledger;
  const shown = await shownAt(ledger, id, old);
  const commit = await commitAt(book.store, oid);
  const made = commit && parseClaim(id, commit);
  const what =
    oid === null
      ? 'its deletion'
      : !made || made.alien
        ? `the object ${oid.slice(0, 12)}`
        : `the claim ${oid.slice(0, 12)} by ${made.actor}`;
  const problem = await judge();
  return problem === undefined
    ? undefined
    : {
        law: 'ref.claim',
        what,
        message: problem,
        ...(made && !made.alien ? { oid: made.oid, actor: made.actor } : {}),
      };

  async function judge(): Promise<string | undefined> {
    const now = book.now();
    if (oid !== null) {
      if (!commit || !made || made.alien) return `it is no claim on ${id}`;
      const strange = form(book.store.objectFormat, commit, made);
      if (strange !== undefined) return strange;
    }
    if (isProbe(id)) {
      const over = !made || epochMs(made.lease_until) <= now + FUTURE_MS;
      return over ? undefined : 'a probe holds nothing: its lease must be over';
    }
    const found = tip === null ? undefined : await holdableAt(book, tip, id);
    const meeting: Meeting = {
      ledger,
      shown,
      hold: (found?.record as Holdable | undefined)?.hold,
      now,
      grace: tip === null ? 0 : await graceOf(book.view(tip)),
    };
    if (!made) return gone(meeting);
    if (!found) return `the book has no ${id} that could be claimed`;
    if (found.def.final?.(found.record) === true) return `${id} is final in the book: nobody claims it any more`;
    // The end is set by the claimant's clock, which may be as far ahead as an entry may.
    if (epochMs(made.lease_until) > now + MAX_LEASE_MS + FUTURE_MS) return 'a lease is seven days at most';
    // The first claim of somebody new comes before any entry; whoever made the name up holds nothing for long by it.
    const known = tip !== null && (await book.view(tip).get(actorRecord, made.actor)) !== undefined;
    if (!known && epochMs(made.lease_until) > now + HUMAN_LEASE_MS + FUTURE_MS)
      return `the book does not know ${made.actor} yet: a lease of three days at most until its first entry has landed`;
    if ((commit!.parents[0] ?? null) !== below(shown)) return 'it is not built on the claim that it replaces';
    return comes(meeting, made);
  }
}

/** Everything about a claim commit that follows from its claim. */
function form(format: 'sha1' | 'sha256', commit: Commit, { oid: _self, ...claim }: Claim): string | undefined {
  if (commit.message !== claimMeta(claim, claim.since).message) return 'the claim is not written as clones write it';
  if (commit.tree !== hashObject('tree', Buffer.alloc(0), format)) return 'a claim has no files';
  return commit.parents.length > 1 ? 'a claim is no merge' : undefined;
}

/**
 * A claim ref goes when the book does not have its tenure (it was ended, or never came), or after lease and grace. While
 * the book has an earlier one of the same holder, it stays: else who renews in that name could end what the book keeps.
 */
function gone({ shown, hold, now, grace }: Meeting): string | undefined {
  if (!shown || shown.alien || !hold) return undefined;
  if (hold.root !== shown.root && !isKin(shown, hold)) return undefined;
  return lapsed(shown.lease_until, now, grace)
    ? undefined
    : `${shown.actor} holds it until ${shown.lease_until}, and no entry of the book ends that`;
}

async function comes(meeting: Meeting, made: Claim): Promise<string | undefined> {
  const { shown, hold, now, grace } = meeting;
  if (!shown || shown.alien || lapsed(shown.lease_until, now, grace)) {
    return isFree(meeting, made) ? undefined : `${hold!.actor} holds it until ${hold!.lease_until}, as the book says`;
  }
  if (isKin(made, shown)) return goesOn(meeting, shown, made);
  if ((await isOffered(meeting, made)) || (await isSentBack(meeting, made))) return undefined;
  return `${shown.actor} holds it until ${shown.lease_until}`;
}

/**
 * A holder's own next claim: a renewal, or a new root over the old one. Claims are not signed, so it may be anybody's in
 * that name: it takes nothing from the holder, neither time nor the way back.
 */
async function goesOn({ ledger, now }: Meeting, shown: Claim, made: Claim): Promise<string | undefined> {
  const end = epochMs(made.lease_until);
  // A claim made by a clock that was ahead may reach further than any entry now can.
  if (end < Math.min(epochMs(shown.lease_until), now + MAX_LEASE_MS - FUTURE_MS))
    return `${shown.actor} holds it longer, until ${shown.lease_until}`;
  if (!shown.chain.every(root => made.chain.includes(root))) return 'it leaves out earlier roots of its holder';
  if (made.root === shown.root) {
    if (made.run !== shown.run) return `run ${shown.run} holds it, and renews it itself`;
    const offered = shown.offer === undefined || made.offer === undefined || made.offer === shown.offer;
    return offered ? undefined : `it is offered by ${shown.offer}`;
  }
  if (made.offer !== undefined) return 'a new claim offers nothing';
  const view = ledger.tip === null ? undefined : ledger.book.view(ledger.tip);
  const below = made.run === shown.run || (view && (await isBelow(view, made.run, shown.run)));
  if (below === false) return `run ${shown.run} holds it, and ${made.run} was not started by it`;
  if (below === undefined && end > Math.max(epochMs(shown.lease_until), now + LEASE_MS + FUTURE_MS))
    return `the book does not know run ${made.run} yet: a lease of one hour at most until its first entry has landed`;
  return undefined;
}

/** Whether a run was started by another, as the book says; undefined when the book does not know it. */
async function isBelow(view: View, run: string, above: string): Promise<boolean | undefined> {
  let one = await view.get(runRecord, run);
  if (!one) return undefined;
  for (let depth = 0; one?.parent !== undefined && depth < MAX_DEPTH; depth++) {
    if (one.parent === above) return true;
    one = await view.get(runRecord, one.parent);
  }
  return false;
}

/** Nobody else's lease is live in the book either. */
function isFree({ hold, now, grace }: Meeting, made: Claim): boolean {
  if (!hold || lapsed(hold.lease_until, now, grace)) return true;
  if (hold.actor === made.actor && [made.root, ...made.chain].includes(hold.root)) return true;
  return hold.offer?.to.includes(made.actor) === true;
}

/** The ref carries the offer, and the book has it open to this actor, or has this tenure on task and handoff by now. */
async function isOffered({ ledger, shown, hold }: Meeting, made: Claim): Promise<boolean> {
  const offer = shown?.offer;
  if (offer === undefined || !hold || ledger.tip === null) return false;
  if (hold.root === shown!.root) return hold.offer?.id === offer && hold.offer.to.includes(made.actor);
  const handoff = (await holdableAt(ledger.book, ledger.tip, offer))?.record as Holdable | undefined;
  return hold.root === made.root && hold.actor === made.actor && handoff?.hold?.root === made.root;
}

/** The laws refused a transfer after its push: the claim goes back, under its offer, to the holder that the book has. */
async function isSentBack(
  { ledger: { book, was } }: Meeting,
  { id, root, actor, run, offer }: Claim,
): Promise<boolean> {
  // As the book is: what is pushed along could have made such a holder.
  const found = was === null ? undefined : await holdableAt(book, was, id);
  const hold = (found?.record as Holdable | undefined)?.hold;
  return (
    hold?.root === root && hold.actor === actor && hold.run === run && offer !== undefined && hold.offer?.id === offer
  );
}
