import { type ClaimOutcome, type ClaimRequest, claim } from './claim.ts';
import type { Claim } from './claimref.ts';
import type { Clone } from './clone.ts';
import { type FetchOptions, fetch } from './fetch.ts';
import { integrate } from './integrate.ts';
import { lapsed } from './renew.ts';

/** Attempts of one claim-next: at 4^k candidates from k = 0, five spread a thousand claimants. */
const ATTEMPTS = 14;
/**
 * How much wider the choice becomes after a lost race. 24 clones after 24 tasks at once made 5.2 pushes each, 11 at most,
 * when it doubled and every push asked for the book too; 2.5 to 3.7, 4 to 8 at most, as it is (`npm run races`).
 */
const SPREAD = 4;

export interface NextRequest {
  /** The candidates as the local book shows them now, best first; read only as far as needed. */
  candidates(): AsyncIterable<string>;
  request(id: string): ClaimRequest;
  /** Whose own claims are no obstacle. */
  actor: string;
  run: readonly string[];
}

/**
 * Claim-next in one operation (LESSONS 1): attempt k picks at random among the first 4^k candidates that no live claim
 * covers, so that many claimants spread instead of meeting on the first task. Once a race was lost, the claim ref goes
 * alone: the book would be lost too.
 * Undefined: nothing is there to claim.
 */
export async function claimNext(
  clone: Clone,
  next: NextRequest,
  options: FetchOptions = {},
): Promise<{ id: string; outcome: ClaimOutcome } | undefined> {
  const refused = new Set<string>();
  let last: { id: string; outcome: ClaimOutcome } | undefined;
  let width = 1;
  let crowded = false;
  for (let attempt = 0; attempt < ATTEMPTS && !options.signal?.aborted; attempt++) {
    const seen = await refresh(clone, options);
    if (seen.kind === 'broken') return { id: '', outcome: seen };
    const picked = await pick(clone, next, seen.claims, refused, width);
    if (picked === undefined) return last?.outcome.kind === 'lost' && last.outcome.error ? last : undefined;
    const outcome = await claim(clone, { ...next.request(picked), crowded }, options);
    if (outcome.kind !== 'lost') return { id: picked, outcome };
    last = { id: picked, outcome };
    if (outcome.contended || outcome.holder) {
      width *= SPREAD;
      crowded = true;
    } else refused.add(picked);
  }
  return last;
}

async function pick(
  clone: Clone,
  next: NextRequest,
  claims: ReadonlyMap<string, Claim>,
  refused: ReadonlySet<string>,
  width: number,
): Promise<string | undefined> {
  const first: string[] = [];
  const grace = await clone.grace();
  for await (const id of next.candidates()) {
    if (refused.has(id)) continue;
    const live = claims.get(id);
    const own = live !== undefined && live.actor === next.actor && next.run.includes(live.run);
    if (live && !own && !lapsed(live.lease_until, clone.now(), grace)) continue;
    first.push(id);
    if (first.length >= width) break;
  }
  return first[Math.floor(clone.random() * first.length)];
}

/** The local book brought up to the authority's, so that the candidates are today's. */
async function refresh(
  clone: Clone,
  options: FetchOptions,
): Promise<{ kind: 'fresh'; claims: Map<string, Claim> } | { kind: 'broken'; reason: string }> {
  for (let round = 0; round < 5; round++) {
    const tip = await clone.book.tip();
    const fetched = await fetch(clone, options);
    if (fetched.kind === 'broken') return fetched;
    if (clone.self || fetched.book === null || (await integrate(clone, fetched, tip))) {
      return { kind: 'fresh', claims: fetched.claims };
    }
  }
  return { kind: 'broken', reason: 'this clone is being written too fast' };
}
