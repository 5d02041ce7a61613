import type { Tip } from '../book/book.ts';
import { entriesBetween } from '../book/history.ts';
import type { Json } from '../kernel/canonical.ts';
import { LedgerError } from '../kernel/errors.ts';
import { MARGIN_MS } from '../kernel/hold.ts';
import { epochMs } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid, RefUpdate } from '../store/port.ts';
import { type Attempt, type ClaimOutcome, lostTo } from './claim.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { type Fetched, type FetchOptions, fetch } from './fetch.ts';
import { integrate } from './integrate.ts';
import { sentBack } from './moves.ts';

/** Rounds in which the local book may move under a claim that was won. */
const ROUNDS = 5;

/** CLAIM 5–6: whose is the ref, and do the laws still allow the entry on the tip as it is now? */
export async function readBack(clone: Clone, under: Attempt, options: FetchOptions): Promise<ClaimOutcome> {
  const tip = await clone.book.tip();
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken') return fetched;
  const { claim, along } = under;
  const wrong = [claim, ...(along ? [along.claim] : [])].find(one => fetched.claims.get(one.id)?.oid !== one.oid);
  if (wrong) {
    const now = fetched.claims.get(wrong.id);
    return now ? { ...lostTo(now), contended: true } : { kind: 'broken', reason: 'the push failed and left no claim' };
  }
  if (!(await landed(clone, under, fetched.book!))) {
    const stamp = await clone.book.stampOn(fetched.book!);
    const judged = await clone.book.decide(clone.book.reader(fetched.book!), under.intent, stamp);
    if (judged.kind === 'refused') return giveBack(clone, under, judged.error);
  }
  return conclude(clone, under, fetched, tip);
}

/** CLAIM 7–8: the local book takes in what the remote has, then the claim; the clock has the last word. */
export async function conclude(clone: Clone, under: Attempt, first: Fetched, firstTip: Tip): Promise<ClaimOutcome> {
  let fetched = first;
  let tip = firstTip;
  for (let round = 0; round < ROUNDS; round++) {
    if (clone.self || (await integrate(clone, fetched, tip))) {
      const recorded = await record(clone, under, fetched.book!);
      if (recorded instanceof LedgerError) return giveBack(clone, under, recorded);
      return believe(clone, under, recorded);
    }
    tip = await clone.book.tip();
    const again = await fetch(clone);
    if (again.kind === 'broken') return again;
    fetched = again;
  }
  return { kind: 'broken', reason: 'this clone is written faster than a claim can be recorded; it expires by itself' };
}

/** The laws say no although the ref was won: the ref goes back, nothing stays (#2). */
async function giveBack(clone: Clone, under: Attempt, error: LedgerError): Promise<ClaimOutcome> {
  const { claim, along } = under;
  const updates: RefUpdate[] = [{ ref: clone.names.claim(claim.id), old: claim.oid, new: null }];
  if (along) {
    const back = (await sentBack(clone, along)) ?? null;
    updates.push({ ref: clone.names.claim(along.claim.id), old: along.claim.oid, new: back });
  }
  await clone.push(updates);
  return { kind: 'lost', reason: error.message, error };
}

interface Recorded {
  landed: boolean;
  result: { [key: string]: Json };
}

/** The claim entry in the local book, unless the remote brought it. */
async function record(clone: Clone, under: Attempt, book: Oid): Promise<Recorded | LedgerError> {
  if (await landed(clone, under, book)) return { landed: true, result: under.result };
  try {
    const written = await clone.book.transact(under.intent);
    return { landed: clone.self, result: written.kind === 'written' ? written.enacted.result : written.result };
  } catch (error) {
    if (error instanceof LedgerError && error.code !== 'BUSY') return error;
    throw error;
  }
}

/** Is the claim's entry in the remote book? It can only lie after the tip on which it was judged. */
async function landed(clone: Clone, under: Attempt, book: Oid): Promise<boolean> {
  return (await entriesBetween(clone.store, book, under.on)).some(({ entry }) => entry.id === under.entry);
}

async function believe(clone: Clone, under: Attempt, recorded: Recorded): Promise<ClaimOutcome> {
  const { claim, own, shown, along } = under;
  if (clone.rules.lateAnswer && clone.now() >= epochMs(claim.lease_until) - MARGIN_MS) {
    return { kind: 'broken', reason: 'the claim took longer than its lease' };
  }
  const hold = holdFile(claim);
  const moved = along && holdFile(along.claim);
  if (moved) await clone.desk.putHold(moved);
  await clone.desk.putHold(hold);
  return {
    kind: 'won',
    entry: under.entry,
    hold,
    result: recorded.result,
    landed: recorded.landed,
    ...(moved ? { along: moved } : {}),
    ...(shown && !own ? { tookOverFrom: shown } : {}),
  };
}

function holdFile({ id, root, oid, actor, run, since, lease_until, chain }: Claim): HoldFile {
  return { id, root, oid, actor, run, since, lease_until, chain };
}
