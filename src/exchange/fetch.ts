import type { Landed } from '../book/landed.ts';
import { leafOf } from '../book/refs.ts';
import { type Broken as Unlawful, verify } from '../book/verify.ts';
import { LedgerError } from '../kernel/errors.ts';
import { epochMs } from '../kernel/time.ts';
import type { Oid, RefUpdate } from '../store/port.ts';
import { alien, type Claim, parseClaim } from './claimref.ts';
import type { Clone } from './clone.ts';

/** What the authority showed, verified. */
export interface Fetched {
  kind: 'fetched';
  /** Tip of the book there, null when it has none yet. */
  book: Oid | null;
  claims: Map<string, Claim>;
  queues: Map<string, Oid>;
}

export interface Unreachable {
  kind: 'broken';
  reason: string;
}

export interface FetchOptions {
  progress?: (done: number, total: number | undefined, what: string) => void;
  signal?: AbortSignal;
}

/**
 * FETCH and TAMPER (PROTOCOL §2). The caller has read its own tip before.
 * @throws LedgerError TAMPERED, OTHER_LEDGER, NEWER_FORMAT: nothing may be written or pushed after any of them.
 */
export async function fetch(clone: Clone, options: FetchOptions = {}): Promise<Fetched | Unreachable> {
  let older: Oid | undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    // Read before the listing: a sibling may verify newer entries while this listing is on its way.
    const seen = clone.self ? null : await seenTip(clone);
    const listing = await clone.remote.fetch(clone.names.shared);
    if (listing.kind === 'broken') return listing;
    const { refs } = listing;
    const book = refs.get(clone.names.book) ?? null;
    if (!clone.self && (await descends(clone, seen, book, options)) === 'older') {
      older = book ?? undefined;
      continue;
    }
    const claims = await readClaims(clone, refs);
    return { kind: 'fetched', book, claims, queues: leaves(clone.names.queues, refs) };
  }
  return alarm(clone, older ?? null);
}

/** Where the book stood when this clone last verified it. */
export async function seenTip(clone: Clone): Promise<Oid | null> {
  return (await clone.store.refs(clone.names.seen)).get(clone.names.seen) ?? null;
}

/** Remembers a verified tip; a sibling that was quicker and further wins. */
export async function markSeen(clone: Clone, tip: Oid): Promise<void> {
  const seen = await seenTip(clone);
  if (seen === tip) return;
  if (seen !== null && (await clone.store.mergeBase(seen, tip)) !== seen) return;
  await clone.store.swap([{ ref: clone.names.seen, old: seen, new: tip }]);
}

async function descends(
  clone: Clone,
  seen: Oid | null,
  book: Oid | null,
  options: FetchOptions,
): Promise<'good' | 'older'> {
  if (book === seen) return 'good';
  if (book === null) return alarm(clone, null, seen);
  if (seen !== null) {
    const base = await clone.store.mergeBase(seen, book);
    if (base === book) return 'older';
    if (base !== seen) return alarm(clone, book, seen);
  }
  const landed = await clone.book.landed.at(seen, options);
  const counted = await lastOwn(clone, landed);
  const verified = await verify(clone.book, book, seen, {
    limit: 1,
    landed,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.progress ? { progress: (done, total) => options.progress!(done, total, 'verifying entries') } : {}),
  });
  if (options.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped while verifying what came in');
  const [finding] = verified.findings;
  if (finding) throw unlawful(finding, clone);
  if (verified.newer) {
    throw new LedgerError(
      'NEWER_FORMAT',
      `the book has entries of format ${verified.newer.format}; this ledgenter is older`,
    );
  }
  // A clone that was copied, or is of a backup, counts on from where it stood: what it wrote then would be out of order.
  const last = await lastOwn(clone, landed);
  if (last > counted) await clone.desk.nextNumber(last);
  clone.book.landed.keep(landed, book);
  await markSeen(clone, book);
  return 'good';
}

