import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LedgerError } from '../kernel/errors.ts';
import { randomHex } from '../store/random.ts';

/**
 * Writes a file whole: readers see nothing, the old one or the new one. One that is there is left alone unless it holds
 * the same bytes already, or `replace` says otherwise; a link is replaced, never followed.
 * @param path as the caller wrote it, from the folder `cwd`
 * @throws LedgerError REFUSED for a file that is there, NOT_FOUND without its folder, BAD_INPUT where it cannot be written
 */
export function writeOut(cwd: string, path: string, text: string, replace: boolean): 'written' | 'unchanged' {
  const target = resolve(cwd, path);
  const temporary = `${target}.${randomHex(6)}.tmp`;
  try {
    if (holds(target, text)) return 'unchanged';
    writeFileSync(temporary, text, { flag: 'wx' });
    if (replace) renameSync(temporary, target);
    else putNew(temporary, target);
    return 'written';
  } catch (error) {
    throw faultOf(error as NodeJS.ErrnoException, path);
  } finally {
    discard(temporary);
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // it was never made: what is wrong with its folder is told already
  }
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file).equals(Buffer.from(text));
  } catch {
    return false; // none, or none that can be read
  }
}

/** @throws the file system's error; EEXIST when something is there */
function putNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // A file system without hard links: not whole at once, but never over another.
    copyFileSync(temporary, target, constants.COPYFILE_EXCL);
  }
}

function faultOf(error: NodeJS.ErrnoException, path: string): unknown {
  const { code, message } = error;
  if (code === 'EEXIST')
    return new LedgerError('REFUSED', `${path} is there already and was left alone`, {
      hint: 'run the same command with another --output, or with --replace',
    });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LedgerError('NOT_FOUND', `the folder of ${path} is not there`, { hint: 'make the folder first' });
  if (code === 'ENOSPC' || code === 'EDQUOT') return error;
  return new LedgerError('BAD_INPUT', `${path} cannot be written: ${message}`, { hint: 'name another --output' });
}
