import { LedgerError } from '../../kernel/errors.ts';
import type { TaskIndex } from '../../rooms/tasks/ports.ts';
import type { Oid, Store } from '../../store/port.ts';
import { Damaged } from '../check.ts';
import type { Base } from './base.ts';
import { buildBase, compacted } from './build.ts';
import { stepLine } from './delta.ts';
import { CacheFiles } from './files.ts';
import { SnapshotIndex } from './queries.ts';
import { changesTo } from './refresh.ts';
import { ALL_SECTIONS, Snapshot } from './snapshot.ts';

/** Changed rows past which a snapshot is folded into a new base. */
const MAX_LAID = 256;

/**
 * Task indexes of one ledger, one a tip, derived from the book and kept in files of `folder` (memory only without).
 * Any number of processes may share the folder.
 */
export class TaskIndexes {
  readonly #store: Store;
  /** Undefined without a folder, and once the folder turned out not to be writable. */
  #files: CacheFiles | undefined;
  #snapshot: Snapshot | undefined;

  constructor(store: Store, folder?: string) {
    this.#store = store;
    this.#files = folder === undefined ? undefined : new CacheFiles(folder);
  }

  /**
   * The index at `tip`, for `actor` (whose tasks `explain` takes as free to claim); `grace`: the ledger's, in ms.
   * @throws LedgerError BAD_LEDGER when a task of the tip cannot be read.
   */
  async at(tip: Oid, actor?: string, grace?: number): Promise<TaskIndex> {
    const snapshot = await this.#snapshotAt(tip);
    return new SnapshotIndex(snapshot, () => this.#rebuilt(tip), actor, grace);
  }

  /** Ids of all tasks that are in a project at `tip`. */
  async tasksOf(project: string, tip: Oid): Promise<Set<string>> {
    const read = (snapshot: Snapshot) => [...snapshot.rows({ project, all: true }, ALL_SECTIONS)].map(({ id }) => id);
    try {
      return new Set(read(await this.#snapshotAt(tip)));
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      return new Set(read(await this.#rebuilt(tip)));
    }
  }

  async #snapshotAt(tip: Oid): Promise<Snapshot> {
    if (this.#snapshot?.tip !== tip) this.#snapshot = await this.#refreshed(tip);
    return this.#snapshot;
  }

  async #refreshed(tip: Oid): Promise<Snapshot> {
    const loaded = this.#files?.load(tip);
    const snapshot = loaded?.snapshot ?? this.#snapshot;
    if (!snapshot) return this.#rebuilt(tip);
    if (snapshot.tip === tip) return snapshot;
    try {
      const { changes, counts } = await changesTo(snapshot, this.#store, tip);
      const next = snapshot.with(tip, changes, counts);
      if (next.laid.size > MAX_LAID || loaded?.full || (this.#files && !loaded))
        return this.#published(compacted(next));
      this.#files?.append(snapshot.base.tip, stepLine(snapshot.tip, tip, counts, changes));
      return next;
    } catch (error) {
      // The old tip may be gone from the repository, or a file damaged: the new tip alone decides what is true.
      if (error instanceof Damaged || error instanceof LedgerError) return this.#rebuilt(tip);
      throw error;
    }
  }

  async #rebuilt(tip: Oid): Promise<Snapshot> {
    this.#snapshot = this.#published(await buildBase(this.#store, tip));
    return this.#snapshot;
  }

  #published(base: Base): Snapshot {
    if (this.#files && !this.#files.replace(base)) this.#files = undefined;
    return new Snapshot(base.tip, base);
  }
}
