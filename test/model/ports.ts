import type { RefNames } from '../../src/book/refs.ts';
import type { Desk, HoldFile, Recent } from '../../src/store/desk.ts';
import type { MemoryDesk, MemoryStore } from '../../src/store/memory/index.ts';
import type {
  Commit,
  CommitMeta,
  FileEdit,
  Oid,
  RefUpdate,
  Store,
  SwapResult,
  TreeChange,
} from '../../src/store/port.ts';
import type { Fiber } from './fiber.ts';

/** Told of what one process did, at the moment it took effect. */
export interface Watch {
  swapped(updates: readonly RefUpdate[]): void;
  held(hold: HoldFile): void;
  dropped(id: string, root: string): void;
}

/** One process's hands on a clone's store: every look at the refs and every swap passes a gate. */
export class GatedStore implements Store {
  readonly objectFormat = 'sha1';
  readonly #inner: MemoryStore;
  readonly #fiber: Fiber;
  readonly #watch: Watch;

  constructor(inner: MemoryStore, fiber: Fiber, watch: Watch) {
    this.#inner = inner;
    this.#fiber = fiber;
    this.#watch = watch;
  }

  async refs(prefix: string): Promise<Map<string, Oid>> {
    await this.#fiber.gate(`refs ${prefix}`);
    return this.#inner.refsNow(prefix);
  }

  async swap(updates: RefUpdate[]): Promise<SwapResult> {
    await this.#fiber.gate('swap');
    const result = this.#inner.swapNow(updates);
    if (result.ok) this.#watch.swapped(updates);
    return result;
  }

  readBlobs(specs: string[]): Promise<(string | undefined)[]> {
    return this.#inner.readBlobs(specs);
  }
  listTree(commit: Oid, path: string): Promise<string[]> {
    return this.#inner.listTree(commit, path);
  }
  readCommits(oids: Oid[]): Promise<(Commit | undefined)[]> {
    return this.#inner.readCommits(oids);
  }
  commit(parents: Oid[], edits: FileEdit[], meta: CommitMeta): Promise<Oid> {
    return this.#inner.commit(parents, edits, meta);
  }
  commitMany(parent: Oid | null, steps: AsyncIterable<{ edits: FileEdit[]; meta: CommitMeta }>): Promise<Oid[]> {
    return this.#inner.commitMany(parent, steps);
  }
  log(tip: Oid, base: Oid | null): Promise<Commit[]> {
    return this.#inner.log(tip, base);
  }
  logChunks(tip: Oid, base: Oid | null, size: number): AsyncIterable<{ commits: Commit[]; total: number }> {
    return this.#inner.logChunks(tip, base, size);
  }
  newest(tip: Oid, limit: number): Promise<Commit[]> {
    return this.#inner.newest(tip, limit);
  }
  diff(from: Oid | null, to: Oid): Promise<TreeChange[]> {
    return this.#inner.diff(from, to);
  }
  changes(commits: Oid[]): AsyncIterable<{ commit: Oid; changes: TreeChange[] }> {
    return this.#inner.changes(commits);
  }
  mergeBase(a: Oid, b: Oid): Promise<Oid | null> {
    return this.#inner.mergeBase(a, b);
  }
  async close(): Promise<void> {}
}

/** One process's hands on a clone's notes. The lock is politeness: here nobody is polite. */
export class GatedDesk implements Desk {
  readonly #inner: MemoryDesk;
  readonly #fiber: Fiber;
  readonly #watch: Watch;

  constructor(inner: MemoryDesk, fiber: Fiber, watch: Watch) {
    this.#inner = inner;
    this.#fiber = fiber;
    this.#watch = watch;
  }

  politely<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
  writer(): Promise<string> {
    return this.#inner.writer();
  }
  async nextNumber(floor: number): Promise<number> {
    await this.#fiber.gate('number');
    return this.#inner.nextNumber(floor);
  }
  async holds(): Promise<HoldFile[]> {
    await this.#fiber.gate('holds');
    return this.#inner.holds();
  }
  async putHold(hold: HoldFile): Promise<void> {
    await this.#fiber.gate('hold');
    await this.#inner.putHold(hold);
    this.#watch.held(hold);
  }
  async amendHold(id: string, root: string, change: (hold: HoldFile) => HoldFile): Promise<boolean> {
    await this.#fiber.gate('hold');
    const watched = (hold: HoldFile): HoldFile => {
      const next = change(hold);
      this.#watch.held(next);
      return next;
    };
    return this.#inner.amendHold(id, root, watched);
  }
  async dropHold(id: string, root: string): Promise<void> {
    await this.#fiber.gate('drop');
    await this.#inner.dropHold(id, root);
    this.#watch.dropped(id, root);
  }
  recall(hash: string): Promise<Recent | undefined> {
    return this.#inner.recall(hash);
  }
  remember(hash: string, recent: Recent): Promise<void> {
    return this.#inner.remember(hash, recent);
  }
  trusts(hash: string): Promise<boolean> {
    return this.#inner.trusts(hash);
  }
  trust(hashes: readonly string[]): Promise<void> {
    return this.#inner.trust(hashes);
  }
  note(name: string): Promise<string | undefined> {
    return this.#inner.note(name);
  }
  setNote(name: string, value: string): Promise<void> {
    return this.#inner.setNote(name, value);
  }
}

/** Refs by what they are, for gates and logs: `book`, `claims/t-…`, `queue/c1`. */
export function shortRef(names: RefNames, ref: string): string {
  return ref.startsWith(names.shared) ? ref.slice(names.shared.length) : ref.replace('refs/ledgenter-local/', '~');
}
