import { FUTURE_MS, type Hold, MAX_LEASE_MS } from '../../kernel/hold.ts';
import type { Holdable } from '../../kernel/holdlaws.ts';
import { epochMs } from '../../kernel/time.ts';
import { graceOf } from '../../rooms/ledger/grace.ts';
import { hashObject } from '../../store/encoding/hash.ts';
import type { Commit, Oid, RefUpdate } from '../../store/port.ts';
import { alien, below, type Claim, claimMeta, isProbe, parseClaim } from '../claimref.ts';
import { holdableAt } from '../records.ts';
import { lapsed } from '../renew.ts';
import { commitAt, type Finding, type Ledger } from './judge.ts';

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
  const shown = old === null ? undefined : await claimAt(ledger, id, old);
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
    if (epochMs(made.lease_until) > now + MAX_LEASE_MS + meeting.grace) return 'a lease is seven days at most';
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

/** A claim ref goes when the book does not have its tenure (it was ended, or never came), or after lease and grace. */
function gone({ shown, hold, now, grace }: Meeting): string | undefined {
  if (!shown || shown.alien || hold?.root !== shown.root) return undefined;
  return lapsed(shown.lease_until, now, grace)
    ? undefined
    : `${shown.actor} holds it until ${shown.lease_until}, and no entry of the book ends that`;
}

async function comes(meeting: Meeting, made: Claim): Promise<string | undefined> {
  const { shown, hold, now, grace } = meeting;
  if (!shown || shown.alien || lapsed(shown.lease_until, now, grace)) {
    return isFree(meeting, made) ? undefined : `${hold!.actor} holds it until ${hold!.lease_until}, as the book says`;
  }
  if (shown.actor === made.actor) {
    const renewed = made.root === shown.root && made.run === shown.run;
    if (renewed || made.chain.includes(shown.root)) return undefined;
  }
  if ((await isOffered(meeting, made)) || isSentBack(meeting, made)) return undefined;
  return `${shown.actor} holds it until ${shown.lease_until}`;
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
function isSentBack({ hold }: Meeting, { root, actor, run, offer }: Claim): boolean {
  return (
    hold?.root === root && hold.actor === actor && hold.run === run && offer !== undefined && hold.offer?.id === offer
  );
}

async function claimAt({ book }: Ledger, id: string, oid: Oid): Promise<Claim> {
  const commit = await commitAt(book.store, oid);
  return commit ? parseClaim(id, commit) : alien(id, oid);
}
