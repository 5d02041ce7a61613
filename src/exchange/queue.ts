import type { Enacted } from '../book/enact.ts';
import { entriesBetween } from '../book/history.ts';
import { GrowingTip } from '../book/lay.ts';
import { LedgerError } from '../kernel/errors.ts';
import { FUTURE_MS } from '../kernel/hold.ts';
import { epochMs } from '../kernel/time.ts';
import type { Oid, RefUpdate } from '../store/port.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { endedClaims, fence } from './fence.ts';
import { type Fetched, type FetchOptions, fetch, markSeen } from './fetch.ts';
import { integrate, newestByWriter } from './integrate.ts';
import type { SyncReport } from './ports.ts';

/**
 * How long each rank waits for those before it, in ms: about one combining pass of fifty entries on a small machine
 * (docs/BENCHMARKS.md, "A crowd").
 */
const RANK_MS = 250;
/** Looks at the remote before a queued writer leaves its entries to whoever combines next. */
const LOOKS = 40;
/** Entries of one queue ref that a combiner takes at most: bounds what a hostile ref costs. */
export const MAX_QUEUED = 20_000;

/**
 * QUEUE and COMBINE (PROTOCOL §9): my tip goes to my own queue ref, which nobody contends for, and is durable there;
 * then the first in rank lands everybody's entries in one push, and the others look whether theirs has landed.
 */
export async function landThroughQueue(clone: Clone, report: SyncReport, options: FetchOptions): Promise<boolean> {
  const writer = await clone.desk.writer();
  const tip = await clone.book.tip();
  const first = await fetch(clone, options);
  if (first.kind === 'broken') return false;
  const pushed = await clone.push([
    { ref: clone.names.queue(writer), old: first.queues.get(writer) ?? null, new: tip.at },
  ]);
  if (pushed.kind !== 'accepted') return false;
  report.queued = true;
  report.waiting = Math.max(1, report.waiting);
  let waited = 0;
  for (let look = 0; look < LOOKS && !options.signal?.aborted; look++) {
    const local = await clone.book.tip();
    const fetched = await fetch(clone, options);
    if (fetched.kind === 'broken') return false;
    if (!fetched.queues.has(writer)) {
      const integrated = await integrate(clone, fetched, local);
      if (!integrated) continue;
      report.landed += integrated.landed;
      report.waiting = integrated.waiting;
      report.parked.push(
        ...integrated.parked.map(({ entry, error }) => ({
          entry: entry.id,
          op: entry.intent.op,
          reason: error.message,
        })),
      );
      report.queued = false;
      report.ok = integrated.waiting === 0;
      return report.ok;
    }
    const rank = [...fetched.queues.keys()].sort().indexOf(writer);
    const turn = rank * RANK_MS;
    if (waited >= turn) {
      const combined = await combine(clone, fetched);
      if (combined.landed.has(writer)) continue;
      if (combined.refused.has(writer)) return false;
      waited = 0;
    }
    const pause = Math.min(RANK_MS, Math.max(40, turn - waited)) * (0.75 + clone.random() / 2);
    waited += pause;
    await clone.sleep(pause);
  }
  report.reason = 'queued at the remote; the next sync of any clone lands it';
  return true;
}

export interface Combined {
  /** Writers whose queue landed whole, and those whose could not, with the reason. */
  landed: Set<string>;
  refused: Map<string, string>;
}

/** Lands every queue ref that is lawful, in one push; entries are laid on no ref of this clone (#12). */
export async function combine(clone: Clone, fetched: Fetched): Promise<Combined> {
  const out: Combined = { landed: new Set(), refused: new Map() };
  const target = fetched.book;
  if (target === null) return out;
  let growing = await GrowingTip.on(clone.book, target);
  const updates: RefUpdate[] = [];
  const ends = new Map<string, Claim>();
  const laid = new Set<string>();
  for (const [writer, tip] of [...fetched.queues].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const attempt = clone.rules.wholeQueue ? growing.fork() : growing;
    const one = await layQueue(clone, attempt, fetched, target, tip, laid);
    if (one.reason !== undefined) {
      out.refused.set(writer, one.reason);
      if (clone.rules.wholeQueue) continue;
    }
    growing = attempt;
    for (const id of one.ids) laid.add(id);
    for (const claim of one.ends) ends.set(claim.id, claim);
    out.landed.add(writer);
    if (clone.rules.withdraw) updates.push({ ref: clone.names.queue(writer), old: tip, new: null });
  }
  if (growing.size === 0 && updates.length === 0) return out;
  const tip = (await growing.commit()).at(-1) ?? target;
  if (tip !== target) updates.unshift({ ref: clone.names.book, old: target, new: tip });
  for (const claim of ends.values()) updates.push({ ref: clone.names.claim(claim.id), old: claim.oid, new: null });
  if (!clone.rules.offRef) await moveLocal(clone, target, tip);
  const pushed = await clone.push(updates);
  if (pushed.kind === 'accepted') await markSeen(clone, tip);
  else out.landed.clear();
  return out;
}

