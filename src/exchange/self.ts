import type { RefNames } from '../book/refs.ts';
import type { PushResult, RefUpdate, Remote, Store } from '../store/port.ts';

/**
 * A ledger without a remote: this repository is its own authority. All worktrees and processes share its refs, so the
 * same compare-and-swap decides as at a remote; the claim refs lie beside the book.
 */
export class SelfRemote implements Remote {
  readonly name = 'this repository';
  readonly #store: Store;
  readonly #names: RefNames;

  constructor(store: Store, names: RefNames) {
    this.#store = store;
    this.#names = names;
  }

  async fetch(prefix: string): ReturnType<Remote['fetch']> {
    return { kind: 'fetched', refs: await this.#store.refs(prefix) };
  }

  async push(updates: RefUpdate[]): Promise<PushResult> {
    const guarded = updates.some(update => update.ref === this.#names.book)
      ? [...updates, { ref: this.#names.draft, old: null, new: null }]
      : updates;
    const swap = await this.#store.swap(guarded);
    return swap.ok
      ? { kind: 'accepted' }
      : { kind: 'refused', refs: swap.lost.map(ref => ({ ref, reason: swap.reason })) };
  }
}
