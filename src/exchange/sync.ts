import { instant } from '../kernel/time.ts';
import type { Oid, RefUpdate } from '../store/port.ts';
import type { Claim } from './claimref.ts';
import { type Clone, deniedBy } from './clone.ts';
import { type Fetched, type FetchOptions, fetch, markSeen } from './fetch.ts';
import { type Integrated, integrate } from './integrate.ts';
import type { SyncReport } from './ports.ts';
import { confirmHolds, confirmProvisional } from './provisional.ts';
import { landThroughQueue } from './queue.ts';
import { holdableAt } from './records.ts';
import { lapsed, renewWorked } from './renew.ts';

export interface SyncOptions extends FetchOptions {
  /** Do not make the first push of a ledger: only a person, `sync` or a claim does (FEATURES, init). */
  joinOnly?: boolean;
  /** After contention was seen, go through the queue at once. */
  contended?: boolean;
}

/** How often a sync starts again before it leaves the rest to the next one. */
const ROUNDS = 6;

/**
 * SYNC (PROTOCOL §8): fetch → verify what is new → replay what is mine → push. Safe under any number of processes.
 * @throws LedgerError TAMPERED, OTHER_LEDGER, NEWER_FORMAT, REMOTE_READ_ONLY, REMOTE_REFUSED
 */
export async function sync(clone: Clone, options: SyncOptions = {}): Promise<SyncReport> {
  const report: SyncReport = { ok: false, received: 0, landed: 0, waiting: 0, queued: false, parked: [], pushes: 0 };
  const before = clone.pushes;
  // What agents said waits for no better sync, and is no reason for this one to fail: it stays where it is then.
  await clone.landing?.().catch(() => {});
  for (let round = 0; round < ROUNDS; round++) {
    const done = await once(clone, report, options);
    report.pushes = clone.pushes - before;
    if (done && report.ok) await clone.desk.setNote('last-sync', instant(clone.now()));
    if (done) return report;
    if (options.signal?.aborted) break;
  }
  report.reason ??= 'the remote is busy';
  return report;
}

async function once(clone: Clone, report: SyncReport, options: SyncOptions): Promise<boolean> {
  const tip = await clone.book.tip();
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken') {
    report.reason = fetched.reason;
    return true;
  }
  if (fetched.book === null && options.joinOnly) {
    report.reason = 'it was never published';
    return true;
  }
  const confirmed = await confirmProvisional(clone, fetched, tip);
  if (confirmed !== 'settled') {
    report.reason = 'an offline claim could not be settled';
    return confirmed === 'broken';
  }
  const integrated = await integrate(clone, fetched, tip);
  if (!integrated) return false;
  note(report, integrated);
  if (fetched.book !== null) await confirmHolds(clone, fetched.book, fetched.claims);
  await sweep(clone, fetched);
  await renewWorked(clone);
  return integrated.waiting === 0 ? settle(clone, fetched, report) : land(clone, fetched, integrated, report, options);
}

function note(report: SyncReport, integrated: Integrated): void {
  report.received += integrated.received;
  report.landed += integrated.landed;
  report.waiting = integrated.waiting;
  report.parked.push(
    ...integrated.parked.map(({ entry, error }) => ({ entry: entry.id, op: entry.intent.op, reason: error.message })),
  );
}

/** Nothing of mine waits: a queue ref of mine that a late push brought back goes (PROTOCOL-FINDINGS #14). */
async function settle(clone: Clone, fetched: Fetched, report: SyncReport): Promise<boolean> {
  const writer = await clone.desk.writer();
  const queued = fetched.queues.get(writer);
  if (clone.rules.dropStale && queued !== undefined) {
    await clone.push([{ ref: clone.names.queue(writer), old: queued, new: null }]);
  }
  report.ok = true;
  delete report.reason;
  return true;
}

async function land(
  clone: Clone,
  fetched: Fetched,
  integrated: Integrated,
  report: SyncReport,
  options: SyncOptions,
): Promise<boolean> {
  const { names } = clone;
  const writer = await clone.desk.writer();
  if (!options.contended || fetched.book === null) {
    const updates: RefUpdate[] = [
      { ref: names.book, old: fetched.book, new: integrated.tip.at },
      ...integrated.ends.map(claim => ({ ref: names.claim(claim.id), old: claim.oid, new: null })),
    ];
    const queued = fetched.queues.get(writer);
    if (queued !== undefined && clone.rules.withdraw)
      updates.push({ ref: names.queue(writer), old: queued, new: null });
    const pushed = await clone.push(updates);
    if (pushed.kind === 'accepted') {
      await markSeen(clone, integrated.tip.at);
      await confirmHolds(clone, integrated.tip.at, fetched.claims);
      report.landed += integrated.waiting;
      report.waiting = 0;
      report.ok = true;
      delete report.reason;
      return true;
    }
    if (pushed.kind === 'denied') throw deniedBy(pushed);
    if (pushed.kind === 'broken') {
      report.reason = pushed.reason;
      return false;
    }
    if (fetched.book === null) return false;
  }
  return landThroughQueue(clone, report, options);
}

/** Anyone may delete a claim ref on a finished task, past lease + grace and never sooner (PROTOCOL §6). */
async function sweep(clone: Clone, fetched: Fetched): Promise<void> {
  if (fetched.book === null || clone.self) return;
  const now = clone.now();
  const old: Claim[] = [];
  const grace = await clone.grace();
  for (const claim of fetched.claims.values()) {
    if (
      (!clone.rules.sweepLate || lapsed(claim.lease_until, now, grace)) &&
      (await isFinal(clone, fetched.book, claim.id))
    )
      old.push(claim);
  }
  if (old.length === 0) return;
  await clone.push(old.map(claim => ({ ref: clone.names.claim(claim.id), old: claim.oid, new: null })));
  for (const claim of old) fetched.claims.delete(claim.id);
}

async function isFinal(clone: Clone, book: Oid, id: string): Promise<boolean> {
  const found = await holdableAt(clone.book, book, id);
  return found?.def.final?.(found.record) === true;
}