/** The entries of one queue ref, laid whole; `reason` says why it stays where it is. */
async function layQueue(
  clone: Clone,
  growing: GrowingTip,
  fetched: Fetched,
  target: Oid,
  tip: Oid,
  laid: ReadonlySet<string>,
): Promise<{ ids: string[]; ends: Claim[]; reason?: string }> {
  const { store, rules } = clone;
  const base = await store.mergeBase(tip, target);
  if (base === null) return { ids: [], ends: [], reason: 'it shares no root with the book' };
  const queued = await store.log(tip, base);
  if (queued.length > MAX_QUEUED) return { ids: [], ends: [], reason: `more than ${MAX_QUEUED} entries` };
  const entries = await entriesBetween(store, tip, base);
  if (entries.length !== queued.length) return { ids: [], ends: [], reason: 'a commit in it is no entry' };
  const theirs = await entriesBetween(store, target, base);
  const newest = newestByWriter(theirs);
  const landed = new Set(theirs.map(({ entry }) => entry.id));
  const before = await clone.book.landed.at(base);
  const own = await clone.desk.writer();
  const out = { ids: [] as string[], ends: [] as Claim[], reason: undefined as string | undefined };
  for (const { oid, entry } of entries) {
    out.ids.push(entry.id);
    if (rules.dedupe && (landed.has(entry.id) || laid.has(entry.id))) continue;
    const again = before.has(entry.id) ? 'an entry is in the book already' : undefined;
    const problem = again ?? early(clone, entry.intent.at) ?? late(clone, newest, entry.stamp);
    const one = problem
      ? undefined
      : await growing.lay(
          { oid, entry },
          clone.lander,
          enacted => uncheckable(enacted, own) ?? fence(clone, fetched.claims, enacted),
        );
    const reason = problem ?? (one?.kind === 'refused' ? one.error.message : undefined);
    if (reason !== undefined) {
      out.reason = reason;
      if (rules.wholeQueue) return { ids: [], ends: [], reason };
      continue;
    }
    if (one?.kind === 'lawful' && rules.landDelete) out.ends.push(...endedClaims(one, fetched.claims));
  }
  return { ids: out.ids, ends: out.ends, ...(out.reason === undefined ? {} : { reason: out.reason }) };
}

/** What this machine cannot check it does not land for others: whoever has gpg does. */
function uncheckable({ standing, entry }: Enacted, own: string): LedgerError | undefined {
  if (standing.state !== 'unchecked' || entry.stamp.writer === own) return undefined;
  return new LedgerError('REFUSED', `a signature of ${entry.intent.actor} cannot be checked here: ${standing.why}`);
}

/** An entry from a clock far ahead waits until its time comes (PROTOCOL §1.4). */
function early(clone: Clone, at: string): string | undefined {
  return epochMs(at) > clone.now() + FUTURE_MS ? `an entry is from the future (${at})` : undefined;
}

function late(
  clone: Clone,
  newest: ReadonlyMap<string, number>,
  stamp: { writer: string; n: number },
): string | undefined {
  const passed = clone.rules.writerOrder && (newest.get(stamp.writer) ?? 0) >= stamp.n;
  return passed ? 'a later entry of its clone has landed already' : undefined;
}

/** The mistake of PROTOCOL-FINDINGS #12, kept for its test: others' entries in the local book before they landed. */
async function moveLocal(clone: Clone, target: Oid, tip: Oid): Promise<void> {
  await clone.store.swap([{ ref: clone.names.book, old: target, new: tip }]);
}
