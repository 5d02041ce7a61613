import { entriesBetween } from '../book/history.ts';
import { noteChanges } from '../book/reserved.ts';
import type { Json } from '../kernel/canonical.ts';
import { entryId, type Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Oid } from '../store/port.ts';
import type { Clone } from './clone.ts';
import { type FetchOptions, fetch, markSeen, seenTip } from './fetch.ts';
import { sync } from './sync.ts';

/** Pushes that others may outrun before this one gives up, and how long it waits between them at first, in ms. */
const TRIES = 8;
const PAUSE_MS = 100;

/** What became of an entry at the authority; `same`: it was so already, and there is no entry. */
export interface Entered {
  same: boolean;
  result: { [key: string]: Json };
}

/**
 * Enters at the authority first and here afterwards: what waits here is landed, the entry is judged on the tip that the
 * authority has and pushed onto it, and only then does this clone's book follow. Nothing of an entry that was not taken
 * stays anywhere, whenever the process ends.
 * @param make the intent, called once a try for a fresh time and nonce
 * @throws LedgerError the refusal of a law on that tip; UNREACHABLE: not entered, or, said so, not known; BUSY
 */
export async function enterThere(clone: Clone, make: () => Intent, options: FetchOptions): Promise<Entered> {
  for (let round = 0; round < TRIES; round++) {
    if (round > 0) await clone.sleep(PAUSE_MS * Math.min(round, 4) * (0.5 + clone.random()));
    const report = await sync(clone, options);
    if (report.queued) continue;
    if (!report.ok) throw new LedgerError('UNREACHABLE', `not entered: ${report.reason ?? 'the remote is busy'}`);
    const target = await seenTip(clone);
    if (target === null || (await clone.book.tip()).at !== target) continue; // a sibling wrote meanwhile
    const entered = await pushOnto(clone, target, make(), options);
    if (entered) return entered;
  }
  throw new LedgerError('BUSY', 'not entered: others were quicker each time');
}

/** One entry on top of what the authority has; undefined when the authority has moved. */
async function pushOnto(
  clone: Clone,
  target: Oid,
  intent: Intent,
  options: FetchOptions,
): Promise<Entered | undefined> {
  const { book, names, store } = clone;
  const judged = await book.decide(book.reader(target), intent, await book.stampOn(target, 'claim'));
  if (judged.kind === 'refused') throw judged.error;
  if (judged.kind === 'same') return { same: true, result: judged.result };
  const tip = await store.commit([target], judged.files, book.meta(judged.entry, clone.lander));
  const pushed = await clone.push([{ ref: names.book, old: target, new: tip }]);
  if (pushed.kind === 'refused') return undefined;
  if (pushed.kind === 'denied') throw new LedgerError(pushed.code, pushed.reason);
  const there = pushed.kind === 'accepted' ? tip : await takenAfterAll(clone, target, intent, pushed.reason, options);
  await follow(clone, target, there, options);
  await noteChanges(book, judged.changes);
  return { same: false, result: judged.result };
}

/**
 * The book of the authority where it has the entry although its push failed.
 * @throws LedgerError UNREACHABLE: it has it not, or nobody can say
 */
async function takenAfterAll(
  clone: Clone,
  target: Oid,
  intent: Intent,
  reason: string,
  options: FetchOptions,
): Promise<Oid> {
  const fetched = await fetch(clone, options);
  if (fetched.kind === 'broken' || fetched.book === null)
    throw new LedgerError('UNREACHABLE', `the remote went away (${reason}), and whether it took this is not known`);
  const id = entryId(intent);
  const since = await entriesBetween(clone.store, fetched.book, target);
  if (since.some(({ entry }) => entry.id === id)) return fetched.book;
  throw new LedgerError('UNREACHABLE', `not entered: ${reason}`);
}

/** The local book takes in what the authority took; where a sibling wrote meanwhile, as a sync does it. */
async function follow(clone: Clone, target: Oid, there: Oid, options: FetchOptions): Promise<void> {
  const { names, store } = clone;
  await markSeen(clone, there);
  const swapped = await store.swap([
    { ref: names.book, old: target, new: there },
    { ref: names.draft, old: null, new: null },
  ]);
  if (!swapped.ok) await sync(clone, options);
}
