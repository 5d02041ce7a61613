import { LedgerError } from '../../kernel/errors.ts';
import { compareTrees } from '../encoding/compare.ts';
import { checkRefName, MAX_OBJECT, parseSpec, underPrefix } from '../encoding/names.ts';
import { Tree } from '../encoding/tree.ts';
import { treeFault } from '../encoding/treeform.ts';
import type { Commit, CommitMeta, FileEdit, Oid, RefUpdate, Store, SwapResult, TreeChange } from '../port.ts';
import { ObjectPool } from './pool.ts';

export interface MemoryOptions {
  /** Shared by several stores: clones that need no copying. Default: a pool of its own. */
  pool?: ObjectPool;
  /** Awaited before every look at the refs and every swap, so that a test can force a race or a crash (throw). */
  step?: (what: 'refs' | 'swap') => void | Promise<void>;
}

/** A repository in memory: same answers and same object ids as git, no process. */
export class MemoryStore implements Store {
  readonly objectFormat = 'sha1';
  readonly pool: ObjectPool;
  readonly #refs = new Map<string, Oid>();
  readonly #step: MemoryOptions['step'];

  constructor({ pool = new ObjectPool(), step }: MemoryOptions = {}) {
    this.pool = pool;
    this.#step = step;
  }

  async readBlobs(specs: string[]): Promise<(string | undefined)[]> {
    return specs.map(text => {
      const spec = parseSpec(text);
      if (!spec) return undefined;
      const oid = spec.path === undefined ? spec.oid : this.pool.at(spec.oid, spec.path)?.oid;
      const blob = oid === undefined ? undefined : this.pool.blobs.get(oid);
      if (blob !== undefined && blob.length > MAX_OBJECT)
        throw new LedgerError('BAD_LEDGER', `blob ${oid} is larger than 2 MB`);
      return blob;
    });
  }

  async listTree(commit: Oid, path: string): Promise<string[]> {
    const found = this.pool.at(commit, path);
    return found?.folder ? this.pool.tree(found.oid).entries.map(entry => entry.name) : [];
  }

  async readCommits(oids: Oid[]): Promise<(Commit | undefined)[]> {
    return oids.map(oid => this.pool.commits.get(oid));
  }

  async commit(parents: Oid[], edits: FileEdit[], meta: CommitMeta): Promise<Oid> {
    this.#need(parents);
    return this.pool.commit(parents, edits, meta);
  }

  async commitMany(parent: Oid | null, steps: AsyncIterable<{ edits: FileEdit[]; meta: CommitMeta }>): Promise<Oid[]> {
    const oids: Oid[] = [];
    let parents = parent === null ? [] : [parent];
    this.#need(parents);
    for await (const { edits, meta } of steps) {
      const oid = this.pool.commit(parents, edits, meta);
      oids.push(oid);
      parents = [oid];
    }
    return oids;
  }

  async refs(prefix: string): Promise<Map<string, Oid>> {
    await this.#step?.('refs');
    return this.refsNow(prefix);
  }

  /** As {@link refs}, without a step in between. */
  refsNow(prefix: string): Map<string, Oid> {
    if (!prefix.endsWith('/')) {
      const oid = this.#refs.get(prefix);
      return new Map(oid === undefined ? [] : [[prefix, oid]]);
    }
    const names = [...this.#refs.keys()].filter(ref => underPrefix(ref, prefix)).sort();
    return new Map(names.map(name => [name, this.#refs.get(name)!]));
  }

  async swap(updates: RefUpdate[]): Promise<SwapResult> {
    await this.#step?.('swap');
    return this.swapNow(updates);
  }

  /** As {@link swap}, without a step in between. */
  swapNow(updates: RefUpdate[]): SwapResult {
    for (const { ref, new: oid } of updates) {
      checkRefName(ref);
      if (oid !== null && !this.pool.commits.has(oid))
        throw new LedgerError('INTERNAL', `${ref} cannot point to ${oid}: no such commit`);
    }
    if (new Set(updates.map(update => update.ref)).size < updates.length)
      throw new LedgerError('INTERNAL', 'one swap names a ref twice');
    const lost = updates.filter(({ ref, old }) => (this.#refs.get(ref) ?? null) !== old).map(({ ref }) => ref);
    if (lost.length > 0) return { ok: false, lost, reason: `${lost.join(', ')}: not the expected value` };
    for (const { ref, new: oid } of updates) {
      if (oid === null) this.#refs.delete(ref);
      else this.#refs.set(ref, oid);
    }
    return { ok: true };
  }

  async log(tip: Oid, base: Oid | null): Promise<Commit[]> {
    const known = new Set<Oid>();
    const out: Commit[] = [];
    // A linear book needs no more than a walk to `base`; its whole history is marked only when that walk misses it.
    for (let at = this.pool.commits.get(tip); at && at.oid !== base; at = this.pool.commits.get(at.parents[0] ?? '')) {
      out.push(at);
      if (base !== null && at.parents.length !== 1) for (const oid of this.pool.reachable(base)) known.add(oid);
    }
    return out.filter(({ oid }) => !known.has(oid)).reverse();
  }

  async *logChunks(tip: Oid, base: Oid | null, size: number): AsyncIterable<{ commits: Commit[]; total: number }> {
    const all = await this.log(tip, base);
    for (let at = 0; at < all.length; at += size) yield { commits: all.slice(at, at + size), total: all.length };
  }

  async newest(tip: Oid, limit: number): Promise<Commit[]> {
    const out: Commit[] = [];
    let at = this.pool.commits.get(tip);
    for (; at && out.length < limit; at = this.pool.commits.get(at.parents[0] ?? '')) out.push(at);
    return out;
  }

  async diff(from: Oid | null, to: Oid, folder?: string): Promise<TreeChange[]> {
    this.#need(from === null ? [to] : [from, to]);
    const before = from === null ? Tree.EMPTY : this.#root(from);
    const all = compareTrees(before, this.#root(to), oid => this.pool.tree(oid));
    return folder === undefined ? all : all.filter(({ path }) => path.startsWith(`${folder}/`));
  }

  async *changes(commits: Oid[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }> {
    this.#need(commits);
    const open = (oid: Oid): Tree => this.pool.tree(oid);
    for (const oid of commits) {
      const parent = this.pool.commits.get(oid)!.parents[0];
      const before = parent === undefined ? Tree.EMPTY : this.#root(parent);
      yield { commit: oid, changes: compareTrees(before, this.#root(oid), open, '', oddity) };
    }
  }

  async mergeBase(a: Oid, b: Oid): Promise<Oid | null> {
    this.#need([a, b]);
    return this.pool.mergeBase(a, b);
  }

  async close(): Promise<void> {}

  #root(commit: Oid): Tree {
    return this.pool.tree(this.pool.commits.get(commit)!.tree);
  }

  #need(commits: readonly Oid[]): void {
    for (const oid of commits)
      if (!this.pool.commits.has(oid)) throw new LedgerError('BAD_LEDGER', `no such commit: ${oid}`);
  }
}

/** As in a git store, so that a law meets the same here and there. */
function oddity(tree: Tree): string | undefined {
  return treeFault(tree.encode(), 20);
}
