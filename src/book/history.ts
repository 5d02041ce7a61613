import type { Entry } from '../kernel/entry.ts';
import type { Commit, Oid, Store } from '../store/port.ts';
import { isEntry, parseEntry } from './entry.ts';

export interface Logged {
  oid: Oid;
  commit: Commit;
  entry: Entry;
}

/** The entries after `base` up to `tip`, oldest first. Commits that are no entries (genesis, a stranger's) are left out. */
export async function entriesBetween(store: Store, tip: Oid, base: Oid | null): Promise<Logged[]> {
  if (tip === base) return [];
  const out: Logged[] = [];
  for (const commit of await store.log(tip, base)) {
    const entry = parseEntry(commit);
    if (isEntry(entry)) out.push({ oid: commit.oid, commit, entry });
  }
  return out;
}
