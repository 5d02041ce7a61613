import type { Desk } from '../store/desk.ts';

/** Hosts ask for at most six pushes a minute a repository: writes within so many ms share one sync. */
const COALESCE_MS = 10_000;
/** A burst of commands is waited for this long, in ms. */
const DEBOUNCE_MS = 300;
/** A background sync that says it runs is believed for so long, in ms. */
export const BELIEVED_MS = 90_000;
/** Syncs that one background process makes before it leaves the rest to the next. */
const ROUNDS = 20;

/** How long a sync that is wanted now should wait, given when the last one ended (ms since the epoch). */
export function waitBefore(lastSync: number, now: number): number {
  const since = now - lastSync;
  return since >= COALESCE_MS ? DEBOUNCE_MS : Math.max(DEBOUNCE_MS, COALESCE_MS - since);
}

/** The life of that process: sync until nobody asked for more since it began. */
export async function runBackground(
  desk: Desk,
  now: () => number,
  sleep: (ms: number) => Promise<void>,
  sync: () => Promise<void>,
): Promise<void> {
  const others = Number((await desk.note('sync-running')) ?? '0');
  if (now() - others < BELIEVED_MS) return;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await desk.setNote('sync-running', String(now()));
      await sleep(waitBefore(Date.parse((await desk.note('last-sync')) ?? '1970-01-01T00:00:00Z'), now()));
      const wanted = await desk.note('sync-wanted');
      await sync();
      await desk.setNote('sync-running', '0');
      if ((await desk.note('sync-wanted')) === wanted) return;
    }
  } finally {
    await desk.setNote('sync-running', '0');
  }
}
