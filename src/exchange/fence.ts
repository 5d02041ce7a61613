import type { Enacted } from '../book/enact.ts';
import type { Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';

/**
 * May an entry written under a claim land, as the claim refs stand (PROTOCOL §1.6)? Work and claims need their tenure
 * on the ref, or in the chain of the same holder; what ends a lease needs exactly its root, because the push that lands
 * it deletes the ref.
 */
export function fence(
  clone: Clone,
  claims: ReadonlyMap<string, Claim>,
  intent: Intent,
  ended: readonly string[],
): LedgerError | undefined {
  const { claim } = intent;
  if (!claim) return undefined;
  const id = clone.book.rulebook.target(intent)?.id;
  if (id === undefined) return undefined;
  const shown = claims.get(id);
  const exact = shown !== undefined && shown.root === claim.root && shown.actor === claim.actor;
  const kin = exact || (shown !== undefined && shown.actor === claim.actor && shown.chain.includes(claim.root));
  const taking = clone.book.rulebook.write(intent.op)?.hold === 'take';
  const { rules } = clone;
  const wanted = taking
    ? (intent.provisional ? rules.provisionalFence : rules.claimFence) && !kin
    : ended.includes(id)
      ? rules.landDelete && !exact
      : rules.holderFence && !kin;
  if (!wanted) return undefined;
  const now = shown ? `${shown.actor} holds it until ${shown.lease_until}` : 'nobody holds it any more';
  return new LedgerError('CLAIM_LOST', `the claim on ${id} was lost before this entry landed: ${now}`, {
    details: { id, ...(shown ? { holder: shown.actor, run: shown.run, lease_until: shown.lease_until } : {}) },
  });
}

/** The claims that landing `enacted` must delete, by record id. */
export function endedClaims(enacted: Enacted, claims: ReadonlyMap<string, Claim>): Claim[] {
  return enacted.ended.map(id => claims.get(id)).filter(claim => claim !== undefined);
}
