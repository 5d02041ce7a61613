import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { definePort } from '../../kernel/operation.ts';
import type { Env } from '../hosts.ts';
import type { Place } from '../place.ts';
import type { Machine } from '../setup/machine.ts';

/** Where hooks are installed, and by whom. Paths are absolute, links resolved. */
export interface HooksGround {
  machine: Machine;
  env: Env;
  /** What all worktrees of the repository share; ours lies below it. */
  commonDir: string;
  /** Root of the checkout; undefined in a bare repository. */
  topLevel?: string;
  bare: boolean;
}

export const hooksPort = definePort<HooksGround>('hooks-ground');

/** @throws LedgerError NO_REPOSITORY */
export function makeHooksGround(place: Place, env: Env, machine: Machine): HooksGround {
  const location = place.discovery?.location;
  if (!location) throw place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  const { commonDir, topLevel, bare } = location;
  return {
    machine,
    env,
    commonDir: realpathSync(commonDir),
    ...(topLevel === undefined ? {} : { topLevel }),
    bare,
  };
}

/** Where what this repository needs for its hooks lies. */
export function pathsOf({ commonDir }: Pick<HooksGround, 'commonDir'>) {
  const own = join(commonDir, 'ledgenter', 'hooks');
  return {
    own,
    /** The folder that git looks in by itself. */
    hooks: join(commonDir, 'hooks'),
    /** The folder of ours that `core.hooksPath` names, where it must. */
    bin: join(own, 'bin'),
    conf: join(own, 'conf'),
    manifest: join(own, 'manifest.json'),
    lock: join(own, 'lock'),
    /** What the repository's configuration includes. */
    include: join(own, 'config'),
    config: join(commonDir, 'config'),
  };
}

/** The folder of a copy of ledgenter that holds the hooks themselves. */
export function packageHooks({ launcher }: Pick<Machine, 'launcher'>): string {
  try {
    // A link on the PATH stays when the package is renewed, and so does what it leads to.
    return join(dirname(dirname(realpathSync(launcher))), 'hooks');
  } catch {
    return join(dirname(dirname(launcher)), 'hooks');
  }
}

/** Folder in which git runs hooks: relative ones are found from there. */
export const runFolder = ({ topLevel, commonDir }: HooksGround): string => topLevel ?? commonDir;

/** A folder of hooks as git finds it from here, links resolved where it is there. */
export function folderAt(ground: HooksGround, folder: string): string {
  const absolute = resolve(runFolder(ground), folder);
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/**
 * Who may write what git keeps here may write what the gate keeps: a repository may be shared by a group.
 * @throws LedgerError READ_ONLY_REPOSITORY
 */
export function makeOwnFolder({ commonDir }: HooksGround, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: statSync(commonDir).mode & 0o777 });
  } catch (error) {
    throw new LedgerError('READ_ONLY_REPOSITORY', `${folder} cannot be made: ${(error as Error).message}`);
  }
}
