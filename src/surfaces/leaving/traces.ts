import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clone } from '../../exchange/clone.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { runGit } from '../../store/git/index.ts';
import { memoryPath, remembered } from '../ledgers/memory.ts';
import type { LeavingGround } from './ground.ts';

/** Settings of this repository that are ours: name and values. Of branches those that use this ledger. */
export async function settingsOf({ checkout, ledger }: LeavingGround): Promise<Map<string, string[]>> {
  const run = await runGit(['config', '--local', '-z', '--get-regexp', '^(ledgenter\\.|branch\\..*\\.ledgenter$)'], {
    cwd: checkout,
    timeoutMs: 30_000,
  });
  const out = new Map<string, string[]>();
  for (const item of run.stdout.toString('utf8').split('\0')) {
    if (item === '') continue;
    const [name, ...value] = item.split('\n');
    if (name!.startsWith('branch.') && value.join('\n') !== ledger) continue;
    out.set(name!, [...(out.get(name!) ?? []), value.join('\n')]);
  }
  return out;
}

export async function dropSettings({ checkout }: LeavingGround, names: Iterable<string>): Promise<void> {
  for (const name of names) {
    const run = await runGit(['config', '--local', '--unset-all', name], { cwd: checkout, timeoutMs: 30_000 });
    if (run.code !== 0)
      throw new LedgerError('READ_ONLY_REPOSITORY', `git config --unset-all ${name}: ${run.stderr.trim()}`);
  }
}

/** Refs of this clone that follow from others, of this ledger alone; with `purge` also its copy of the shared ones. */
export async function derivedRefs(clone: Clone, purge: boolean): Promise<Map<string, string>> {
  const { ledger, shared } = clone.names;
  const tracking = await clone.store.refs('refs/ledgenter-remotes/');
  return new Map([
    ...(await clone.store.refs(`refs/ledgenter-local/${ledger}/`)),
    ...[...tracking].filter(([ref]) => ref.split('/')[3] === ledger),
    ...(purge ? await clone.store.refs(shared) : []),
  ]);
}

export async function dropRefs(clone: Clone, refs: ReadonlyMap<string, string>): Promise<void> {
  const swapped = await clone.store.swap([...refs].map(([ref, oid]) => ({ ref, old: oid, new: null })));
  if (!swapped.ok)
    throw new LedgerError('BUSY', `${swapped.lost[0] ?? 'a ref'} moved meanwhile`, { hint: 'ledgenter leave' });
}

/** Folders of notes, caches and run files, those that are there. */
export function tracesOf({ commonDir, ledger, book }: LeavingGround): string[] {
  const worktrees = join(commonDir, 'worktrees');
  const gitDirs = [
    commonDir,
    ...(existsSync(worktrees) ? readdirSync(worktrees).map(name => join(worktrees, name)) : []),
  ];
  const own = book === commonDir ? [join(commonDir, 'ledgenter', ledger), join(commonDir, 'ledgenter', 'cache')] : [];
  const memories = gitDirs.filter(gitDir => remembered(gitDir) === ledger).map(memoryPath);
  return [...gitDirs.map(gitDir => join(gitDir, 'ledgenter-runs')), ...memories, ...own].filter(path =>
    existsSync(path),
  );
}

export function dropTraces(paths: readonly string[], { commonDir }: LeavingGround): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  try {
    rmdirSync(join(commonDir, 'ledgenter'));
  } catch {
    // another ledger keeps its notes there, or there is no such folder
  }
}
