import type { Book } from '../../book/book.ts';
import { epochMs, instant } from '../../kernel/time.ts';
import type { Oid, RefUpdate } from '../../store/port.ts';
import { parseClaim } from '../claimref.ts';
import type { Clone } from '../clone.ts';
import type { ComingHold } from './judge.ts';

export const LOCK_POLICIES = ['quarantine', 'keep', 'drop'] as const;
export type LockPolicy = (typeof LOCK_POLICIES)[number];

/** A hold that the imported book shows, and from when another may claim the record. */
export interface ToldHold {
  id: string;
  kind: string;
  actor: string;
  run: string;
  lease_until: string;
  claimable_at: string;
}

/**
 * The holds of an imported book. They are part of its history, and the laws judge a lease by entries alone: no import ends
 * one early, else a file would be a way to take a live claim. What a policy decides is whether the claim refs live here.
 */
export function toldHolds(holds: readonly ComingHold[], grace: number, now: number): ToldHold[] {
  return holds.map(({ id, kind, hold: { actor, run, lease_until } }) => ({
    id,
    kind,
    actor,
    run,
    lease_until,
    claimable_at: instant(Math.max(now, epochMs(lease_until) + grace)),
  }));
}

/**
 * Ref updates for the claim refs of a file: under `keep` live again where this repository decides and the book shows just
 * that tenure, under `quarantine` beside, where no claim counts. What is no such claim is left in the file.
 * @param decides this repository is the authority of the ledger as it will be
 */
export async function claimUpdates(
  clone: Clone,
  seen: Book,
  claims: ReadonlyMap<string, Oid>,
  holds: readonly ComingHold[],
  { policy, decides }: { policy: LockPolicy; decides: boolean },
): Promise<RefUpdate[]> {
  if (policy === 'drop' || claims.size === 0) return [];
  const { names, store } = clone;
  const roots = new Map(holds.map(({ id, hold }) => [id, hold.root]));
  const live = policy === 'keep' && decides;
  const there = await store.refs(live ? names.claims : names.asidePrefix);
  const updates: RefUpdate[] = [];
  for (const [id, oid] of claims) {
    const [commit] = await seen.store.readCommits([oid]).catch(() => [undefined]);
    const claim = commit && parseClaim(id, commit);
    if (!claim || claim.alien || roots.get(id) !== claim.root) continue;
    const ref = live ? names.claim(id) : names.aside(id);
    if (!there.has(ref)) updates.push({ ref, old: null, new: oid });
    else if (!live) updates.push({ ref, old: there.get(ref)!, new: oid });
  }
  return updates;
}
