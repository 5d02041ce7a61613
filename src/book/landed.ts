import type { Entry } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Oid, Store } from '../store/port.ts';
import { isEntry, parseEntry } from './entry.ts';

/**
 * Bytes kept of each entry id: two of 16 are equal by no accident, and who makes two of its own equal has the second one
 * refused.
 */
const KEPT = 16;
const VERSION = 1;
/** Commits read at once, and entries after which a long building is put on file, so that a stopped one goes on there. */
const CHUNK = 2_000;
const SAVE_EVERY = 10_000;
/** Behind by less than this, the file is left as it is: reading so many commits is cheaper than writing a long file. */
const LAG = 32;

/** Where the index is kept: one file that may be lost or damaged at any time. */
export interface LandedFile {
  /** Undefined when there is none. */
  read(): Uint8Array | undefined;
  /** Whole or not at all; a failure is nobody's. */
  write(bytes: Uint8Array): void;
}

/**
 * Which entries a book has and the last number of each writer, up to one commit: what the laws `book.once` and
 * `book.order` ask, and no single entry shows. Entries are added as they are verified.
 */
export class Landed {
  /** First bytes of each id, one after another, sorted. */
  readonly #sorted: Buffer;
  readonly #added = new Set<string>();
  readonly #writers: Map<string, number>;
  /** Ids that a later state has and this one has not. */
  #without: ReadonlySet<string> = new Set();

  constructor(sorted: Buffer = Buffer.alloc(0), writers: Iterable<readonly [string, number]> = []) {
    this.#sorted = sorted;
    this.#writers = new Map(writers);
  }

  /** True when it does not know all that the book had: it is of use now, and not for later. */
  get partial(): boolean {
    return this.#without.size > 0;
  }

  /** Entries added since it was read. */
  get added(): number {
    return this.#added.size;
  }

  has(id: string): boolean {
    const key = id.slice(0, KEPT * 2);
    if (this.#added.has(key)) return true;
    return !this.#without.has(key) && this.#find(Buffer.from(key, 'hex'));
  }

  /** The number of the writer's last entry, 0 when it has none. */
  last(writer: string): number {
    return this.#writers.get(writer) ?? 0;
  }

  add({ id, stamp }: Pick<Entry, 'id' | 'stamp'>): void {
    this.#added.add(id.slice(0, KEPT * 2));
    this.#writers.set(stamp.writer, stamp.n);
  }

  /** Takes back what came last. What a writer had before is not known any more: its next number is not judged. */
  without(entries: readonly Pick<Entry, 'id' | 'stamp'>[]): this {
    this.#without = new Set(entries.map(({ id }) => id.slice(0, KEPT * 2)));
    for (const { stamp } of entries) this.#writers.delete(stamp.writer);
    return this;
  }

  encode(tip: Oid): Uint8Array {
    const added = [...this.#added].sort();
    const ids = Buffer.alloc(this.#sorted.length + added.length * KEPT);
    let [from, to] = [0, 0];
    for (const key of added) {
      const id = Buffer.from(key, 'hex');
      const end = this.#place(id);
      this.#sorted.copy(ids, to, from, end);
      to += end - from;
      from = end;
      to += id.copy(ids, to);
    }
    this.#sorted.copy(ids, to, from);
    const head = { version: VERSION, tip, count: ids.length / KEPT, writers: [...this.#writers] };
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ids]);
  }

  /** Undefined for what this version did not write whole. */
  static decode(bytes: Uint8Array): { tip: Oid; landed: Landed } | undefined {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = all.indexOf(10);
    try {
      const { version, tip, count, writers } = JSON.parse(all.toString('utf8', 0, Math.max(0, end)));
      const ids = all.subarray(end + 1);
      if (version !== VERSION || typeof tip !== 'string' || ids.length !== count * KEPT) return undefined;
      return { tip, landed: new Landed(ids, writers) };
    } catch {
      return undefined;
    }
  }

  #find(id: Buffer): boolean {
    const at = this.#place(id);
    return at < this.#sorted.length && id.compare(this.#sorted, at, at + KEPT) === 0;
  }

  /** Byte offset of the first kept id that is not smaller. */
  #place(id: Buffer): number {
    let [low, high] = [0, this.#sorted.length / KEPT];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (id.compare(this.#sorted, middle * KEPT, (middle + 1) * KEPT) > 0) low = middle + 1;
      else high = middle;
    }
    return low * KEPT;
  }
}

/** The {@link Landed} of any commit of the book, from the file and what came since; made anew where the file is no help. */
export class LandedIndex {
  readonly #store: Store;
  readonly #file: LandedFile;

  constructor(store: Store, file: LandedFile = inMemory()) {
    this.#store = store;
    this.#file = file;
  }

  /**
   * What the book at `base` has. The caller may go on adding to it.
   * @param base a commit of a book that was verified
   */
  async at(base: Oid | null, options: { signal?: AbortSignal } = {}): Promise<Landed> {
    if (base === null) return new Landed();
    const bytes = this.#file.read();
    const kept = bytes && Landed.decode(bytes);
    if (kept) {
      const grown = await this.#grow(kept.landed, kept.tip, base, options).catch(unreadable);
      if (grown) return grown;
      // It may be ahead: a process beside this one verified more meanwhile.
      const ahead = Landed.decode(bytes)!.landed;
      const since = await this.#between(base, kept.tip).catch(unreadable);
      if (since) return ahead.without(since);
    }
    return (await this.#grow(new Landed(), null, base, options)) ?? new Landed();
  }

  /** Puts what was verified up to `tip` on file, when it is worth it. */
  keep(landed: Landed, tip: Oid): void {
    if (landed.added >= LAG && !landed.partial) this.#file.write(landed.encode(tip));
  }

  /** Adds the entries from `from` to `base`; undefined when the second does not come after the first. */
  async #grow(
    landed: Landed,
    from: Oid | null,
    base: Oid,
    { signal }: { signal?: AbortSignal },
  ): Promise<Landed | undefined> {
    if (from === base) return landed;
    let last: Oid | undefined;
    let saved = 0;
    for await (const { commits } of this.#store.logChunks(base, from, CHUNK)) {
      if (signal?.aborted) throw new LedgerError('CANCELLED', 'stopped while reading the book');
      if (last === undefined && from !== null && commits[0]?.parents[0] !== from) return undefined;
      for (const commit of commits) {
        const entry = parseEntry(commit);
        if (isEntry(entry)) landed.add(entry);
        last = commit.oid;
      }
      if (last !== undefined && landed.added - saved >= SAVE_EVERY) {
        saved = landed.added;
        this.keep(landed, last);
      }
    }
    if (last !== base) return undefined;
    this.keep(landed, base);
    return landed;
  }

  async #between(from: Oid, to: Oid): Promise<Entry[] | undefined> {
    const entries: Entry[] = [];
    let first: Oid | undefined;
    for await (const { commits } of this.#store.logChunks(to, from, CHUNK)) {
      first ??= commits[0]?.parents[0];
      if (first !== from || entries.length > SAVE_EVERY) return undefined;
      entries.push(...commits.map(parseEntry).filter(isEntry));
    }
    return first === from ? entries : undefined;
  }
}

/** A tip that is not here any more (a book that was brought back, a repository made anew) makes the file no help. */
function unreadable(error: unknown): undefined {
  if (error instanceof LedgerError && error.code !== 'CANCELLED') return undefined;
  throw error;
}

function inMemory(): LandedFile {
  let kept: Uint8Array | undefined;
  return {
    read: () => kept,
    write: bytes => {
      kept = bytes;
    },
  };
}
