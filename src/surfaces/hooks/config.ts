import { isAbsolute, join, resolve } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { gitEnvironment } from '../../store/git/environment.ts';
import { runGit } from '../../store/git/index.ts';
import { folderAt, type HooksGround, pathsOf, runFolder } from './ground.ts';

/** One value of git's configuration, and the file that it stands in. */
interface Value {
  scope: string;
  /** Absolute; undefined for what is in no file. */
  file?: string;
  name: string;
  value: string;
}

/** A `core.hooksPath` as it is written, and what git makes of it. */
export interface HooksPath {
  scope: string;
  value: string;
  /** `~` written out; relative to the top of the worktree, when it is. */
  folder: string;
}

/** git's configuration in one repository, as far as hooks go. */
export interface HooksConfig {
  /** The last value of `ledgenter.<name>` that a file holds. */
  setting(name: string): string | undefined;
  /** Branches that have a ledger of their own. */
  branches: { branch: string; ledger: string }[];
  /** What is in effect; undefined: git's own folder. */
  inEffect?: HooksPath;
  /** What would be in effect without us, in every worktree; undefined: git's own folder. */
  outside?: HooksPath;
  /** Our folder is in effect, unless this worktree has one of its own. */
  ours: boolean;
  /** Set for this worktree alone, over everything else. */
  worktree?: HooksPath;
  /** Files that the answer came from, and those that would be read if they were there. */
  files: string[];
}

const BOUND_MS = 10_000;

/** One process, and a second one where a folder of hooks lies under a home. @throws LedgerError when git cannot read its configuration */
export async function readHooksConfig(ground: HooksGround): Promise<HooksConfig> {
  const listing = await need(['config', '-z', '--show-scope', '--show-origin', '--list'], ground);
  // What a command line or a variable says holds for that command alone.
  const values = [...valuesOf(listing, runFolder(ground))].filter(({ scope }) => scope !== 'command');
  const found: HooksPath[] = [];
  for (const { name, scope, value } of values)
    if (name === 'core.hookspath' && value !== '') found.push({ scope, value, folder: await expand(value, ground) });
  const { bin, hooks } = pathsOf(ground);
  const shared = found.filter(({ scope }) => scope !== 'worktree');
  const isOurs = ({ folder }: HooksPath) => folderAt(ground, folder) === bin;
  const outside = shared.findLast(path => !isOurs(path));
  const last = shared.at(-1);
  const inEffect = found.at(-1);
  const worktree = found.findLast(({ scope }) => scope === 'worktree');
  return {
    setting: name => values.findLast(one => one.name === `ledgenter.${name}`)?.value,
    branches: branchesOf(values),
    ...(inEffect ? { inEffect } : {}),
    // Some set git's own folder, against what is set for all repositories.
    ...(outside && folderAt(ground, outside.folder) !== hooks ? { outside } : {}),
    ours: last !== undefined && isOurs(last),
    ...(worktree ? { worktree } : {}),
    files: filesOf(values, ground),
  };
}

/** The last ledger of each branch. */
function branchesOf(values: readonly Value[]): HooksConfig['branches'] {
  const found = new Map<string, string>();
  for (const { name, value } of values) {
    const branch = /^branch\.(.+)\.ledgenter$/s.exec(name)?.[1];
    if (branch !== undefined) found.set(branch, value);
  }
  return [...found].map(([branch, ledger]) => ({ branch, ledger }));
}

/** `scope\0origin\0name\nvalue\0`; a variable without `=` has no line break and means true. */
function* valuesOf(listing: string, base: string): Generator<Value> {
  const parts = listing.split('\0');
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [scope, origin, item] = parts.slice(at, at + 3) as [string, string, string];
    const cut = item.indexOf('\n');
    yield {
      scope,
      ...(origin.startsWith('file:') ? { file: resolve(base, origin.slice(5)) } : {}),
      name: cut < 0 ? item : item.slice(0, cut),
      value: cut < 0 ? 'true' : item.slice(cut + 1),
    };
  }
}

/** `~`, `~user` and `%(prefix)` as git writes them out. */
async function expand(value: string, ground: HooksGround): Promise<string> {
  if (!/^[~%]/.test(value)) return value;
  const run = await runGit(['-c', `ledgenter.path=${value}`, 'config', '--type=path', '--get', 'ledgenter.path'], {
    cwd: runFolder(ground),
    env: gitEnvironment(ground.env),
    timeoutMs: BOUND_MS,
  });
  return run.code === 0 ? run.stdout.toString('utf8').replace(/\r?\n$/, '') : value;
}

function filesOf(values: readonly Value[], ground: HooksGround): string[] {
  const { HOME, XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL } = ground.env;
  const { config, include } = pathsOf(ground);
  const maybe = [
    config,
    HOME && join(HOME, '.gitconfig'),
    (XDG_CONFIG_HOME || HOME) && join(XDG_CONFIG_HOME || join(HOME!, '.config'), 'git', 'config'),
    GIT_CONFIG_GLOBAL,
    ...values.map(({ file }) => file),
  ];
  // What we include changes by an install alone.
  return [...new Set(maybe)].filter(file => file && isAbsolute(file) && file !== include) as string[];
}

async function need(args: string[], ground: HooksGround): Promise<string> {
  const env = gitEnvironment(ground.env);
  const run = await runGit(args, { cwd: runFolder(ground), env, timeoutMs: BOUND_MS });
  if (run.code === 0) return run.stdout.toString('utf8');
  throw new LedgerError('NO_REPOSITORY', `git ${args[0]}: ${run.stderr.trim().split('\n').at(-1) ?? 'failed'}`);
}
