import * as z from 'zod/mini';
import type { Entry } from './entry.ts';
import { lazy } from './lazy.ts';

/**
 * Grace after a lease before anyone may take over, and how long before its end the holder stops, in ms:
 * grace ≥ 2 × the clock skew we tolerate (PROTOCOL-FINDINGS #3).
 */
export const GRACE_MS = 120_000;
export const MARGIN_MS = 5_000;
/** Lease of an agent's claim and of a human's, and the longest anyone may ask for, in ms. */
export const LEASE_MS = 3_600_000;
export const HUMAN_LEASE_MS = 3 * 86_400_000;
export const MAX_LEASE_MS = 7 * 86_400_000;
/** An entry whose `at` is further ahead of the receiver's clock than this waits (PROTOCOL §1.4). */
export const FUTURE_MS = 600_000;

/** The book's own note of who holds a record; the live lease is the claim ref's (PROTOCOL §1.5). */
export const holdSchema = lazy(() =>
  z.strictObject({
    root: z.string(),
    actor: z.string(),
    run: z.string(),
    since: z.string(),
    lease_until: z.string(),
    offer: z.optional(z.strictObject({ id: z.string(), to: z.array(z.string()) })),
  }),
);
export type Hold = z.infer<ReturnType<typeof holdSchema>>;

/** True when the entry was written under this hold: same tenure, same actor, the holding run or a child of it. */
export function writesUnder(hold: Hold, { intent }: Pick<Entry, 'intent'>): boolean {
  return (
    intent.claim !== undefined &&
    intent.claim.root === hold.root &&
    intent.actor === hold.actor &&
    intent.claim.actor === hold.actor &&
    intent.run.includes(hold.run)
  );
}
