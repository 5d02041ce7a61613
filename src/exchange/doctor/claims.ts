import { leafOf } from '../../book/refs.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Holdable } from '../../kernel/holdlaws.ts';
import type { Oid } from '../../store/port.ts';
import { alien, type Claim, isProbe, parseClaim } from '../claimref.ts';
import type { Clone } from '../clone.ts';
import { holdableAt } from '../records.ts';
import { lapsed } from '../renew.ts';
import { type Area, type Finding, finding } from './findings.ts';
import { caught, type Look } from './look.ts';

/**
 * Claim refs at the authority against the book. Judged only where this clone has all that the authority has and nothing
 * that waits: an end that has not landed is no end yet (PROTOCOL-FINDINGS #1).
 */
export async function checkClaims(look: Look): Promise<Area> {
  const { clone, tip, shown } = look;
  const area: Area = { check: 'claims', good: 'every claim ref shows a tenure of the book', findings: [] };
  area.findings.push(...(await asideFindings(look)));
  if (!shown) return area;
  const settled = tip.draft === null && (clone.self || shown.get(clone.names.book) === tip.book);
  if (!settled) {
    area.good = 'not judged: this clone and the authority differ; ledgenter sync';
    return area;
  }
  const grace = await clone.grace();
  for (const [ref, oid] of shown) {
    const id = leafOf(clone.names.claims, ref);
    if (id === undefined) continue;
    const claim = await claimAt(clone, id, oid);
    const found = await judge(look, claim, grace);
    if (found) area.findings.push(found);
  }
  return area;
}

async function claimAt(clone: Clone, id: string, oid: Oid): Promise<Claim> {
  const commits = await caught(() => clone.store.readCommits([oid]));
  const commit = commits instanceof LedgerError ? undefined : commits[0];
  return commit ? parseClaim(id, commit) : alien(id, oid);
}

async function judge({ clone, tip, context }: Look, claim: Claim, grace: number): Promise<Finding | undefined> {
  const { id, actor, lease_until } = claim;
  const found = await holdableAt(clone.book, tip.book, id);
  const hold = (found?.record as Holdable | undefined)?.hold;
  if (hold && (hold.root === claim.root || claim.chain.includes(hold.root))) return undefined;
  const over = lapsed(lease_until, context.now, grace);
  const final = found !== undefined && found.def.final?.(found.record) === true;
  const where = clone.names.claim(id);
  if (!final && !over && !isProbe(id))
    return finding('claims.orphan', {
      what: `${actor} has a claim on ${id} that the book does not show; it lapses at ${lease_until}`,
      where,
      next: found ? `ledgenter ${found.def.kind} get ${id}` : 'ledgenter sync',
    });
  const why = claim.alien ? 'what stands there is no claim' : final ? `${id} is finished` : 'its lease is over';
  return finding('claims.dead', {
    what: `a claim of ${actor} on ${id} stayed behind: ${why}`,
    where,
    mend: () => drop(clone, where, claim.oid),
  });
}

/** Exactly the ref that was judged: one that was renewed or taken over meanwhile stays. */
async function drop(clone: Clone, ref: string, oid: Oid): Promise<string> {
  const pushed = await clone.push([{ ref, old: oid, new: null }]);
  if (pushed.kind === 'accepted') return `removed; it showed ${oid}`;
  if (pushed.kind === 'refused') return 'left: it moved meanwhile';
  throw new LedgerError(pushed.kind === 'denied' ? pushed.code : 'UNREACHABLE', pushed.reason);
}

/** Claims that an import put aside; those whose lease is over are of no use to anybody. */
async function asideFindings({ clone, context }: Look): Promise<Finding[]> {
  const refs = [...(await clone.store.refs(clone.names.asidePrefix))];
  if (refs.length === 0) return [];
  const grace = await clone.grace();
  const dead: [string, Oid][] = [];
  for (const [ref, oid] of refs) {
    const id = leafOf(clone.names.asidePrefix, ref);
    if (id === undefined || lapsed((await claimAt(clone, id, oid)).lease_until, context.now, grace))
      dead.push([ref, oid]);
  }
  const what = `${refs.length} claims came in with an import and are no claims here`;
  const where = clone.names.asidePrefix;
  if (dead.length === 0)
    return [finding('claims.imported', { what, where, next: 'ledgenter task query --status in_progress' })];
  return [
    finding('claims.imported', {
      what: `${what}; of ${dead.length} the lease is over`,
      where,
      async mend() {
        await clone.store.swap(dead.map(([ref, oid]) => ({ ref, old: oid, new: null })));
        return `forgot ${dead.length}: ${dead.map(([ref]) => leafOf(where, ref)).join(', ')}`;
      },
    }),
  ];
}
