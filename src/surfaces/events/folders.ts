import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { OfficeOptions } from '../compose.ts';

/** Where events wait when the git dir of their repository cannot be written, or there is none. */
export interface Where {
  /** The git dir that a repository's worktrees share; undefined outside of all. */
  commonDir: string | undefined;
  ledger: string;
  /** The home that is named (`LEDGENTER_HOME`), where there is one. */
  home?: string | undefined;
}

/** The spool of a ledger in its repository. */
export const ownFolder = (commonDir: string, ledger: string): string => join(commonDir, 'ledgenter', ledger, 'spool');

/**
 * The spool of this user for a repository, or for a home, and a ledger; what names neither waits under `none` until
 * somebody looks. The name is a hash: a path of this machine stands nowhere.
 */
export function userFolder({ commonDir, ledger, home }: Where): string {
  const names = commonDir !== undefined ? ['repository', real(commonDir)] : home !== undefined ? ['home', home] : [];
  const hash = createHash('sha256')
    .update(JSON.stringify([...names, ledger]))
    .digest('hex')
    .slice(0, 20);
  return join(homedir(), '.ledgenter', 'spool', names.length === 0 ? 'none' : hash);
}

/** Where a process writes, the first that works; and, the same, where a sync looks. */
export function foldersOf(where: Where): string[] {
  const own = where.commonDir === undefined ? [] : [ownFolder(where.commonDir, where.ledger)];
  return [...own, userFolder(where)];
}

/** What a sync lands: what names its repository, or its home. */
export function landedFrom(where: Where): string[] {
  const homes = where.home === undefined ? [] : [userFolder({ ...where, commonDir: undefined })];
  return where.commonDir === undefined ? homes : [...foldersOf({ ...where, home: undefined }), ...homes];
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where events of a checkout wait: in its own git dir, wherever its ledger is. */
export function whereOf({ place, ledger, setting }: Pick<OfficeOptions, 'place' | 'ledger' | 'setting'>): Where {
  return { commonDir: place.repository?.commonDir, ledger: ledger.name, home: setting('home') };
}
