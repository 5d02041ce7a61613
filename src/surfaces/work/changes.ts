import { LedgerError } from '../../kernel/errors.ts';
import { trailersOf } from '../../rooms/code/trailers.ts';
import { failureText, lastLine, type RunResult, runGit } from '../../store/git/index.ts';
import type { ChangedPath } from './bounded.ts';

/** Longest that git may look, in ms, and bytes of one answer of it. */
const LOOK_MS = 60_000;
const LOOK_BYTES = 16 << 20;
/** Commits that are looked at: those since the claim, and those that are linked. */
const MAX_COMMITS = 200;
const MAX_SUBJECT = 100;
/** Id, committer's address, message: none of them can hold a NUL. */
const FORMAT = '--format=%H%x00%ce%x00%B%x00';
const LOG = ['log', '--no-show-signature', '--no-color', '--encoding=UTF-8', FORMAT];

export interface Asked {
  /** The task. */
  id: string;
  /** When it was claimed, ms since the epoch; undefined where nobody holds it. */
  since: number | undefined;
  /** Commits that are linked to it. */
  linked: readonly string[];
  /** Name of the trailer that names a task. */
  trailer: string;
  signal?: AbortSignal | undefined;
}

export interface Changed {
  /** Sorted, each once, from the top of the repository. */
  paths: ChangedPath[];
  /** Newest first. */
  commits: { sha: string; subject: string }[];
  /** Paths that differ from HEAD. */
  uncommitted: number;
  head: string | undefined;
}

/**
 * What git says was changed for a task: by the commits that are linked to it, by those that this committer made on HEAD
 * since the claim and that name no other task, and what is not committed. Where HEAD was at the claim would say less: a
 * branch may have been switched or pulled since.
 * @throws LedgerError BUSY, TOO_LARGE, NOT_FOUND where git cannot say
 */
export async function changedFor(root: string, asked: Asked): Promise<Changed> {
  const git: Git = (args, input) =>
    runGit(['--literal-pathspecs', ...args], {
      cwd: root,
      timeoutMs: LOOK_MS,
      maxOutput: LOOK_BYTES,
      signal: asked.signal,
      ...(input ? { input: input.map(line => `${line}\n`) } : {}),
    });
  const tree = await uncommittedIn(git);
  const made = tree.head === undefined ? [] : await madeSince(git, asked);
  const whole = asked.linked.filter(sha => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)).slice(0, MAX_COMMITS);
  const commits = await here(git, [...new Set([...made, ...whole])]);
  const changes = new Map<string, string>();
  for (const one of await changesOf(git, commits.map(({ sha }) => sha).reverse())) lay(changes, one);
  for (const one of tree.paths) lay(changes, one);
  const paths = [...changes].map(([path, change]) => ({ path, change }));
  return {
    paths: paths.sort((a, b) => (a.path < b.path ? -1 : 1)),
    commits: commits.map(({ sha, message }) => ({ sha, subject: subjectOf(message) })),
    uncommitted: tree.paths.length,
    head: tree.head,
  };
}

type Git = (args: readonly string[], input?: readonly string[]) => Promise<RunResult>;

interface Commit {
  sha: string;
  committer: string;
  message: string;
}

/** Merges change nothing themselves; what they brought is another's, or has commits of its own. */
async function madeSince(git: Git, { id, since, trailer }: Asked): Promise<string[]> {
  if (since === undefined) return [];
  // git keeps whole seconds.
  const bound = `--since=@${Math.floor(since / 1000)} +0000`;
  const run = await git([...LOG, '--no-merges', `--max-count=${MAX_COMMITS}`, bound, 'HEAD', '--']);
  if (run.code !== 0) throw fault('git log', run);
  const who = await git(['var', 'GIT_COMMITTER_IDENT']);
  const own = who.code === 0 ? /<([^<>]*)>/.exec(who.stdout.toString('utf8'))?.[1] : undefined;
  return commitsIn(run.stdout.toString('utf8'))
    .filter(({ committer }) => own === undefined || committer === own)
    .filter(({ message }) => isOf(id, message, trailer))
    .map(({ sha }) => sha);
}

