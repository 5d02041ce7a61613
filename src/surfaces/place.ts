import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { LedgerError } from '../kernel/errors.ts';
import type { Env } from './hosts.ts';

/** The repository that a command was started in. */
export interface Repository {
  /** This worktree's own git dir. */
  gitDir: string;
  /** What all worktrees share. */
  commonDir: string;
  /** Root of the checkout; undefined in a bare repository. */
  topLevel?: string;
}

/** Where a process stands: its repository, if any, and git's configuration there. */
export interface Place {
  cwd: string;
  repository?: Repository;
  /** Last value of a variable by its full name, lower-cased up to the last dot as git does. */
  config(name: string): string | undefined;
}

const BOUND_MS = 10_000;
const MAX_OUTPUT = 4 << 20;

interface Output {
  code: number | string;
  stdout: string;
  stderr: string;
}

function git(args: string[], cwd: string, env: Env): Promise<Output> {
  const options = {
    cwd,
    env: { ...env, LC_ALL: 'C' } as NodeJS.ProcessEnv,
    timeout: BOUND_MS,
    maxBuffer: MAX_OUTPUT,
    windowsHide: true,
  };
  return new Promise(resolve => {
    execFile('git', args, options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 'killed') : 0, stdout, stderr }),
    );
  });
}

/**
 * Looks where `cwd` is: two git processes at once, whatever is asked afterwards.
 * @throws LedgerError GIT_TOO_OLD when there is no git; NO_REPOSITORY when `cwd` is no folder.
 */
export async function readPlace(cwd: string, env: Env): Promise<Place> {
  const [dirs, list] = await Promise.all([
    git(
      ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--is-inside-work-tree', '--show-cdup'],
      cwd,
      env,
    ),
    git(['config', '--list', '-z'], cwd, env),
  ]);
  if (dirs.code === 'ENOENT') await explainMissing(cwd);
  const repository = dirs.code === 0 ? parseDirs(dirs.stdout, cwd) : undefined;
  const values = parseConfig(list.code === 0 ? list.stdout : '');
  return { cwd, ...(repository ? { repository } : {}), config: name => values.get(name) };
}

/** `ENOENT` means no git, or no such folder to start it in. */
async function explainMissing(cwd: string): Promise<never> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(cwd)) throw new LedgerError('NO_REPOSITORY', `no such folder: ${cwd}`, { hint: '-C <folder>' });
  throw new LedgerError('GIT_TOO_OLD', 'git is not installed, or not on the PATH');
}

/** The four lines of `git rev-parse`. */
function parseDirs(text: string, cwd: string): Repository | undefined {
  const [gitDir, commonDir, inside, up] = text.replace(/\r/g, '').split('\n');
  if (!gitDir || !commonDir) return undefined;
  return { gitDir, commonDir, ...(inside === 'true' ? { topLevel: resolvePath(cwd, up || '.') } : {}) };
}

/** `name LF value NUL` pairs; a name without a value is true, as git reads it. The last one counts. */
export function parseConfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const item of text.split('\0')) {
    if (item === '') continue;
    const cut = item.indexOf('\n');
    if (cut < 0) values.set(item, 'true');
    else values.set(item.slice(0, cut), item.slice(cut + 1));
  }
  return values;
}
