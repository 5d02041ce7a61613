import type { Tip } from '../book/book.ts';
import { entriesBetween, type Logged } from '../book/history.ts';
import { GrowingTip, type Refused } from '../book/lay.ts';
import { noteReserved } from '../book/reserved.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Oid, RefUpdate } from '../store/port.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { endedClaims, fence } from './fence.ts';
import { type Fetched, fetch } from './fetch.ts';

/** My own entries laid on what the authority has. */
export interface Integrated {
  tip: Tip;
  /** Claims that the push of this tip deletes. */
  ends: Claim[];
  /** Mine that wait to land, that landed since, that others brought. */
  waiting: number;
  landed: number;
  received: number;
  parked: Refused[];
}

/**
 * SYNC 2–4 (PROTOCOL §8): replays what this clone wrote since the merge base on the fetched tip, parks what a law or
 * the fence refuses, moves the local refs in one transaction. Undefined: something moved meanwhile, start again.
 */
export async function integrate(clone: Clone, fetched: Fetched, tipRead: Tip): Promise<Integrated | undefined> {
  const { store, names, rules } = clone;
  const tip = rules.tipFirst ? tipRead : await clone.book.tip();
  const target = fetched.book;
  if (target === null) {
    const waiting = (await store.log(tip.at, null)).length;
    return { tip, ends: [], waiting, landed: 0, received: 0, parked: [] };
  }
  const base = await store.mergeBase(tip.at, target);
  if (base === null)
    throw new LedgerError('OTHER_LEDGER', `${clone.remote.name} keeps another ledger: the histories share no root`);
  const mine = await entriesBetween(store, tip.at, base);
  const theirs = await entriesBetween(store, target, base);
  const laid = await layMine(clone, fetched, target, base, tip, mine, theirs);
  if (laid.refused.length > 0) {
    if (!(await mayPark(clone, fetched, laid.refused))) return undefined;
  }
  const next: Tip = { book: laid.tip, draft: null, at: laid.tip };
  if (next.book !== tip.book || tip.draft !== null) {
    const updates: RefUpdate[] = [
      { ref: names.book, old: tip.book, new: next.book },
      { ref: names.draft, old: tip.draft, new: null },
      ...(await parkUpdates(clone, laid.refused, theirs)),
    ];
    if (!(await store.swap(updates)).ok) return undefined;
    await noteReserved(clone.book, next.at);
  } else {
    const updates = await parkUpdates(clone, [], theirs);
    if (updates.length > 0 && !(await store.swap(updates)).ok) return undefined;
  }
  await tellParked(clone, laid.refused);
  const known = new Set(theirs.map(({ entry }) => entry.id));
  const landed = mine.filter(({ entry }) => known.has(entry.id)).length;
  return {
    tip: next,
    ends: laid.ends,
    waiting: laid.waiting,
    landed,
    received: theirs.length - landed,
    parked: laid.refused,
  };
}

async function layMine(
  clone: Clone,
  fetched: Fetched,
  target: Oid,
  base: Oid,
  tip: Tip,
  mine: Logged[],
  theirs: Logged[],
): Promise<{ tip: Oid; ends: Claim[]; refused: Refused[]; waiting: number }> {
  const { rules, book } = clone;
  const ids = new Set(theirs.map(({ entry }) => entry.id));
  const waiting = rules.dedupe ? mine.filter(({ entry }) => !ids.has(entry.id)) : mine;
  const settled = target === base && tip.draft === null;
  // Nothing moved and nothing is under a claim: the entries were judged on exactly this parent already.
  if (settled && waiting.every(({ entry }) => entry.intent.claim === undefined)) {
    return { tip: tip.at, ends: [], refused: [], waiting: waiting.length };
  }
  const newest = newestByWriter(theirs);
  const own = new Set(mine.map(({ entry }) => entry.id));
  const copied = newestByWriter(theirs.filter(({ entry }) => !own.has(entry.id)));
  const growing = await GrowingTip.on(book, target);
  const ends = new Map<string, Claim>();
  const refused: Refused[] = [];
  for (const { oid, entry: said } of waiting) {
    const passing = copied.get(said.stamp.writer) ?? 0;
    // Somebody counts under our name: a copy of this clone, or this one from a backup. What we wrote is told anew behind it.
    const entry =
      passing < said.stamp.n
        ? said
        : { ...said, stamp: { ...said.stamp, n: await clone.desk.nextNumber(newest.get(said.stamp.writer) ?? 0) } };
    const { writer, n } = entry.stamp;
    const late = rules.writerOrder && (newest.get(writer) ?? 0) >= n ? passed() : undefined;
    // One that says nothing new was dropped by whoever landed those after it: there is nothing to park either.
    const laid = await growing.lay(
      { oid, entry },
      clone.lander,
      enacted => late ?? fence(clone, fetched.claims, enacted),
    );
    if (laid.kind === 'refused') refused.push({ oid, entry, error: late ?? laid.error });
    if (laid.kind === 'lawful' && rules.landDelete) {
      for (const claim of endedClaims(laid, fetched.claims)) ends.set(claim.id, claim);
    }
  }
  const kept = settled && refused.length === 0 && growing.size === waiting.length;
  const oids = kept ? [] : await growing.commit();
  return { tip: kept ? tip.at : (oids.at(-1) ?? target), ends: [...ends.values()], refused, waiting: growing.size };
}

