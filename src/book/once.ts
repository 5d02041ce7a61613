import { FUTURE_MS } from '../kernel/hold.ts';
import { epochMs } from '../kernel/time.ts';
import type { Commit, Oid, Store } from '../store/port.ts';
import { isEntry, parseEntry } from './entry.ts';

/** Commits looked at in the first step back, few enough to need no process; each further step looks at four times as many. */
const FIRST_LOOK = 12;

/**
 * Ids of the entries up to `base` that a signed one of `coming` could repeat: its signature stays good for ever, so somebody
 * could land it twice to have its effect again. An entry lands at most ten minutes before its `at` (law `entry.time`), so its first landing is searched
 * only that far back: for fresh entries, a few minutes.
 */
export async function landedBefore(store: Store, base: Oid, coming: readonly Commit[]): Promise<Set<string>> {
  const found = new Set<string>();
  const oldest = Math.min(
    ...coming.map(commit => {
      const entry = parseEntry(commit);
      return isEntry(entry) && entry.signature !== undefined ? epochMs(entry.intent.at) : Number.POSITIVE_INFINITY;
    }),
  );
  if (oldest === Number.POSITIVE_INFINITY) return found;
  for (let look = FIRST_LOOK; ; look *= 4) {
    const commits = await store.newest(base, look);
    for (const commit of commits) {
      const entry = parseEntry(commit);
      if (!isEntry(entry)) continue;
      found.add(entry.id);
      if (epochMs(entry.stamp.landed) < oldest - FUTURE_MS) return found;
    }
    if (commits.length < look) return found;
  }
}
