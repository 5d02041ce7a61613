import type { RecordDef } from './record.ts';

/** Point look-ups in one tree of the book. Paths are relative to its root, with `/`. */
export interface Reader {
  /** The bytes of a file as UTF-8, undefined when absent. */
  read(path: string): Promise<string | undefined>;
  /** Names directly inside a folder, sorted; empty when absent. */
  list(folder: string): Promise<string[]>;
}

/** A state of the ledger, read record by record: a write costs the same at 100 tasks and at 100,000. */
export class View {
  readonly reader: Reader;

  constructor(reader: Reader) {
    this.reader = reader;
  }

  /** One record, undefined when there is none. `parent` is the owner's id for sub-records (a note's task). */
  async get<R>(def: RecordDef<R>, id: string, parent?: string): Promise<R | undefined> {
    const text = await this.reader.read(def.path(id, parent));
    return text === undefined ? undefined : (JSON.parse(text) as R);
  }

  /** Ids of the sub-records of `parent`, or of all records of an unfanned kind, sorted. */
  async ids<R>(def: RecordDef<R>, parent?: string): Promise<string[]> {
    return (await this.reader.list(def.folder(parent))).map(name => def.idOfName(name)).filter(id => id !== undefined);
  }

  /** Sub-records of `parent` with their ids, sorted by id. */
  async all<R>(def: RecordDef<R>, parent?: string): Promise<{ id: string; record: R }[]> {
    const out: { id: string; record: R }[] = [];
    for (const id of await this.ids(def, parent)) {
      const record = await this.get(def, id, parent);
      if (record !== undefined) out.push({ id, record });
    }
    return out;
  }

  /** Whole ids that begin with `body` (≥ 4 characters after the letter), sorted. */
  async matching<R>(def: RecordDef<R>, body: string): Promise<string[]> {
    const names = await this.reader.list(def.fanFolder(body));
    const ids = names.map(name => def.idOfName(name));
    return ids.filter(id => id?.startsWith(`${def.letter}-${body}`)) as string[];
  }
}

/** A change to one file; `text: null` removes it. */
export interface FileChange {
  path: string;
  text: string | null;
}

/** A reader that shows `changes` laid over another: the growing tip of a decide, a replay, a combine, an import. */
export class Overlay implements Reader {
  readonly #base: Reader;
  readonly #files = new Map<string, string | null>();
  /** folder → names added or removed in it. */
  readonly #folders = new Map<string, Map<string, boolean>>();
  /** Folders that lost a file somewhere below: they may have lost their last. */
  readonly #thinned = new Set<string>();

  constructor(base: Reader, changes: Iterable<FileChange> = []) {
    this.#base = base;
    this.apply(changes);
  }

  apply(changes: Iterable<FileChange>): void {
    for (const { path, text } of changes) {
      this.#files.set(path, text);
      let child = path;
      for (let cut = child.lastIndexOf('/'); ; cut = child.lastIndexOf('/')) {
        const folder = cut < 0 ? '' : child.slice(0, cut);
        const names = this.#folders.get(folder) ?? new Map<string, boolean>();
        this.#folders.set(folder, names);
        const name = child.slice(cut + 1);
        if (text !== null || child === path) names.set(name, text !== null);
        if (text === null) this.#thinned.add(folder);
        if (cut < 0) break;
        child = folder;
      }
    }
  }

  async read(path: string): Promise<string | undefined> {
    const here = this.#files.get(path);
    return here === undefined ? this.#base.read(path) : (here ?? undefined);
  }

  async list(folder: string): Promise<string[]> {
    const below = await this.#base.list(folder);
    const names = this.#folders.get(folder);
    if (!names) return below;
    const all = new Set(below);
    for (const [name, present] of names) {
      if (present) all.add(name);
      else all.delete(name);
    }
    // As in git, a folder is there while a file is in it.
    for (const name of all) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (this.#thinned.has(path) && (await this.list(path)).length === 0) all.delete(name);
    }
    return [...all].sort();
  }
}
