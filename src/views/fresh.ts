import { LedgerError } from '../kernel/errors.ts';
import type { Commit, Oid, Store } from '../store/port.ts';

/** Commits read at once: few at first, because what is known is nearly always near; then more. */
const FIRST = 32;
const MOST = 4096;

/**
 * The commits from the newest one that is `known` up to `tip`, oldest first, and that one: `''` where there is none, and
 * then they are all.
 * @throws LedgerError BAD_LEDGER when a commit of the book is missing
 */
export async function freshCommits(
  store: Store,
  tip: Oid,
  known: { has(oid: Oid): boolean },
  progress?: (done: number, total: number | undefined, what: string) => void,
): Promise<{ fresh: Commit[]; fork: Oid }> {
  const fresh: Commit[] = [];
  for (let from = tip, size = FIRST; ; size = Math.min(size * 4, MOST)) {
    const commits = await store.newest(from, size);
    if (commits.length === 0) throw new LedgerError('BAD_LEDGER', `commit ${from} of the book is missing`);
    const met = commits.findIndex(({ oid }) => known.has(oid));
    fresh.push(...(met < 0 ? commits : commits.slice(0, met)));
    progress?.(fresh.length, undefined, 'entries found');
    const [next] = commits.at(-1)!.parents;
    if (met >= 0 || next === undefined) return { fresh: fresh.reverse(), fork: met < 0 ? '' : commits[met]!.oid };
    from = next;
  }
}
