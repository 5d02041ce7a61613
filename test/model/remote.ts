import type { RefNames } from '../../src/book/refs.ts';
import type { MemoryStore } from '../../src/store/memory/index.ts';
import type { Oid, PushResult, RefUpdate, Remote } from '../../src/store/port.ts';
import type { Fiber } from './fiber.ts';
import { shortRef } from './ports.ts';

/** What becomes of one push: applied and answered; applied, the answer lost; never arrived; applied later. */
export type Fate = 'normal' | 'deaf' | 'dropped' | 'late';

/** What a world decides about its network. */
export interface Weather {
  online(): boolean;
  fate(): Fate;
  /** The listing cannot be read. */
  fetchFails(): boolean;
  /** The book is read before the other refs, else after them. */
  bookFirst(): boolean;
  /** Something may happen between the reads of two kinds of refs. */
  torn(): boolean;
  late(updates: RefUpdate[]): void;
  applied(updates: readonly RefUpdate[]): void;
}

/** Applies a push as git does: exact leases, all or nothing; a ref that has the new value already is up to date. */
export function applyPush(shared: MemoryStore, updates: readonly RefUpdate[], weather: Weather): PushResult {
  const at = (ref: string): Oid | null => shared.refsNow(ref).get(ref) ?? null;
  const due = updates.filter(({ ref, new: oid }) => oid === null || at(ref) !== oid);
  const result = shared.swapNow(due);
  if (!result.ok) {
    const reason = (ref: string): string => (result.lost.includes(ref) ? 'stale info' : 'atomic push failed');
    return { kind: 'refused', refs: updates.map(({ ref }) => ({ ref, reason: reason(ref) })) };
  }
  weather.applied(due);
  return { kind: 'accepted' };
}

/** The one remote as one process sees it. */
export class WeatheredRemote implements Remote {
  readonly name = 'origin';
  readonly #shared: MemoryStore;
  readonly #names: RefNames;
  readonly #fiber: Fiber;
  readonly #weather: Weather;

  constructor(shared: MemoryStore, names: RefNames, fiber: Fiber, weather: Weather) {
    this.#shared = shared;
    this.#names = names;
    this.#fiber = fiber;
    this.#weather = weather;
  }

  async fetch(): ReturnType<Remote['fetch']> {
    const weather = this.#weather;
    await this.#fiber.gate('list');
    if (!weather.online() || weather.fetchFails()) return { kind: 'broken', reason: 'no route to the remote' };
    const { book, claims, queues } = this.#names;
    const refs = new Map<string, Oid>();
    const kinds = weather.bookFirst() ? [book, claims, queues] : [claims, queues, book];
    for (const [index, prefix] of kinds.entries()) {
      if (index > 0 && weather.torn()) await this.#fiber.gate(`read ${shortRef(this.#names, prefix)}`);
      for (const [ref, oid] of this.#shared.refsNow(prefix)) refs.set(ref, oid);
    }
    await this.#fiber.gate('listed');
    return { kind: 'fetched', refs };
  }

  async push(updates: RefUpdate[]): Promise<PushResult> {
    const what = updates
      .map(({ ref, new: oid }) => `${oid === null ? '-' : ''}${shortRef(this.#names, ref)}`)
      .join(' ');
    await this.#fiber.gate(`push ${what}`);
    const result = this.#send(updates);
    await this.#fiber.gate(`pushed ${what}`);
    return result;
  }

  #send(updates: RefUpdate[]): PushResult {
    const weather = this.#weather;
    const broken: PushResult = { kind: 'broken', reason: 'the connection broke' };
    if (!weather.online()) return broken;
    const fate = weather.fate();
    if (fate === 'normal') return applyPush(this.#shared, updates, weather);
    if (fate === 'deaf') applyPush(this.#shared, updates, weather);
    if (fate === 'late') weather.late(updates);
    return broken;
  }
}
