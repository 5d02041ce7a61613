import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A temporary file older than this (ms) was left by a process that died. */
const STALE_MS = 3_600_000;

/**
 * Puts a file in place whole: readers see the old one or the new one. Nothing is forced to disk, because every cache
 * file is checked when it is read and built again when it is not good.
 * @throws the file system's error; the old file stands then
 */
export function writeWhole(folder: string, name: string, parts: readonly Uint8Array[]): void {
  const unique = `${process.pid}.${Math.random().toString(36).slice(2, 10)}`;
  const temporary = join(folder, `${name}.${unique}.tmp`);
  try {
    writeFileSync(temporary, Buffer.concat(parts));
    renameSync(temporary, join(folder, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  for (const other of readdirSync(folder)) {
    const path = join(folder, other);
    if (other.startsWith(`${name}.`) && other.endsWith('.tmp') && age(path) > STALE_MS) rmSync(path, { force: true });
  }
}

/** ms since the file was written; 0 when it is gone already. */
function age(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? Date.now() - found.mtimeMs : 0;
}
