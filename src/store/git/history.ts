import { LedgerError } from '../../kernel/errors.ts';
import { parseCommit } from '../encoding/commit.ts';
import type { ObjectFormat } from '../encoding/hash.ts';
import { isOid } from '../encoding/names.ts';
import { treeFault } from '../encoding/treeform.ts';
import type { Commit, Oid, TreeChange } from '../port.ts';
import type { CatFile } from './catfile.ts';
import { faultOf } from './faults.ts';
import { oidBytes } from './objects.ts';
import { type CommitChanges, RawDiff } from './rawdiff.ts';
import { failureText, type RunOptions, runGit, startGit } from './run.ts';
import { diffTrees } from './treediff.ts';

/**
 * Commits walked one by one before a process is asked: a step costs about 0.1 ms, a process 4 ms. What a sync or a
 * refresh looks at is nearly always nearer than that.
 */
const NEAR = 48;
/** Folders opened by {@link diffTrees} before `git diff-tree` is asked. */
const FEW_FOLDERS = 128;

interface Walk {
  commits: Commit[];
  /** The walk came to where it was told to end. */
  stopped: boolean;
  /** The walk came to a root (or to where this clone's history is cut off). */
  rooted: boolean;
}

/** Walks over the history, in this process where the way is short, by git where it is long. */
export class GitHistory {
  readonly #options: RunOptions;
  readonly #catFile: CatFile;
  readonly #format: ObjectFormat;

  constructor(options: RunOptions, catFile: CatFile, format: ObjectFormat) {
    this.#options = options;
    this.#catFile = catFile;
    this.#format = format;
  }

  /** @throws LedgerError BAD_LEDGER for a commit over 2 MB */
  async readCommits(oids: readonly Oid[]): Promise<(Commit | undefined)[]> {
    const known = oids.filter(isOid);
    const found = new Map(known.map((oid, i) => [oid, i] as const));
    const objects = await this.#catFile.ask(known);
    return oids.map(oid => {
      const object = objects[found.get(oid) ?? -1];
      if (object?.type !== 'commit' || object.oid !== oid) return undefined;
      if (!object.body) throw new LedgerError('BAD_LEDGER', `commit ${oid} is larger than 2 MB`, { details: { oid } });
      return parseCommit(oid, object.body.toString('utf8'));
    });
  }

  async log(tip: Oid, base: Oid | null): Promise<Commit[]> {
    const walked = await this.#walk(tip, NEAR + 1, oid => oid === base);
    // At the root without having met `base`: git knows what both share.
    if (walked.stopped || (walked.rooted && base === null)) return walked.commits.reverse();
    return this.#revList(['--reverse', tip, ...(base === null ? [] : [`^${base}`])]);
  }

  async *logChunks(tip: Oid, base: Oid | null, size: number): AsyncIterable<{ commits: Commit[]; total: number }> {
    const walked = await this.#walk(tip, NEAR + 1, oid => oid === base);
    if (walked.stopped || (walked.rooted && base === null)) {
      const commits = walked.commits.reverse();
      for (let at = 0; at < commits.length; at += size)
        yield { commits: commits.slice(at, at + size), total: commits.length };
      return;
    }
    const oids = await this.#listed(['--reverse', tip, ...(base === null ? [] : [`^${base}`])]);
    for (let at = 0; at < oids.length; at += size) {
      const commits = await this.readCommits(oids.slice(at, at + size));
      yield { commits: commits.filter(commit => commit !== undefined), total: oids.length };
    }
  }

