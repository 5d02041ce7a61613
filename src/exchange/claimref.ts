import * as z from 'zod/mini';
import { canonicalJson } from '../kernel/canonical.ts';
import { lazy } from '../kernel/lazy.ts';
import { isKey } from '../kernel/record.ts';
import { epochMs, instant } from '../kernel/time.ts';
import type { Commit, CommitMeta, Oid } from '../store/port.ts';

/** A live lease on one record or slot, as the commit behind `claims/<id>` says it. */
export interface Claim {
  /** The claim commit; changes with every renewal. */
  oid: Oid;
  id: string;
  actor: string;
  run: string;
  /** Nonce of the tenure's first claim; renewals keep it. */
  root: string;
  nonce: string;
  /** Earlier roots of the same run. */
  chain: string[];
  since: string;
  lease_until: string;
  /** The handoff this claim is offered to. */
  offer?: string;
  /** Not a claim at all, but something of a stranger's under its name: no claim is built on it. */
  alien?: true;
}

const token = lazy(() => z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)));
const clock = lazy(() =>
  z.string().check(z.refine(text => !Number.isNaN(epochMs(text)) && instant(epochMs(text)) === text)),
);
const body = lazy(() =>
  z.strictObject({
    id: token(),
    actor: z.string().check(z.refine(isKey)),
    run: token(),
    root: token(),
    nonce: token(),
    chain: z.array(token()).check(z.maxLength(1000)),
    since: clock(),
    lease_until: clock(),
    offer: z.optional(token()),
  }),
);

/** The commit of a claim: its parent is the claim it renews or takes over, its tree is empty. */
export function claimMeta(claim: Omit<Claim, 'oid'>, at: string): CommitMeta {
  const person = {
    name: claim.actor,
    email: `${claim.actor}@ledgenter.invalid`,
    time: Math.max(0, Math.floor(epochMs(at) / 1000)),
  };
  return {
    author: person,
    committer: person,
    message: `${claim.actor} holds ${claim.id}\n\n${canonicalJson(claim)}\n`,
  };
}

/** The name under which `doctor` tries whether a remote creates, swaps and deletes a ref; no record has such an id. */
export function probeName(nonce: string): string {
  return `s-probe${nonce.slice(0, 8)}`;
}

export function isProbe(id: string): boolean {
  return /^s-probe[a-z0-9]{1,8}$/.test(id);
}

/** What a claim that replaces `shown` is built on. */
export function below(shown: Claim | undefined): Oid | null {
  return shown === undefined || shown.alien ? null : shown.oid;
}

/** Claims that were read before: every look at the refs shows them again. */
const read = new WeakMap<Commit, Claim>();

/**
 * Reads a claim commit. What is no claim of `id` counts as one that lapsed long ago: it is somebody's rubbish under a
 * name of ours, and anyone may replace it by compare-and-swap.
 */
export function parseClaim(id: string, commit: Commit): Claim {
  const kept = read.get(commit);
  if (kept?.id === id) return kept;
  const claim = readClaim(id, commit);
  read.set(commit, claim);
  return claim;
}

function readClaim(id: string, commit: Commit): Claim {
  const cut = commit.message.indexOf('\n\n');
  try {
    const parsed = body().parse(JSON.parse(commit.message.slice(cut + 2)));
    if (parsed.id === id) {
      const { offer, ...rest } = parsed;
      return { ...rest, oid: commit.oid, ...(offer === undefined ? {} : { offer }) };
    }
  } catch {
    // not a claim: answered below
  }
  return alien(id, commit.oid);
}

/** What counts for an object under `claims/<id>` that is no claim: one that lapsed long ago. */
export function alien(id: string, oid: Oid): Claim {
  const never = instant(0);
  return {
    oid,
    id,
    actor: 'unknown',
    run: 'unknown',
    root: `rubbish-${oid.slice(0, 16)}`,
    nonce: 'none',
    chain: [],
    since: never,
    lease_until: never,
    alien: true,
  };
}
