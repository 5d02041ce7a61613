import { LedgerError } from '../../kernel/errors.ts';
import { runGit } from '../../store/git/index.ts';

/** Longest that git may look at the code, in ms, and most that it may say, in bytes: a hook is waited for. */
const BOUND_MS = 5_000;
const MOST = 32 << 20;

/** A commit of the code, as far as hooks care. */
export interface Commit {
  sha: string;
  parents: string[];
  message: string;
}

/** Refs that say nothing of whether code is still there: the ledger's own, what is put aside, a rebase under way. */
const NOT_CODE = [
  'refs/ledgenter/*',
  'refs/ledgenter-*/**',
  'refs/heads/ledgenter/**',
  'refs/remotes/*/ledgenter/**',
  'refs/stash',
  'refs/original/*',
  'refs/notes/*',
  'refs/rewritten/*',
];
/** Every ref, and the HEAD of every worktree, by which code is there. */
const ALL_CODE = [...NOT_CODE.map(pattern => `--exclude=${pattern}`), '--all'];

/** @throws LedgerError NO_REPOSITORY with git's last words */
export async function git(cwd: string, args: string[], input?: string): Promise<string> {
  const run = await runGit(args, {
    cwd,
    timeoutMs: BOUND_MS,
    maxOutput: MOST,
    ...(input === undefined ? {} : { input }),
  });
  if (run.code === 0) return run.stdout.toString('utf8');
  const why = run.killed === undefined ? run.stderr.trim().split('\n').at(-1) : `ended by ${run.killed}`;
  throw new LedgerError('NO_REPOSITORY', `git ${args[0]}: ${why}`);
}

/** Like {@link git}; undefined where git says no. */
export async function tryGit(cwd: string, args: string[], input?: string): Promise<string | undefined> {
  try {
    return await git(cwd, args, input);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

const FORM = '--format=%H%x00%P%x00%B%x00%x00';

/** The commits of a `git log`; `args` say which, `input` names them on stdin. */
export async function log(cwd: string, args: string[], input?: string): Promise<Commit[]> {
  const text = await git(cwd, ['log', FORM, '--no-show-signature', ...args], input);
  const out: Commit[] = [];
  for (const part of text.split('\0\0\n')) {
    const [sha = '', parents = '', message = ''] = part.split('\0');
    if (/^[0-9a-f]{40,64}$/.test(sha))
      out.push({ sha, parents: parents.split(' ').filter(one => one !== ''), message });
  }
  return out;
}

/** The branches here and of remotes, by full name: what brings commits. */
export async function branches(cwd: string): Promise<Map<string, string>> {
  const text = await git(cwd, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/remotes']);
  const out = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [sha = '', ref = ''] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    // Where branches carry the ledger they are none of the code.
    if (sha !== '' && !/^refs\/(heads|remotes\/[^/]+)\/ledgenter\//.test(ref)) out.set(ref, sha);
  }
  return out;
}

/** Where commits hang: the tips of all branches, and the HEAD of every worktree, which may be on none. */
export async function tips(cwd: string): Promise<string[]> {
  const [named, worktrees] = await Promise.all([branches(cwd), git(cwd, ['worktree', 'list', '--porcelain'])]);
  const heads = [...worktrees.matchAll(/^HEAD ([0-9a-f]{40,64})$/gm)].map(([, sha]) => sha!);
  return [...new Set([...named.values(), ...heads.filter(sha => !/^0+$/.test(sha))])];
}

/** Whole ids of those that are commits here, by what they were called. */
export async function present(cwd: string, shas: readonly string[]): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  if (shas.length === 0) return out;
  const text = await git(cwd, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${shas.join('\n')}\n`);
  for (const [index, line] of text.split('\n').entries()) {
    const [sha, type] = line.split(' ');
    if (type === 'commit' && sha && shas[index]) out.set(shas[index], sha);
  }
  return out;
}

/** Those of these commits that no branch, tag or worktree reaches; `from` looks from these refs alone. */
export async function unreached(cwd: string, shas: readonly string[], from?: readonly string[]): Promise<Set<string>> {
  if (shas.length === 0) return new Set();
  const text = await git(cwd, ['rev-list', '--stdin', '--not', ...(from ?? ALL_CODE)], `${shas.join('\n')}\n`);
  const asked = new Set(shas);
  return new Set(text.split('\n').filter(sha => asked.has(sha)));
}

/** `git patch-id` of what diff-tree or diff says: patch id → the commits that make that change. */
async function patchIds(cwd: string, diff: string): Promise<Map<string, string>> {
  const text = diff === '' ? '' : await git(cwd, ['patch-id', '--stable'], diff);
  const out = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id, sha] = line.split(' ');
    if (id && sha) out.set(sha, id);
  }
  return out;
}

/** Patch ids of commits with one parent, by commit: what a commit changes, wherever it stands. */
export async function patchesOf(cwd: string, shas: readonly string[]): Promise<Map<string, string>> {
  if (shas.length === 0) return new Map();
  return patchIds(cwd, await git(cwd, ['diff-tree', '--stdin', '-p', '-r'], `${shas.join('\n')}\n`));
}

/** The patch id of all that lies between two commits, as a squash makes one commit of it; undefined for nothing. */
export async function patchBetween(cwd: string, base: string, tip: string): Promise<string | undefined> {
  const diff = await git(cwd, ['diff-tree', '-p', '-r', base, tip]);
  return [...(await patchIds(cwd, `${tip}\n${diff}`)).values()][0];
}
