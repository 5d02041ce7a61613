import { underPrefix } from '../encoding/names.ts';
import type { Oid, PushResult, RefUpdate, Remote } from '../port.ts';
import type { MemoryStore } from './store.ts';

export interface MemoryRemoteOptions {
  name?: string;
  /** The clone that fetches and pushes. */
  local: MemoryStore;
  /** The repository that everybody shares. */
  shared: MemoryStore;
  /**
   * Awaited before the listing, before each ref of it is read (so a fetch can be torn), before a push is applied and
   * after it was. What it throws or sleeps is how a test makes crashes, races and late answers.
   */
  step?: (what: 'list' | 'read' | 'push' | 'pushed') => void | Promise<void>;
}

/** A remote whose refs are those of another store; a push is one atomic swap there. */
export class MemoryRemote implements Remote {
  readonly name: string;
  /** Pushes that reached the remote, refused ones too. */
  pushes = 0;
  /** Set to make every call answer so: an unreachable host, a read-only remote. */
  fault: Exclude<PushResult, { kind: 'accepted' | 'refused' }> | undefined;
  readonly #local: MemoryStore;
  readonly #shared: MemoryStore;
  readonly #step: MemoryRemoteOptions['step'];

  constructor({ name = 'origin', local, shared, step }: MemoryRemoteOptions) {
    this.name = name;
    this.#local = local;
    this.#shared = shared;
    this.#step = step;
  }

  async fetch(prefix: string): ReturnType<Remote['fetch']> {
    await this.#step?.('list');
    if (this.fault?.kind === 'broken') return this.fault;
    const refs = new Map<string, Oid>();
    for (const ref of this.#shared.refsNow(prefix).keys()) {
      await this.#step?.('read');
      const oid = this.#shared.refsNow(ref).get(ref);
      if (oid === undefined) continue;
      this.#local.pool.copyFrom(this.#shared.pool, oid);
      refs.set(ref, oid);
    }
    this.#track(prefix, refs);
    return { kind: 'fetched', refs };
  }

  async push(updates: RefUpdate[]): Promise<PushResult> {
    await this.#step?.('push');
    if (this.fault) return this.fault;
    this.pushes++;
    for (const { new: oid } of updates) if (oid !== null) this.#shared.pool.copyFrom(this.#local.pool, oid);
    const result = this.#shared.swapNow(updates);
    await this.#step?.('pushed');
    if (!result.ok) {
      const reason = (ref: string): string => (result.lost.includes(ref) ? 'stale info' : 'atomic push failed');
      return { kind: 'refused', refs: updates.map(({ ref }) => ({ ref, reason: reason(ref) })) };
    }
    for (const { ref, new: oid } of updates) this.#trackOne(ref, oid);
    return { kind: 'accepted' };
  }

  /** `refs/ledgenter/x` → `refs/ledgenter-remotes/<name>/x`. */
  #tracking(ref: string): string {
    return `refs/ledgenter-remotes/${this.name}/${ref.replace(/^refs\/ledgenter\//, '')}`;
  }

  #track(prefix: string, refs: Map<string, Oid>): void {
    for (const [ref, oid] of refs) this.#trackOne(ref, oid);
    const listed = new Set([...refs.keys()].map(ref => this.#tracking(ref)));
    for (const [ref, oid] of this.#local.refsNow(`refs/ledgenter-remotes/${this.name}/`)) {
      if (!underPrefix(ref, this.#tracking(prefix)) || listed.has(ref) || ref.endsWith('/book')) continue;
      this.#local.swapNow([{ ref, old: oid, new: null }]);
    }
  }

  /** The tracked book only goes forward: an older listing must not put an old tip back. */
  #trackOne(ref: string, oid: Oid | null): void {
    const tracking = this.#tracking(ref);
    const old = this.#local.refsNow(tracking).get(tracking) ?? null;
    if (old === oid) return;
    const back = old !== null && (oid === null || !this.#local.pool.isAncestor(old, oid));
    if (ref.endsWith('/book') && back) return;
    this.#local.swapNow([{ ref: tracking, old, new: oid }]);
  }
}
