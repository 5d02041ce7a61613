import type { Enacted } from '../book/enact.ts';
import type { Rulebook } from '../book/rulebook.ts';
import type { Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import type { Change } from '../kernel/law.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';

/**
 * May an entry written under a claim land, as the claim refs stand (PROTOCOL §1.6)? Work and claims need their tenure
 * on the ref, or in the chain of the same holder; what ends a lease needs exactly its root, because the push that lands
 * it deletes the ref.
 */
export function fence(clone: Clone, claims: ReadonlyMap<string, Claim>, enacted: Enacted): LedgerError | undefined {
  const { intent } = enacted.entry;
  if (!intent.claim) return undefined;
  for (const id of heldUnder(clone.book.rulebook, intent, enacted.changes)) {
    const lost = fenceOne(clone, claims, intent, id, enacted.ended);
    if (lost) return lost;
  }
  return undefined;
}

/** The records that an entry writes on under its claim: its target, and each whose hold it begins, keeps or ends. */
export function heldUnder(rulebook: Rulebook, intent: Intent, changes: readonly Change[]): Set<string> {
  const ids = new Set<string>();
  const root = intent.claim?.root;
  for (const { def, id, before, after } of changes) {
    const roots = [before, after].map(state => (state as Holdable | undefined)?.hold?.root);
    if (def.holdable && roots.includes(root)) ids.add(id);
  }
  const target = rulebook.target(intent)?.id;
  return ids.size === 0 && target !== undefined ? new Set([target]) : ids;
}

function fenceOne(
  clone: Clone,
  claims: ReadonlyMap<string, Claim>,
  intent: Intent,
  id: string,
  ended: readonly string[],
): LedgerError | undefined {
  const claim = intent.claim!;
  const shown = claims.get(id);
  const exact = shown !== undefined && shown.root === claim.root && shown.actor === claim.actor;
  const kin = isKin(shown, claim);
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

/** The claim is this tenure's, or a later one of the same holder. */
export function isKin(shown: Claim | undefined, { root, actor }: { root: string; actor: string }): boolean {
  return shown !== undefined && shown.actor === actor && (shown.root === root || shown.chain.includes(root));
}

/** The claims that landing `enacted` must delete, by record id. */
export function endedClaims(enacted: Enacted, claims: ReadonlyMap<string, Claim>): Claim[] {
  return enacted.ended.map(id => claims.get(id)).filter(claim => claim !== undefined);
}
