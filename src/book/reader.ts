import type { Reader } from '../kernel/view.ts';
import type { Oid, Store } from '../store/port.ts';

/** The tree of one commit, each path read once. */
export class CommitReader implements Reader {
  readonly commit: Oid;
  readonly #store: Store;
  readonly #files = new Map<string, Promise<string | undefined>>();
  readonly #folders = new Map<string, Promise<string[]>>();

  constructor(store: Store, commit: Oid) {
    this.#store = store;
    this.commit = commit;
  }

  /** Files and folders read so far. */
  get size(): number {
    return this.#files.size + this.#folders.size;
  }

  read(path: string): Promise<string | undefined> {
    let text = this.#files.get(path);
    if (!text) {
      text = this.#store.readBlobs([`${this.commit}:${path}`]).then(([blob]) => blob);
      keep(this.#files, path, text);
    }
    return text;
  }

  list(folder: string): Promise<string[]> {
    let names = this.#folders.get(folder);
    if (!names) {
      names = this.#store.listTree(this.commit, folder).then(list => [...list].sort());
      keep(this.#folders, folder, names);
    }
    return names;
  }
}

/**
 * A reader for many look-ups of what is mostly not there: folders are listed once, and a path whose folder has no such
 * name is answered without asking for it. For a few look-ups it asks more than it saves.
 */
export class ListedReader implements Reader {
  readonly #base: Reader;
  readonly #folders = new Map<string, Set<string>>();

  constructor(base: Reader) {
    this.#base = base;
  }

  async read(path: string): Promise<string | undefined> {
    for (let cut = path.indexOf('/'), start = 0; ; start = cut + 1, cut = path.indexOf('/', start)) {
      const name = path.slice(start, cut < 0 ? undefined : cut);
      if (!(await this.#names(path.slice(0, Math.max(0, start - 1)))).has(name)) return undefined;
      if (cut < 0) return this.#base.read(path);
    }
  }

  list(folder: string): Promise<string[]> {
    return this.#base.list(folder);
  }

  async #names(folder: string): Promise<Set<string>> {
    let names = this.#folders.get(folder);
    if (!names) {
      names = new Set(await this.#base.list(folder));
      this.#folders.set(folder, names);
    }
    return names;
  }
}

/** A read that failed is tried again by whoever asks next. */
function keep<T>(known: Map<string, Promise<T>>, name: string, read: Promise<T>): void {
  known.set(name, read);
  read.catch(() => known.delete(name));
}

/** Files kept before the oldest are forgotten: bounds the memory of a walk over a long history. */
const KEEP = 50_000;
/** And their length together, in UTF-16 units. */
const KEEP_UNITS = 64 << 20;

/** A reader that walks along a chain of commits: what a commit changed is known without asking the store again. */
export class WalkingReader implements Reader {
  readonly #store: Store;
  readonly #files = new Map<string, string | undefined>();
  #commit: Oid | null;
  #units = 0;

  constructor(store: Store, commit: Oid | null) {
    this.#store = store;
    this.#commit = commit;
  }

  get commit(): Oid | null {
    return this.#commit;
  }

  async read(path: string): Promise<string | undefined> {
    if (this.#files.has(path)) return this.#files.get(path);
    if (this.#commit === null) return undefined;
    const [text] = await this.#store.readBlobs([`${this.#commit}:${path}`]);
    this.#keep(path, text);
    return text;
  }

  async list(folder: string): Promise<string[]> {
    return this.#commit === null ? [] : [...(await this.#store.listTree(this.#commit, folder))].sort();
  }

  /** Moves on to `commit`, whose tree differs from the present one in exactly `files`. */
  advance(commit: Oid, files: Iterable<{ path: string; text: string | null }>): void {
    this.#commit = commit;
    for (const { path, text } of files) this.#keep(path, text ?? undefined);
  }

  #keep(path: string, text: string | undefined): void {
    if (this.#files.size >= KEEP || this.#units >= KEEP_UNITS) {
      for (const [old, was] of this.#files) {
        this.#files.delete(old);
        this.#units -= was?.length ?? 0;
        if (this.#files.size < KEEP / 2 && this.#units < KEEP_UNITS / 2) break;
      }
    }
    this.#units += (text?.length ?? 0) - (this.#files.get(path)?.length ?? 0);
    this.#files.set(path, text);
  }
}
