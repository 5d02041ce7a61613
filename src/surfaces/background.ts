import { spawn } from 'node:child_process';
import { BELIEVED_MS } from '../exchange/background.ts';
import type { Desk } from '../store/desk.ts';

/**
 * Starts one detached process that syncs this ledger, whichever is in use when it comes to it, and ends by itself; when one runs already it is told that there is more. Never
 * waits, never fails: what is not carried now is carried by the next sync.
 */
export async function startBackground(
  desk: Desk,
  launcher: string,
  { cwd, ledger, now }: { cwd: string; ledger: string; now: number },
): Promise<void> {
  try {
    await desk.setNote('sync-wanted', String(now));
    const running = Number((await desk.note('sync-running')) ?? '0');
    if (now - running < BELIEVED_MS) return;
    const child = spawn(process.execPath, [launcher, 'sync', '--background', '--quiet', '--ledger', ledger], {
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
