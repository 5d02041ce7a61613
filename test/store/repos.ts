import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Discovery, discover, type GitStore, openGitStore } from '../../src/store/git/index.ts';
import type { CommitMeta, FileEdit, Store } from '../../src/store/port.ts';

/** No configuration of the machine's or the user's may decide a test. */
export const ENV: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.org',
  GIT_COMMITTER_NAME: 'Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.org',
};

/** Runs git for a test and gives back its stdout, trimmed. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** What `git fsck --strict` complains of, without what is normal (an unborn branch, objects no ref reaches). */
export function fsck(cwd: string): string {
  const normal = /^(notice: |dangling |unreachable |Checking |warning in tree .*: (?:nullSha1|zeroPadded))/;
  const text = execFileSync('git', ['fsck', '--strict', '--full', '--no-progress'], {
    cwd,
    env: ENV,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return text
    .split('\n')
    .filter(line => line !== '' && !normal.test(line))
    .join('\n');
}

export function initRepo(dir: string, ...options: string[]): string {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '-q', '-b', 'trunk', ...options);
  return dir;
}

/** Each kind of repository a ledger may live in: makes one below `dir` and answers the folder to work from. */
export const REPOSITORIES: Record<string, (dir: string) => string> = {
  'working repository': dir => initRepo(join(dir, 'work')),
  'bare repository': dir => initRepo(join(dir, 'bare.git'), '--bare'),
  'linked worktree': dir => {
    const main = initRepo(join(dir, 'main'));
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(main, 'worktree', 'add', '-q', '-b', 'side', join(dir, 'linked'));
    return join(dir, 'linked');
  },
  'SHA-256 repository': dir => initRepo(join(dir, 'sha256'), '--object-format=sha256'),
  'repository that accounts share': dir => initRepo(join(dir, 'shared.git'), '--bare', '--shared=group'),
  'bare clone, as a home is': dir => {
    const main = initRepo(join(dir, 'origin'));
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(dir, 'clone', '-q', '--bare', main, join(dir, 'home.git'));
    return join(dir, 'home.git');
  },
};

/** undefined when the local git knows no reftable. */
export function reftableRepo(dir: string): string | undefined {
  try {
    return initRepo(join(dir, 'reftable'), '--ref-format=reftable');
  } catch {
    return undefined;
  }
}

export interface Opened {
  found: Discovery;
  store: GitStore;
}

/** A store on `cwd` that is closed with the test. */
export async function open(t: Test, cwd: string): Promise<Opened> {
  const found = await discover(cwd, ENV);
  const store = openGitStore(found, ENV);
  t.teardown(() => store.close());
  return { found, store };
}

export function meta(message: string, time = 1_700_000_000): CommitMeta {
  const person = { name: 'Ann Agent', email: 'ann@example.org', time };
  return { author: person, committer: person, message };
}

export function put(path: string, text: string): FileEdit {
  return { path, text };
}

export async function* each<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items;
}

/** A path as records have them: two folders of one character, so no tree grows large. */
export function fanned(name: string, i: number): string {
  return `${name}/${(i % 32).toString(32)}/${((i >> 5) % 32).toString(32)}/${i}.json`;
}

/** A chain of commits that each set one file; the last oid. */
export async function chain(store: Store, parent: string | null, count: number, name = 'n'): Promise<string[]> {
  const steps = Array.from({ length: count }, (_, i) => ({
    edits: [put(fanned(name, i), `{"i":${i}}\n`)],
    meta: meta(`${name} ${i}`),
  }));
  return store.commitMany(parent, each(steps));
}
