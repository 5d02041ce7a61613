import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomHex } from '../random.ts';
import { faultOf } from './faults.ts';

// Small files are read and written in place of handing them to other threads: a tenth of the CPU for each.

/** Windows refuses to replace a file that somebody is just reading; tried this often, a few ms apart. */
const RENAMES = 10;

/** Writes a small file whole or not at all; its folder is made where needed. @throws LedgerError NO_ROOM, READ_ONLY_REPOSITORY */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomHex(6)}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text, { flag: 'wx' });
    await renameOver(temporary, path);
  } catch (error) {
    remove(temporary);
    throw faultOf('writing a file', error);
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return renameSync(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || attempt === RENAMES || (code !== 'EPERM' && code !== 'EACCES')) throw error;
      await sleep(attempt * 5);
    }
  }
}

/** A JSON file as `check` accepts it; undefined when it is absent, damaged or something else. */
export function readJson<T>(path: string, check: (value: unknown) => T | undefined): T | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return check(JSON.parse(text));
  } catch {
    return undefined; // damaged
  }
}

/** A file's text; undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Removes a file that may be gone already. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // gone, or not ours to remove: whoever needs its place is told by the next write
  }
}
