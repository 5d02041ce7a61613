import { HUMAN_LEASE_MS, LEASE_MS, MARGIN_MS } from '../kernel/hold.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid } from '../store/port.ts';
import { type Claim, claimMeta } from './claimref.ts';
import type { Clone } from './clone.ts';
import { fetch } from './fetch.ts';

export type Renewal =
  | { kind: 'held'; hold: HoldFile }
  | { kind: 'lost'; reason: string; claim?: Claim }
  | { kind: 'unsure'; reason: string };

/**
 * RENEW (PROTOCOL §4): the ref moves to a claim of the same root with a later end; no entry. A broken push is read
 * back; while it stays unsure the caller does not hold.
 */
export async function renew(clone: Clone, hold: HoldFile, leaseMs?: number): Promise<Renewal> {
  const now = clone.now();
  if (now > epochMs(hold.lease_until) - MARGIN_MS) {
    await clone.desk.dropHold(hold.id, hold.root);
    return { kind: 'lost', reason: `the lease lapsed at ${hold.lease_until}` };
  }
  const span = leaseMs ?? epochMs(hold.lease_until) - epochMs(hold.since);
  const until = instant(Math.max(epochMs(hold.lease_until), now + span));
  const claim = await makeClaim(clone, { ...hold, lease_until: until }, hold.oid);
  const pushed = await clone.push([{ ref: clone.names.claim(hold.id), old: hold.oid, new: claim.oid }]);
  if (pushed.kind === 'accepted') return held(clone, hold, claim);
  const fetched = await fetch(clone);
  if (fetched.kind === 'broken') return { kind: 'unsure', reason: fetched.reason };
  const shown = fetched.claims.get(hold.id);
  if (shown?.oid === claim.oid) return held(clone, hold, claim);
  if (shown && shown.root === hold.root && shown.actor === hold.actor && shown.offer === undefined) {
    // A sibling of the same tenure renewed: its claim is ours too.
    return held(clone, hold, shown);
  }
  await clone.desk.dropHold(hold.id, hold.root);
  return {
    kind: 'lost',
    reason: shown ? `${shown.actor} has it until ${shown.lease_until}` : 'the claim is gone',
    ...(shown ? { claim: shown } : {}),
  };
}

/** Only a hold that is still on file is prolonged: a sibling may have ended the tenure while the push was under way. */
async function held(clone: Clone, hold: HoldFile, claim: Claim): Promise<Renewal> {
  const { oid, since, lease_until } = claim;
  const next = ({ renew: _done, ...rest }: HoldFile): HoldFile => ({ ...rest, oid, since, lease_until });
  if (await clone.desk.amendHold(hold.id, hold.root, next)) return { kind: 'held', hold: next(hold) };
  return { kind: 'lost', reason: `${hold.id} was given up meanwhile` };
}

/** A claim commit on `parent`; nothing points to it yet. */
export async function makeClaim(
  clone: Clone,
  of: Pick<Claim, 'id' | 'actor' | 'run' | 'root' | 'chain' | 'lease_until'> & { offer?: string },
  parent: Oid | null,
  nonce = clone.nonce(),
): Promise<Claim> {
  const { id, actor, run, root, chain, lease_until, offer } = of;
  const at = instant(clone.now());
  const body = {
    id,
    actor,
    run,
    root,
    chain,
    lease_until,
    nonce,
    since: at,
    ...(offer === undefined ? {} : { offer }),
  };
  const oid = await clone.store.commit(parent === null ? [] : [parent], [], claimMeta(body, at));
  return { ...body, oid };
}

/** True when a write now should make the next sync renew: past half of the lease. */
export function pastHalf(hold: HoldFile, now: number): boolean {
  return now > (epochMs(hold.since) + epochMs(hold.lease_until)) / 2;
}

/** Renews the holds whose holder worked past half-time (ARCHITECTURE §5): part of a sync, no push otherwise. */
export async function renewWorked(clone: Clone): Promise<void> {
  if (clone.self) return;
  for (const hold of await clone.desk.holds()) {
    if (hold.renew && !hold.provisional) await renew(clone, hold);
  }
}

/** Lease of a claim in ms when nobody asks for another. */
export function defaultLease(kind: 'agent' | 'human' | 'service'): number {
  return kind === 'human' ? HUMAN_LEASE_MS : LEASE_MS;
}

/** True when anyone may take the record over: past its lease and the grace. */
export function lapsed(leaseUntil: string, now: number, grace: number): boolean {
  return now > epochMs(leaseUntil) + grace;
}
