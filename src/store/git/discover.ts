import { basename, dirname, join, relative } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { ObjectFormat } from '../encoding/hash.ts';
import { GitConfig } from './config.ts';
import { ConfigCache, withoutOrigins } from './configcache.ts';
import { type Environment, gitEnvironment } from './environment.ts';
import { faultOf, lastLine } from './faults.ts';
import { findOrdinary, type Ordinary, ordinaryLocation } from './quick.ts';
import { runGit } from './run.ts';

/** Where a repository is and how it keeps its objects and refs. All paths are absolute. */
export interface Location {
  /** This worktree's own git dir. */
  gitDir: string;
  /** What all worktrees share: objects, refs, and our own folder. */
  commonDir: string;
  /** Root of the checkout; undefined in a bare repository and inside a git dir. */
  topLevel?: string;
  bare: boolean;
  /** `main`, or the name of the linked worktree. */
  worktree: string;
  objectFormat: ObjectFormat;
  refFormat: 'files' | 'reftable';
}

export interface Discovery {
  location: Location;
  config: GitConfig;
}

/** Oldest git whose commands and options we use. */
export const OLDEST_GIT: readonly [number, number] = [2, 34];
const BOUND_MS = 10_000;

/**
 * The repository around `cwd` and its configuration: without a process where everything is ordinary and the
 * configuration is as it was, else by git.
 * @param now ms since the epoch
 * @throws LedgerError NO_REPOSITORY, GIT_TOO_OLD (no git at all)
 */
export async function discover(cwd: string, from?: Environment, now: number = Date.now()): Promise<Discovery> {
  const env = gitEnvironment(from);
  const place = findOrdinary(cwd, env);
  if (place) {
    const config = await keptConfig(place, cwd, env, now);
    const location = ordinaryLocation(place, config);
    if (location) return { location, config };
  }
  return askGit(cwd, from);
}

/** The configuration of an ordinary repository, in one process at most. */
async function keptConfig(place: Ordinary, cwd: string, env: NodeJS.ProcessEnv, now: number): Promise<GitConfig> {
  const cache = ConfigCache.in(place, env, now);
  const kept = cache?.read();
  if (kept) return kept;
  const run = await runGit(['config', '-z', '--list', '--show-origin'], { cwd, env, timeoutMs: BOUND_MS });
  if (run.code !== 0) throw faultOf('git config', run.stderr);
  const listing = run.stdout.toString('utf8');
  cache?.keep(listing);
  return GitConfig.parse(withoutOrigins(listing));
}

/**
 * As {@link discover}, in two processes at once, whatever there is.
 * @throws LedgerError NO_REPOSITORY, GIT_TOO_OLD (no git at all)
 */
export async function askGit(cwd: string, from?: Environment): Promise<Discovery> {
  const env = gitEnvironment(from);
  const asked = ['--git-dir', '--git-common-dir', '--is-bare-repository', '--show-object-format', '--show-toplevel'];
  const [dirs, config] = await Promise.all([
    runGit(['rev-parse', '--path-format=absolute', ...asked], { cwd, env, timeoutMs: BOUND_MS }),
    readConfig(cwd, from),
  ]);
  // `--show-toplevel` comes last because it fails in a bare repository; what is before it has been printed by then.
  const [gitDir, commonDir, bare, format, topLevel] = dirs.stdout.toString('utf8').replace(/\r/g, '').split('\n');
  if (!gitDir || !commonDir || (bare !== 'true' && bare !== 'false')) {
    const why = /dubious ownership/.test(dirs.stderr) ? lastLine(dirs.stderr) : 'not inside a git repository';
    throw new LedgerError('NO_REPOSITORY', why);
  }
  const location: Location = {
    gitDir,
    commonDir,
    ...(topLevel ? { topLevel } : {}),
    bare: bare === 'true',
    worktree: worktreeId(gitDir, commonDir),
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    refFormat: config.get('extensions.refstorage') === 'reftable' ? 'reftable' : 'files',
  };
  return { location, config };
}

/** The whole configuration that applies in `cwd`. @throws LedgerError when git cannot read it */
export async function readConfig(cwd: string, from?: Environment): Promise<GitConfig> {
  const run = await runGit(['config', '-z', '--list'], { cwd, env: gitEnvironment(from), timeoutMs: BOUND_MS });
  if (run.code !== 0) throw faultOf('git config', run.stderr);
  return GitConfig.parse(run.stdout.toString('utf8'));
}

function worktreeId(gitDir: string, commonDir: string): string {
  return relative(join(commonDir, 'worktrees'), dirname(gitDir)) === '' ? basename(gitDir) : 'main';
}

/** `[major, minor]` of the git on the PATH. @throws LedgerError GIT_TOO_OLD when there is none */
export async function gitVersion(cwd: string): Promise<[number, number]> {
  const { stdout } = await runGit(['--version'], { cwd, timeoutMs: BOUND_MS });
  const match = /(\d+)\.(\d+)/.exec(stdout.toString('latin1'));
  return match ? [Number(match[1]), Number(match[2])] : [0, 0];
}

/** @throws LedgerError GIT_TOO_OLD below {@link OLDEST_GIT}; asked at `init` and by `doctor` only */
export async function checkGitVersion(cwd: string): Promise<[number, number]> {
  const [major, minor] = await gitVersion(cwd);
  const [needMajor, needMinor] = OLDEST_GIT;
  if (major < needMajor || (major === needMajor && minor < needMinor))
    throw new LedgerError('GIT_TOO_OLD', `git ${major}.${minor} is too old: ${needMajor}.${needMinor} is needed`);
  return [major, minor];
}
