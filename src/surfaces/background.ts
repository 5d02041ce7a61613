import { spawn } from 'node:child_process';
import type { Desk } from '../store/desk.ts';

/** Hosts ask for at most six pushes a minute a repository: writes within so many ms share one sync. */
export const COALESCE_MS = 10_000;
/** A burst of commands is waited for this long, in ms. */
const DEBOUNCE_MS = 300;
/** A background sync that says it runs is believed for so long, in ms. */
const BELIEVED_MS = 90_000;

/** How long a sync that is wanted now should wait, given when the last one ended. */
export function waitBefore(lastSync: string | undefined, now: number): number {
  const since = lastSync === undefined ? Number.POSITIVE_INFINITY : now - Date.parse(lastSync);
  return since >= COALESCE_MS ? DEBOUNCE_MS : Math.max(DEBOUNCE_MS, COALESCE_MS - since);
}

/**
 * Starts one detached process that syncs and ends by itself; when one runs already it is told that there is more. Never
 * waits, never fails: what is not carried now is carried by the next sync.
 */
export async function startBackground(desk: Desk, launcher: string, cwd: string, now: number): Promise<void> {
  try {
    await desk.setNote('sync-wanted', String(now));
    const running = Number((await desk.note('sync-running')) ?? '0');
    if (now - running < BELIEVED_MS) return;
    const child = spawn(process.execPath, [launcher, 'sync', '--background', '--quiet'], {
      cwd,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    });
    child.on('error', () => {});
    child.unref();
  } catch {
    // politeness: the entry is in the book already
  }
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
    for (let round = 0; round < 20; round++) {
      await desk.setNote('sync-running', String(now()));
      await sleep(waitBefore(await desk.note('last-sync'), now()));
      const wanted = await desk.note('sync-wanted');
      await sync();
      await desk.setNote('sync-running', '0');
      if ((await desk.note('sync-wanted')) === wanted) return;
    }
  } finally {
    await desk.setNote('sync-running', '0');
  }
}