  async newest(tip: Oid, limit: number): Promise<Commit[]> {
    if (limit <= NEAR) return (await this.#walk(tip, limit, () => false)).commits;
    return this.#revList([`--max-count=${limit}`, tip]);
  }

  async diff(from: Oid | null, to: Oid, folder?: string): Promise<TreeChange[]> {
    const [before, after] = await this.#need(from === null ? [to, to] : [from, to]);
    const old = from === null ? undefined : before!.tree;
    const near = await diffTrees(this.#catFile, this.#format, old, after!.tree, FEW_FOLDERS, { folder });
    if (near) return near;
    const trees = [old ?? emptyTree(this.#format), after!.tree];
    const only = folder === undefined ? [] : ['--', `${folder}/`];
    const run = await runGit(['diff-tree', ...RawDiff.OPTIONS, ...trees, ...only], {
      ...this.#options,
      maxOutput: 1 << 30,
    });
    if (run.code !== 0) throw faultOf('git diff-tree', failureText(run));
    const diff = new RawDiff();
    return [...diff.push(run.stdout), ...diff.end()].flatMap(({ changes }) => changes);
  }

  async *changes(commits: readonly Oid[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }> {
    const found = await this.#need(commits);
    if (commits.length > FEW_COMMITS) return yield* this.#diffStream(found);
    for (const commit of found) {
      const [parent] = commit.parents[0] === undefined ? [] : await this.#need([commit.parents[0]]);
      const near = await diffTrees(this.#catFile, this.#format, parent?.tree, commit.tree, FEW_FOLDERS, {
        strict: true,
      }).catch(unreadable);
      if (near) yield { commit: commit.oid, changes: near };
      else yield* this.#diffStream([commit]);
    }
  }

  async mergeBase(a: Oid, b: Oid): Promise<Oid | null> {
    const [left, right] = [new Set<Oid>(), new Set<Oid>()];
    let [x, y] = await this.#need([a, b]);
    for (let steps = 0; steps < NEAR && (x || y); steps++) {
      if ((x && x.parents.length > 1) || (y && y.parents.length > 1)) break;
      if (x) left.add(x.oid);
      if (y) right.add(y.oid);
      const hit = x && right.has(x.oid) ? x.oid : y && left.has(y.oid) ? y.oid : undefined;
      if (hit !== undefined) return hit;
      const next = [x?.parents[0], y?.parents[0]].map(oid => oid ?? '');
      [x, y] = await this.readCommits(next);
    }
    if (!x && !y) return null;
    const run = await runGit(['merge-base', a, b], this.#options);
    const oid = run.stdout.toString('latin1').trim();
    if (run.code === 0 && isOid(oid)) return oid;
    if (run.code === 1) return null;
    throw faultOf('git merge-base', failureText(run));
  }

  /** First parents from `tip` on, newest first, before the one at which `stop` says so. */
  async #walk(tip: Oid, limit: number, stop: (oid: Oid) => boolean): Promise<Walk> {
    const commits: Commit[] = [];
    let at: Oid | undefined = tip;
    while (at !== undefined) {
      if (stop(at)) return { commits, stopped: true, rooted: false };
      if (commits.length >= limit) return { commits, stopped: false, rooted: false };
      const [commit]: (Commit | undefined)[] = await this.readCommits([at]);
      if (!commit) break;
      commits.push(commit);
      at = commit.parents[0];
    }
    return { commits, stopped: false, rooted: true };
  }

  async #revList(args: readonly string[]): Promise<Commit[]> {
    return (await this.readCommits(await this.#listed(args))).filter(commit => commit !== undefined);
  }

  async #listed(args: readonly string[]): Promise<Oid[]> {
    const run = await runGit(['rev-list', '--first-parent', ...args, '--'], this.#options);
    if (run.code !== 0) throw faultOf('git rev-list', failureText(run));
    return run.stdout.toString('latin1').split('\n').filter(isOid);
  }

  /** @throws LedgerError BAD_LEDGER when one of the commits is not here */
  async #need(oids: readonly Oid[]): Promise<Commit[]> {
    const found = await this.readCommits(oids);
    const missing = oids.find((_, i) => !found[i]);
    if (missing !== undefined) throw new LedgerError('BAD_LEDGER', `no such commit: ${missing}`);
    return found as Commit[];
  }

  async *#diffStream(commits: readonly Commit[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }> {
    const args = ['diff-tree', '--stdin', '--root', '--always', '-m', '-t', '--first-parent', ...RawDiff.OPTIONS];
    const child = startGit(args, this.#options);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8192);
    });
    const end = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve(code));
    });
    end.catch(() => {});
    child.stdin.end(`${commits.map(({ oid }) => oid).join('\n')}\n`);
    const roots = new Map(commits.map(({ oid, tree }) => [oid, tree]));
    try {
      const diff = new RawDiff(MOST_CHANGES);
      for await (const chunk of child.stdout) {
        yield* await this.#judged([...diff.push(chunk as Buffer)], roots);
        if (diff.over === undefined) continue;
        // A few small trees can name themselves into millions of paths: git would go on listing them.
        const at = commits.findIndex(({ oid }) => oid === diff.over);
        yield { commit: diff.over, changes: [oddRoot(`more than ${MOST_CHANGES} files change at once`)] };
        const rest = commits.slice(at + 1);
        if (rest.length > 0) yield* this.#diffStream(rest);
        return;
      }
      yield* await this.#judged([...diff.end()], roots);
      if ((await end) !== 0) throw faultOf('git diff-tree', stderr);
    } finally {
      child.kill();
    }
  }

  /** What a diff does not show: a folder whose tree no writer of a ledger makes. */
  async #judged(
    found: readonly CommitChanges[],
    roots: ReadonlyMap<Oid, Oid>,
  ): Promise<{ commit: Oid; changes: TreeChange[] }[]> {
    const folders = found.map(({ commit, folders }) => [{ path: '', tree: roots.get(commit)! }, ...folders]);
    const trees = [...new Set(folders.flat().map(({ tree }) => tree))];
    const faults = new Map<Oid, string>();
    for (const [i, object] of (await this.#catFile.ask(trees)).entries()) {
      const fault = object?.body ? treeFault(object.body, oidBytes(this.#format)) : 'a folder that cannot be read';
      if (fault !== undefined) faults.set(trees[i]!, fault);
    }
    return found.map(({ commit, changes }, i) => {
      const odd = folders[i]!.filter(({ tree }) => faults.has(tree));
      return {
        commit,
        changes: [
          ...odd.map(({ path, tree }) => ({ path, before: null, after: null, odd: faults.get(tree)! })),
          ...changes,
        ],
      };
    });
  }
}

/** What a commit changes that no writer of a ledger would. */
function oddRoot(odd: string): TreeChange {
  return { path: '', before: null, after: null, odd };
}

function unreadable(error: unknown): TreeChange[] {
  if (error instanceof LedgerError && error.code === 'BAD_LEDGER') return [oddRoot(error.message)];
  throw error;
}

/** Files and folders that one commit may change; an entry of 256 KB never comes near. */
const MOST_CHANGES = 20_000;

/** Up to so many commits are compared in this process, one by one. */
const FEW_COMMITS = 4;

const EMPTY_TREE: Record<ObjectFormat, Oid> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};
function emptyTree(format: ObjectFormat): Oid {
  return EMPTY_TREE[format];
}
