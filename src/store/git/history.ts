import { LedgerError } from '../../kernel/errors.ts';
import { parseCommit } from '../encoding/commit.ts';
import type { ObjectFormat } from '../encoding/hash.ts';
import { isOid } from '../encoding/names.ts';
import { EMPTY_TREE } from '../encoding/tree.ts';
import type { Commit, Oid, TreeChange } from '../port.ts';
import type { CatFile } from './catfile.ts';
import { faultOf } from './faults.ts';
import { RawDiff } from './rawdiff.ts';
import { failureText, type RunOptions, runGit } from './run.ts';
import { diffTrees, TreeShelf } from './treediff.ts';

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
    let commits: Commit[] = [];
    let units = 0;
    for (let at = 0; at < oids.length; at += FEW) {
      const some = (await this.readCommits(oids.slice(at, at + FEW))).filter(commit => commit !== undefined);
      commits.push(...some);
      for (const { message } of some) units += message.length;
      if (commits.length + FEW <= size && units < MOST_UNITS && at + FEW < oids.length) continue;
      yield { commits, total: oids.length };
      commits = [];
      units = 0;
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
    const trees = [old ?? EMPTY_TREE[this.#format], after!.tree];
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
    const shelf = new TreeShelf(this.#catFile, this.#format);
    const trees = new Map(found.map(({ oid, tree }) => [oid, tree]));
    for (let start = 0; start < found.length; start += ABREAST) {
      const some = found.slice(start, start + ABREAST);
      const before = some.map(({ parents }) => parents[0]).filter(oid => oid !== undefined && !trees.has(oid));
      for (const { oid, tree } of await this.#need(before as Oid[])) trees.set(oid, tree);
      const parent = ({ parents }: Commit): Oid | undefined => trees.get(parents[0] ?? '');
      const most = shelf.read + ROUND_BYTES;
      const heavy = (bytes: number): boolean => bytes > LIGHT_BYTES || shelf.read > most;
      const light = await Promise.all(some.map(one => this.#strictly(parent(one), one.tree, shelf, heavy)));
      // What is heavy waits until it is asked for, alone: who stops at a finding has not opened the trees behind it.
      for (const [i, one] of some.entries())
        yield { commit: one.oid, changes: light[i] ?? (await this.#heavy(parent(one), one.tree)) };
    }
  }

  async #strictly(
    before: Oid | undefined,
    after: Oid,
    shelf: TreeShelf,
    tooMany: (bytes: number) => boolean,
  ): Promise<TreeChange[] | undefined> {
    const options = { strict: tooMany, shelf };
    return diffTrees(this.#catFile, this.#format, before, after, MOST_CHANGES, options).catch(unreadable);
  }

  async #heavy(before: Oid | undefined, after: Oid): Promise<TreeChange[]> {
    const shelf = new TreeShelf(this.#catFile, this.#format);
    const changes = await this.#strictly(before, after, shelf, bytes => bytes > MOST_BYTES);
    return changes ?? [oddRoot(`more than ${MOST_CHANGES} files or folders change at once, or too large ones`)];
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

/** Commits read at once, and the length of messages after which a part of the log ends before its size. */
const FEW = 100;
const MOST_UNITS = 16 << 20;
/** Commits compared at once: what they ask for goes to git in one piece. */
const ABREAST = 16;
/**
 * Bytes of trees that a commit may have opened among others, all of them together, and one alone. An honest entry opens a
 * few folders of some KB; sixteen of a stranger's with 32 MB each, at once, took half a GB.
 */
const LIGHT_BYTES = 4 << 20;
const ROUND_BYTES = 16 << 20;
const MOST_BYTES = 32 << 20;