const passed = () => new LedgerError('REFUSED', 'a later entry of this clone has landed already');

/** The greatest counter of each clone among these entries (PROTOCOL-FINDINGS #13). */
export function newestByWriter(entries: readonly Logged[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { entry } of entries) {
    const { writer, n } = entry.stamp;
    newest.set(writer, Math.max(n, newest.get(writer) ?? 0));
  }
  return newest;
}

/** Parking only from a listing that still holds, book and claims (#11), and never while our own queue ref could still land the entry (#13). */
async function mayPark(clone: Clone, fetched: Fetched, refused: readonly Refused[]): Promise<boolean> {
  const { rules, names } = clone;
  const { rulebook } = clone.book;
  let queues = fetched.queues;
  if (rules.confirmPark) {
    const again = await fetch(clone);
    if (again.kind === 'broken' || again.book !== fetched.book) return false;
    const moved = (id: string): boolean => again.claims.get(id)?.oid !== fetched.claims.get(id)?.oid;
    for (const { entry } of refused) {
      const ids = [rulebook.target(entry.intent)?.id ?? ''];
      for (const claims of [fetched.claims, again.claims])
        for (const { id, root } of claims.values()) if (root === entry.intent.claim?.root) ids.push(id);
      if (ids.some(moved)) return false;
    }
    queues = again.queues;
    fetched.queues = again.queues;
  }
  const writer = await clone.desk.writer();
  const queued = queues.get(writer);
  if (!rules.withdraw || queued === undefined) return true;
  const withdrawn = await clone.push([{ ref: names.queue(writer), old: queued, new: null }]);
  if (withdrawn.kind !== 'accepted') return false;
  fetched.queues.delete(writer);
  return true;
}

/** Park refs to make for `refused`, and to drop for parked entries that landed after all. */
async function parkUpdates(clone: Clone, refused: Refused[], theirs: Logged[]): Promise<RefUpdate[]> {
  const { names } = clone;
  const parked = await clone.store.refs(names.parkedPrefix);
  const updates: RefUpdate[] = [];
  for (const { oid, entry } of refused) {
    const ref = names.parked(entry.id);
    if (!parked.has(ref)) updates.push({ ref, old: null, new: oid });
  }
  if (clone.rules.unpark && parked.size > 0) {
    for (const { entry } of theirs) {
      const ref = names.parked(entry.id);
      const oid = parked.get(ref);
      if (oid !== undefined) updates.push({ ref, old: oid, new: null });
    }
  }
  return updates;
}

/** Keeps the reason for `parked list`, and ends the holds whose entries were refused. */
async function tellParked(clone: Clone, refused: Refused[]): Promise<void> {
  if (refused.length > 0) {
    const untold = Number((await clone.desk.note('parked-new')) ?? '0');
    await clone.desk.setNote('parked-new', String(untold + refused.length));
  }
  for (const { entry, error } of refused) {
    await clone.desk.setNote(`parked-${entry.id.slice(0, 16)}`, error.message);
    const root = entry.intent.claim?.root;
    if (root === undefined) continue;
    const ids = (await clone.desk.holds()).filter(hold => hold.root === root).map(({ id }) => id);
    for (const id of ids) await clone.desk.dropHold(id, root);
  }
}
