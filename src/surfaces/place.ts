import { existsSync } from 'node:fs';
import { LedgerError } from '../kernel/errors.ts';
import { type Discovery, discover, GitConfig, readConfig } from '../store/git/index.ts';
import type { Env } from './hosts.ts';

/** Where a process stands: its repository, if any, and git's configuration there. */
export interface Place {
  cwd: string;
  repository?: { gitDir: string; commonDir: string; topLevel?: string };
  discovery?: Discovery;
  /** Why there is no repository, in git's words. */
  problem?: LedgerError;
  /** Last value of a variable by its full name, lower-cased up to the last dot as git does. */
  config(name: string): string | undefined;
}

/**
 * Looks where `cwd` is: two git processes at once, whatever is asked afterwards.
 * @throws LedgerError GIT_TOO_OLD when there is no git; NO_REPOSITORY when `cwd` is no folder.
 */
export async function readPlace(cwd: string, env: Env): Promise<Place> {
  if (!existsSync(cwd))
    throw new LedgerError('NO_REPOSITORY', `no such folder: ${cwd}`, {
      hint: 'ledgenter -C <folder> whoami',
    });
  try {
    const discovery = await discover(cwd, env);
    const { gitDir, commonDir, topLevel } = discovery.location;
    const repository = { gitDir, commonDir, ...(topLevel === undefined ? {} : { topLevel }) };
    return { cwd, repository, discovery, config: name => discovery.config.get(name) };
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'NO_REPOSITORY') throw error;
    const config = await readConfig(cwd, env).catch(() => new GitConfig());
    return { cwd, problem: error, config: name => config.get(name) };
  }
}
