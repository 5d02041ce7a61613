import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type GitRemote, openGitRemote, type RemoteOptions } from '../../src/store/git/index.ts';
import { MemoryRemote, MemoryStore } from '../../src/store/memory/index.ts';
import type { Remote, Store } from '../../src/store/port.ts';
import { ENV, git, initRepo, open } from './repos.ts';

export interface Clone {
  store: Store;
  remote: Remote;
}

/** Two clones of one shared remote. */
export interface World {
  a: Clone;
  b: Clone;
}

export function memoryWorld(): World {
  const shared = new MemoryStore();
  const clone = (): Clone => {
    const store = new MemoryStore();
    return { store, remote: new MemoryRemote({ local: store, shared }) };
  };
  return { a: clone(), b: clone() };
}

export interface GitClone extends Clone {
  dir: string;
  store: Store;
  remote: GitRemote;
}

export function bareRemote(dir: string, ...options: string[]): string {
  return initRepo(join(dir, 'shared.git'), '--bare', ...options);
}

/** A clone of `shared` in `<dir>/<name>`, with its `origin` opened. */
export async function gitClone(
  t: Test,
  dir: string,
  shared: string,
  name: string,
  { settings = {}, ...options }: Partial<RemoteOptions> & { settings?: Record<string, string> } = {},
): Promise<GitClone> {
  const cwd = initRepo(join(dir, name));
  git(cwd, 'remote', 'add', 'origin', shared);
  for (const [name, value] of Object.entries(settings)) git(cwd, 'config', name, value);
  const { found, store } = await open(t, cwd);
  return { dir: cwd, store, remote: openGitRemote(found, store, { name: 'origin', env: ENV, ...options }) };
}

/** Installs a hook of the shared repository, as its owner would. */
export function installHook(repository: string, name: string, body: string): void {
  const path = join(repository, 'hooks', name);
  mkdirSync(join(repository, 'hooks'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}