/** The last number of this clone among what landed, under either of its names. */
async function lastOwn(clone: Clone, landed: Landed): Promise<number> {
  const writer = await clone.desk.writer();
  return Math.max(landed.last(writer), landed.last(`${writer}-claim`));
}

function unlawful(finding: Unlawful, clone: Clone): LedgerError {
  const { oid, law, message } = finding;
  if (law === 'book.root') {
    return new LedgerError(
      'OTHER_LEDGER',
      `${clone.remote.name} keeps another ledger under the same name (root of ${oid.slice(0, 12)})`,
    );
  }
  const who = finding.actor ? ` by ${finding.actor}` : '';
  return new LedgerError(
    'TAMPERED',
    `entry ${oid.slice(0, 12)}${who} at ${clone.remote.name} broke law ${law}: ${message}`,
    {
      details: { ...finding },
    },
  );
}

function alarm(clone: Clone, book: Oid | null, seen?: Oid | null): never {
  const found = book === null ? 'has no book any more' : `shows the book at ${book.slice(0, 12)}`;
  const message = `${clone.remote.name} ${found}, which does not descend from what this clone saw${seen ? ` (${seen.slice(0, 12)})` : ''}`;
  throw new LedgerError('TAMPERED', message, { hint: 'ledgenter doctor', details: { book, seen: seen ?? null } });
}

function leaves(prefix: string, refs: Map<string, Oid>): Map<string, Oid> {
  const out = new Map<string, Oid>();
  for (const [ref, oid] of refs) {
    const leaf = leafOf(prefix, ref);
    if (leaf !== undefined) out.set(leaf, oid);
  }
  return out;
}

/** Reads the claim refs of a listing and remembers them: for one root the later lease stays (PROTOCOL-FINDINGS #18). */
async function readClaims(clone: Clone, refs: Map<string, Oid>): Promise<Map<string, Claim>> {
  const shown = leaves(clone.names.claims, refs);
  const claims = await claimsAt(clone, shown);
  if (!clone.self) await remember(clone, claims);
  return claims;
}

async function remember(clone: Clone, claims: Map<string, Claim>): Promise<void> {
  const kept = await knownClaims(clone);
  const updates: RefUpdate[] = [];
  for (const [id, claim] of claims) {
    const old = kept.get(id);
    if (old?.oid === claim.oid) continue;
    if (old && old.root === claim.root && epochMs(old.lease_until) > epochMs(claim.lease_until)) continue;
    updates.push({ ref: clone.names.known(id), old: old?.oid ?? null, new: claim.oid });
  }
  for (const [id, old] of kept) {
    if (!claims.has(id)) updates.push({ ref: clone.names.known(id), old: old.oid, new: null });
  }
  // A lost swap means a sibling remembered something newer at the same moment.
  if (updates.length > 0) await clone.store.swap(updates);
}

/** The claim refs as this clone last saw them: what offline claims and error messages go by. */
export async function knownClaims(clone: Clone): Promise<Map<string, Claim>> {
  const refs = clone.self
    ? leaves(clone.names.claims, await clone.store.refs(clone.names.claims))
    : leaves(clone.names.knownPrefix, await clone.store.refs(clone.names.knownPrefix));
  return claimsAt(clone, refs);
}

/** The claims behind refs; what is no commit, or too large for one of ours, stands there as an alien. */
async function claimsAt(clone: Clone, refs: Map<string, Oid>): Promise<Map<string, Claim>> {
  const { store } = clone;
  const oids = [...refs.values()];
  const unreadable = (error: unknown): undefined => {
    if (!(error instanceof LedgerError) || error.code !== 'BAD_LEDGER') throw error;
  };
  const commits =
    (await store.readCommits(oids).catch(unreadable)) ??
    (await Promise.all(oids.map(async oid => (await store.readCommits([oid]).catch(unreadable))?.[0])));
  const claims = new Map<string, Claim>();
  for (const [index, [id, oid]] of [...refs].entries()) {
    const commit = commits[index];
    claims.set(id, commit ? parseClaim(id, commit) : alien(id, oid));
  }
  return claims;
}