/** A commit that names tasks is theirs alone; names may be the beginnings of ids. */
function isOf(id: string, message: string, trailer: string): boolean {
  const { tasks, closes } = trailersOf(message, trailer);
  const named = [...tasks, ...closes];
  return named.length === 0 || named.some(name => id.startsWith(name));
}

/** Those of the commits that this repository has, newest first. */
async function here(git: Git, shas: readonly string[]): Promise<Commit[]> {
  if (shas.length === 0) return [];
  const run = await git([...LOG, '--no-walk=sorted', '--ignore-missing', '--stdin', '--'], shas);
  if (run.code !== 0) throw fault('git log', run);
  return commitsIn(run.stdout.toString('utf8'));
}

/** What each of the commits changed, in their order. */
async function changesOf(git: Git, shas: readonly string[]): Promise<ChangedPath[]> {
  if (shas.length === 0) return [];
  const args = ['diff-tree', '--stdin', '-r', '--root', '-z', '--no-renames', '--name-status', '--no-commit-id'];
  const run = await git(args, shas);
  if (run.code !== 0) throw fault('git diff-tree', run);
  const words = run.stdout.toString('utf8').split('\0');
  const found: ChangedPath[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) found.push({ change: words[at]!.slice(0, 1), path: words[at + 1]! });
  return found;
}

/** What differs from HEAD or is not tracked; a folder that is new counts as one path. */
async function uncommittedIn(git: Git): Promise<{ head: string | undefined; paths: ChangedPath[] }> {
  const args = ['status', '-z', '--porcelain=v2', '--branch', '--untracked-files=normal', '--no-renames'];
  const run = await git(args);
  if (run.code !== 0) throw fault('git status', run);
  const lines = run.stdout.toString('utf8').split('\0');
  const oid = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  const paths = lines.flatMap((line): ChangedPath[] => {
    const fields = { '1': 8, u: 10, '?': 1 }[line[0] ?? ''];
    if (fields === undefined) return [];
    const words = line.split(' ');
    return [{ change: changeIn(line[0]!, words[1] ?? ''), path: words.slice(fields).join(' ') }];
  });
  return { head: oid === '(initial)' ? undefined : oid, paths };
}

/** @param states of index and work tree, as `XY` */
function changeIn(kind: string, states: string): string {
  if (kind === 'u') return 'U';
  if (kind === '?' || (states[0] === 'A' && states[1] !== 'D')) return 'A';
  return states.includes('D') ? 'D' : 'M';
}

/** One change behind another of the same path: what is added and then deleted was never there. */
function lay(changes: Map<string, string>, { path, change }: ChangedPath): void {
  const before = changes.get(path);
  if (before === 'A' && change === 'D') changes.delete(path);
  else if (before === 'A' && change !== 'U') changes.set(path, 'A');
  else changes.set(path, before === 'D' && change === 'A' ? 'M' : change);
}

function commitsIn(text: string): Commit[] {
  const fields = text.split('\0');
  const found: Commit[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3)
    found.push({ sha: fields[at]!.trim(), committer: fields[at + 1]!, message: fields[at + 2]! });
  return found;
}

const subjectOf = (message: string): string =>
  [...message.trimStart().split('\n', 1)[0]!].slice(0, MAX_SUBJECT).join('');

function fault(what: string, run: RunResult): LedgerError {
  const hint = { hint: 'git status' };
  if (run.killed === 'timeout')
    return new LedgerError('BUSY', `${what} took longer than ${LOOK_MS / 1000} seconds`, hint);
  if (run.killed === 'output') return new LedgerError('TOO_LARGE', `${what} had too much to say`, hint);
  return new LedgerError('NOT_FOUND', `${what}: ${lastLine(failureText(run))}`, hint);
}
