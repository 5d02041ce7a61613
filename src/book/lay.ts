import type { Entry, Stamp } from '../kernel/entry.ts';
import type { LedgerError } from '../kernel/errors.ts';
import { epochMs, instant } from '../kernel/time.ts';
import { Overlay, type Reader } from '../kernel/view.ts';
import type { CommitMeta, FileEdit, Oid } from '../store/port.ts';
import type { Book } from './book.ts';
import type { Enacted } from './enact.ts';
import { isEntry } from './entry.ts';

/** An entry of some clone that waits to be committed again on a newer tip. */
export interface Waiting {
  oid: Oid;
  entry: Entry;
}

export interface Refused {
  oid: Oid;
  entry: Entry;
  error: LedgerError;
}

/**
 * A tip that grows in memory: entries are decided on it one after another and written only by {@link commit}. Replay,
 * combining and import all lay their entries this way, on no ref (PROTOCOL-FINDINGS #12).
 */
export class GrowingTip {
  readonly base: Oid;
  readonly #book: Book;
  readonly #state: Overlay;
  readonly #steps: { edits: FileEdit[]; meta: CommitMeta }[] = [];
  #landed: number;

  private constructor(book: Book, base: Oid, landed: number) {
    this.#book = book;
    this.base = base;
    this.#state = new Overlay(book.reader(base));
    this.#landed = landed;
  }

  static async on(book: Book, base: Oid): Promise<GrowingTip> {
    const { entry } = await book.entryAt(base);
    return new GrowingTip(book, base, isEntry(entry) ? epochMs(entry.stamp.landed) : 0);
  }

  get size(): number {
    return this.#steps.length;
  }

  get state(): Reader {
    return this.#state;
  }

  /** Where to go back to when a group of entries must land whole or not at all. */
  fork(): GrowingTip {
    const copy = new GrowingTip(this.#book, this.base, this.#landed);
    copy.#steps.push(...this.#steps);
    for (const { edits } of this.#steps) copy.#state.apply(edits);
    return copy;
  }

  /** Decides `waiting` on the growing state; a lawful one is added. `carried` reads the commit it comes from. */
  async lay(
    { oid, entry }: Waiting,
    lander: string,
    check?: (enacted: Enacted) => LedgerError | undefined,
  ): Promise<Enacted | { kind: 'same' } | { kind: 'refused'; error: LedgerError }> {
    const stamp: Stamp = { ...entry.stamp, landed: instant(Math.max(this.#landed, this.#book.now(), entry.stamp.n)) };
    const carried = this.#book.reader(oid);
    const outcome = await this.#book.redecide(this.#state, entry, stamp, carried);
    if (outcome.kind !== 'lawful') return outcome;
    const error = check?.(outcome);
    if (error) return { kind: 'refused', error };
    this.add(outcome, lander);
    return outcome;
  }

  /** Adds an entry that was decided on {@link state}. */
  add(enacted: Enacted, lander: string): void {
    this.#landed = epochMs(enacted.entry.stamp.landed);
    this.#state.apply(enacted.files);
    this.#steps.push({ edits: enacted.files, meta: this.#book.meta(enacted.entry, lander) });
  }

  /** Writes the laid entries as commits on the base; their oids, the last of which is the new tip. */
  async commit(): Promise<Oid[]> {
    const steps = this.#steps;
    const { store } = this.#book;
    if (steps.length === 0) return [];
    if (steps.length <= FEW) {
      const oids: Oid[] = [];
      for (const { edits, meta } of steps) oids.push(await store.commit([oids.at(-1) ?? this.base], edits, meta));
      return oids;
    }
    return store.commitMany(
      this.base,
      (async function* () {
        yield* steps;
      })(),
    );
  }
}

/** Up to so many entries, commits one by one (6 ms each) are quicker than starting a bulk stream (20–40 ms). */
const FEW = 4;
