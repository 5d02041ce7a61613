import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { randomHex } from '../../store/random.ts';

/** What lies where the file of a skill would lie. */
export type OnDisk = { kind: 'absent' } | { kind: 'file'; text: string; sha256: string } | { kind: 'other' };

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Looks at `<folder of the slug>/SKILL.md`. The folder above may be a link, that is the user's business; a link below it
 * leads to files that are none of ours, and so does anything that is no plain file.
 */
export function lookAt(file: string): OnDisk {
  const folder = lstatSync(dirname(file), { throwIfNoEntry: false });
  if (!folder) return { kind: 'absent' };
  if (!folder.isDirectory()) return { kind: 'other' };
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return { kind: 'absent' };
  if (!found.isFile()) return { kind: 'other' };
  const bytes = readFileSync(file);
  return { kind: 'file', text: bytes.toString('utf8'), sha256: sha256(bytes) };
}

/**
 * Puts a whole file in place at once. Readers see the old one or the new one.
 * @throws LedgerError READ_ONLY_REPOSITORY when the folder cannot be written
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomHex(4)}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    throw new LedgerError('READ_ONLY_REPOSITORY', `${file} cannot be written: ${message}`, {
      hint: 'make the folder writable',
    });
  }
}
