import { LedgerError } from '../../kernel/errors.ts';
import { underPrefix } from '../encoding/names.ts';
import type { Oid, RefUpdate } from '../port.ts';
import type { Namespace } from './namespace.ts';
import type { GitStore } from './store.ts';

/**
 * Brings the tracking refs to what a listing showed: gone refs are removed, the book goes only forward (an older listing
 * must not put an old tip back). They are a memory, not the truth: a lost swap means that somebody else noted something
 * newer, and is left at that.
 * @param tracked their present values
 */
export function trackListing(...args: Parameters<typeof listing>): Promise<void> {
  return asFarAsPossible(() => listing(...args));
}

/** After an accepted push the tracking refs follow it. */
export function trackPush(...args: Parameters<typeof push>): Promise<void> {
  return asFarAsPossible(() => push(...args));
}

async function listing(
  store: GitStore,
  names: Namespace,
  prefix: string,
  refs: ReadonlyMap<string, Oid>,
  tracked: ReadonlyMap<string, Oid>,
): Promise<void> {
  const updates: RefUpdate[] = [];
  const listed = new Set<string>();
  for (const [ref, oid] of refs) {
    const tracking = names.toTracking(ref);
    listed.add(tracking);
    const old = tracked.get(tracking) ?? null;
    if (old !== oid && (await mayMove(store, ref, old, oid))) updates.push({ ref: tracking, old, new: oid });
  }
  const scope = names.toTracking(prefix);
  for (const [ref, old] of tracked)
    if (underPrefix(ref, scope) && !listed.has(ref) && !isBook(ref)) updates.push({ ref, old, new: null });
  await note(store, updates);
}

async function push(store: GitStore, names: Namespace, pushed: readonly RefUpdate[]): Promise<void> {
  const updates: RefUpdate[] = [];
  const now = await store.peek(pushed.map(({ ref }) => names.toTracking(ref)));
  for (const { ref, new: oid } of pushed) {
    const tracking = names.toTracking(ref);
    const old = now.get(tracking) ?? null;
    if (old !== oid && (await mayMove(store, ref, old, oid))) updates.push({ ref: tracking, old, new: oid });
  }
  await note(store, updates);
}

async function mayMove(store: GitStore, ref: string, old: Oid | null, oid: Oid | null): Promise<boolean> {
  if (!isBook(ref) || old === null) return true;
  return oid !== null && (await store.mergeBase(old, oid)) === old;
}

function isBook(ref: string): boolean {
  return ref.endsWith('/book');
}

async function note(store: GitStore, updates: RefUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  const all = await store.swap(updates);
  // One that lost must not keep back the others.
  if (!all.ok && updates.length > 1) for (const update of updates) await store.swap([update]);
}

/** What was fetched or pushed stays so when it cannot be noted (a full disk, a lock): the next listing notes it. */
async function asFarAsPossible(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
}
