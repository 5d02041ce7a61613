import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { randomHex } from '../../store/random.ts';

/** A configuration file larger than this (bytes) is none that a person keeps. */
const MAX_FILE = 64 << 20;

/** What a file holds; null where there is none. */
export type Bytes = Buffer | null;

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function sameBytes(one: Bytes, other: Bytes): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/**
 * The file behind a path: a link that people who keep their settings elsewhere made stays a link.
 * @param inside a folder that the file must not lie outside of: what a repository brings along may lead anywhere
 * @throws LedgerError REFUSED for a link that leads out of it, or to nothing, and for what is no plain file
 */
export function fileBehind(path: string, inside?: string): string {
  const there = nearest(path);
  let real: string;
  try {
    real = realpathSync(there);
  } catch {
    throw new LedgerError('REFUSED', `${there} is a link that leads nowhere`, { hint: 'mend or remove the link' });
  }
  if (there === path ? !statSync(real).isFile() : !statSync(real).isDirectory())
    throw new LedgerError('REFUSED', `${there} is no ${there === path ? 'file' : 'folder'}`, { hint: 'move it away' });
  const away = inside === undefined ? '' : relative(realpathSync(inside), real);
  if (away === '..' || away.startsWith(`..${sep}`) || isAbsolute(away))
    throw new LedgerError('REFUSED', `${path} leads out of this checkout by a link`, {
      hint: 'without --here it is written for your user',
    });
  return join(real, relative(there, path));
}

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** The path, or the folder nearest to it that is there. */
function nearest(path: string): string {
  return isThere(path) ? path : nearest(dirname(path));
}

/** @throws LedgerError TOO_LARGE */
export function readBytes(file: string): Bytes {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.size > MAX_FILE)
    throw new LedgerError('TOO_LARGE', `${file} has more than ${MAX_FILE >> 20} MB`, { hint: 'edit it by hand' });
  return readFileSync(file);
}

/** True when a person said that nothing may change it: a rename would pass over that. */
export function isReadOnly(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & 0o222) === 0;
}

/** Folders of `file` that are not there yet, the outermost first. */
export function missingFolders(file: string): string[] {
  const out: string[] = [];
  for (let folder = dirname(file); !isThere(folder); folder = dirname(folder)) out.unshift(folder);
  return out;
}

/**
 * Puts a file in place whole, if it still holds what was looked at; null removes it.
 * @param mode of a new file; a file that is there keeps its own
 * @throws LedgerError BUSY when it changed meanwhile; READ_ONLY_REPOSITORY when it cannot be written
 */
export function replaceBytes(file: string, before: Bytes, after: Bytes, mode = 0o644): void {
  const temporary = `${file}.${randomHex(6)}.tmp`;
  try {
    if (after !== null) {
      mkdirSync(dirname(file), { recursive: true });
      const kept = statSync(file, { throwIfNoEntry: false })?.mode;
      writeFileSync(temporary, after, { flag: 'wx', mode });
      if (kept !== undefined) chmodSync(temporary, kept & 0o7777);
    }
    if (!sameBytes(readBytes(file), before)) throw changed(file);
    if (after === null) rmSync(file, { force: true });
    else renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw faultOf(file, error);
  }
}

function changed(file: string): LedgerError {
  return new LedgerError('BUSY', `${file} was changed by somebody else meanwhile; it was left alone`, {
    hint: 'run the same command again',
  });
}

function faultOf(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof LedgerError || code === 'ENOSPC' || code === 'EDQUOT') return error;
  return new LedgerError('READ_ONLY_REPOSITORY', `${file} cannot be written: ${message}`, {
    hint: 'make the file and its folder writable',
  });
}

/** Removes folders that are empty, the innermost first. */
export function removeEmpty(folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      return; // something of somebody else's is in it
    }
  }
}
