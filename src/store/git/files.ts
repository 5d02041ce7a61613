import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomHex } from '../random.ts';
import { faultOf } from './faults.ts';

/** Windows refuses to replace a file that somebody is just reading; tried this often, a few ms apart. */
const RENAMES = 10;

/** Writes a small file whole or not at all; its folder is made where needed. @throws LedgerError NO_ROOM, READ_ONLY_REPOSITORY */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomHex(6)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { flag: 'wx' });
    await renameOver(temporary, path);
  } catch (error) {
    await remove(temporary);
    throw faultOf('writing a file', error);
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || attempt === RENAMES || (code !== 'EPERM' && code !== 'EACCES')) throw error;
      await sleep(attempt * 5);
    }
  }
}

/** A JSON file as `check` accepts it; undefined when it is absent, damaged or something else. */
export async function readJson<T>(path: string, check: (value: unknown) => T | undefined): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return check(JSON.parse(text));
  } catch {
    return undefined; // damaged
  }
}

/** Removes a file that may be gone already. */
export async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}
