import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What {@link temporary} makes: the first is a public key to sign with, the second a keyring to check against. */
const NAMES = /^(?:key|gpg)-[A-Za-z0-9]{6}$/;
/** No signature takes so long, in ms: what is older was left by a process that was killed. */
const LEFT_MS = 600_000;

const swept = new Set<string>();
const open = new Set<string>();
const remove = (dir: string): void => rmSync(dir, { recursive: true, force: true });

/** A folder of its own for one signature; it goes when `remove` is called, and with the process at the latest. */
export function temporary(folder: string, kind: 'key' | 'gpg'): { dir: string; remove(): void } {
  mkdirSync(folder, { recursive: true });
  if (!swept.has(folder)) sweep(folder, Date.now());
  swept.add(folder);
  const dir = mkdtempSync(join(folder, `${kind}-`));
  if (open.size === 0) process.on('exit', removeAll);
  open.add(dir);
  return {
    dir,
    remove() {
      open.delete(dir);
      if (open.size === 0) process.off('exit', removeAll);
      remove(dir);
    },
  };
}

function removeAll(): void {
  for (const dir of open) remove(dir);
}

/** Removes what killed processes left there: nothing of ours runs at the end of one. */
export function sweep(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!NAMES.test(name)) continue;
    const path = join(folder, name);
    try {
      if (now - lstatSync(path).mtimeMs > LEFT_MS) remove(path);
    } catch {
      // Another process was faster, or it is not ours to remove: the next one tries again.
    }
  }
}
