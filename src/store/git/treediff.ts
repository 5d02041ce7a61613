import type { ObjectFormat } from '../encoding/hash.ts';
import { FILE_MODE, Tree } from '../encoding/tree.ts';
import { treeFault } from '../encoding/treeform.ts';
import type { Oid, TreeChange } from '../port.ts';
import type { CatFile, FoundObject } from './catfile.ts';
import { oidBytes, treeOf } from './objects.ts';

/** Trees that are on their way at once; with those of 2 MB that bounds the memory. */
const AT_ONCE = 32;
/** Bytes of a tree that is taken apart anew each time: kept so, it takes seven times the room. */
const LARGE = 64 << 10;

/** A tree that was read, taken apart when it is first looked into. */
class OpenTree {
  readonly oid: Oid;
  readonly #found: FoundObject;
  readonly #format: ObjectFormat;
  #tree: Tree | undefined;
  #fault: { is: string | undefined } | undefined;

  constructor(oid: Oid, found: FoundObject | undefined, format: ObjectFormat) {
    this.oid = oid;
    this.#found = found ?? { oid, type: 'missing', size: 0, body: undefined };
    this.#format = format;
  }

  /** Bytes held. */
  get size(): number {
    return this.#found.body?.length ?? 0;
  }

  /** @throws LedgerError BAD_LEDGER */
  get tree(): Tree {
    if (this.size > LARGE) return treeOf(this.#found, this.#format);
    this.#tree ??= treeOf(this.#found, this.#format);
    return this.#tree;
  }

  /** What no writer of a ledger makes. */
  get fault(): string | undefined {
    const { body } = this.#found;
    this.#fault ??= { is: body && treeFault(body, oidBytes(this.#format)) };
    return this.#fault.is;
  }
}

/** Trees that were read a moment ago: what a commit leaves is what the next one finds. */
export class TreeShelf {
  readonly #catFile: CatFile;
  readonly #format: ObjectFormat;
  readonly #trees = new Map<Oid, Promise<OpenTree>>();
  readonly #reading = new Set<Promise<OpenTree>>();
  #bytes = 0;
  #read = 0;

  constructor(catFile: CatFile, format: ObjectFormat) {
    this.#catFile = catFile;
    this.#format = format;
  }

  /** Bytes of trees that were ever read. */
  get read(): number {
    return this.#read;
  }

  /**
   * At most {@link AT_ONCE} trees, as soon as no more than so many are on their way for whoever asks.
   * @param over when it says so by then, nothing is read and undefined is answered
   */
  async open(oids: readonly Oid[], over?: () => boolean): Promise<OpenTree[] | undefined> {
    while (this.#reading.size > 0 && this.#reading.size + oids.length > AT_ONCE) await Promise.race(this.#reading);
    if (over?.()) return undefined;
    if (this.#bytes > SHELF_BYTES) {
      this.#trees.clear();
      this.#bytes = 0;
    }
    return Promise.all(oids.map(oid => this.#trees.get(oid) ?? this.#fetch(oid)));
  }

  #fetch(oid: Oid): Promise<OpenTree> {
    const done = (): void => void this.#reading.delete(read);
    const read = this.#catFile.ask([oid]).then(([found]) => {
      const opened = new OpenTree(oid, found, this.#format);
      this.#bytes += opened.size + 100;
      this.#read += opened.size;
      return opened;
    });
    read.then(done, done);
    this.#reading.add(read);
    this.#trees.set(oid, read);
    return read;
  }
}

/** Bytes of trees on the shelf before it is cleared. */
const SHELF_BYTES = 8 << 20;

interface Pair {
  prefix: string;
  before: Oid | undefined;
  after: Oid | undefined;
}

/**
 * Files that differ between two trees, sorted by path: one batched read a level of folders, no process.
 * @param most folders that may be opened; undefined is answered when more differ. A few small trees can name themselves
 *   into millions of paths, so whoever reads what strangers made has a bound here
 * @param options `strict` names what is odd about the trees of `after`, for laws to judge, and no folder below the first
 *   that is; undefined is answered when it says, told the bytes of trees so far, that they are too many. `folder`: only
 *   that top folder
 */
export async function diffTrees(
  catFile: CatFile,
  format: ObjectFormat,
  before: Oid | undefined,
  after: Oid,
  most: number,
  options: { strict?: (bytes: number) => boolean; folder?: string | undefined; shelf?: TreeShelf } = {},
): Promise<TreeChange[] | undefined> {
  const { strict, folder: only, shelf = new TreeShelf(catFile, format) } = options;
  const changes: TreeChange[] = [];
  let level: Pair[] = before === after ? [] : [{ prefix: '', before, after }];
  let opened = 0;
  let bytes = 0;
  while (level.length > 0) {
    opened += level.length;
    if (opened > most) return undefined;
    const oids = [...new Set(level.flatMap(pair => [pair.before, pair.after]).filter(oid => oid !== undefined))];
    const trees = new Map<Oid, OpenTree>();
    for (let start = 0; start < oids.length; start += AT_ONCE) {
      const some = await shelf.open(oids.slice(start, start + AT_ONCE), strict && (() => strict(bytes)));
      if (!some) return undefined;
      for (const opened of some) {
        trees.set(opened.oid, opened);
        bytes += opened.size;
      }
      if (strict?.(bytes)) return undefined;
    }
    const open = (oid: Oid | undefined): Tree => (oid === undefined ? Tree.EMPTY : trees.get(oid)!.tree);
    for (const { prefix, after: oid } of strict ? level : []) {
      const odd = oid === undefined ? undefined : trees.get(oid)!.fault;
      if (odd !== undefined) return [{ path: prefix, before: null, after: null, odd }];
    }
    const below: Pair[] = [];
    for (const pair of level) {
      below.push(...compare(pair, open(pair.before), open(pair.after), changes));
      if (changes.length > most || (strict && opened + below.length > most)) return undefined;
    }
    level = below;
    if (only !== undefined) {
      const inside = `${only}/`;
      level = level.filter(({ prefix }) => prefix.startsWith(inside));
    }
  }
  const found = only === undefined ? changes : changes.filter(({ path }) => path.startsWith(`${only}/`));
  return found.sort((a, b) => byBytes(a.path, b.path));
}

/** Adds the files that differ to `changes`; gives back the folders that do. */
function compare({ prefix }: Pair, before: Tree, after: Tree, changes: TreeChange[]): Pair[] {
  const folders: Pair[] = [];
  for (const name of new Set([...before.entries, ...after.entries].map(entry => entry.name))) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
    const oldFile = old && !old.folder ? old.oid : null;
    const newFile = now && !now.folder ? now.oid : null;
    const odd = newFile !== null && now!.mode !== FILE_MODE ? { odd: `a file of mode ${now!.mode}` } : {};
    if (oldFile !== null || newFile !== null)
      changes.push({ path: prefix + name, before: oldFile, after: newFile, ...odd });
    if (old?.folder || now?.folder) {
      const pair = { before: old?.folder ? old.oid : undefined, after: now?.folder ? now.oid : undefined };
      folders.push({ prefix: `${prefix}${name}/`, ...pair });
    }
  }
  return folders;
}

/** The order of git's own listings: by the bytes of the whole path. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
