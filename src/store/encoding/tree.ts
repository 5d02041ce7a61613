import { LedgerError } from '../../kernel/errors.ts';
import type { Oid } from '../port.ts';
import type { ObjectFormat } from './hash.ts';

export const FOLDER_MODE = '40000';
export const FILE_MODE = '100644';
/** The tree without a name in it, which git knows even where nobody has written it. */
export const EMPTY_TREE: Readonly<Record<ObjectFormat, Oid>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** One name in a tree. Entries are shared by all trees that hold them, so the encoded form is kept with each. */
export class TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: Oid;
  #bytes: Buffer | undefined;

  constructor(mode: string, name: string, oid: Oid) {
    this.mode = mode;
    this.name = name;
    this.oid = oid;
  }

  get folder(): boolean {
    return this.mode === FOLDER_MODE;
  }

  /** `<mode> <name>\0<raw oid>`. */
  get bytes(): Buffer {
    this.#bytes ??= Buffer.concat([Buffer.from(`${this.mode} ${this.name}\0`), Buffer.from(this.oid, 'hex')]);
    return this.#bytes;
  }
}

/** UTF-16 units in the order of their UTF-8 bytes: surrogates stand for characters above all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** git's order of names in a tree: by bytes, a folder as if its name ended in `/`. */
export function compareNames(a: string, aFolder: boolean, b: string, bFolder: boolean): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  const next = (name: string, folder: boolean): number =>
    name.length > shared ? rank(name.charCodeAt(shared)) : folder ? 0x2f : 0;
  return next(a, aFolder) - next(b, bFolder);
}

/** A tree that never changes; an edit gives a new one that shares every untouched entry. */
export class Tree {
  static readonly EMPTY = new Tree([]);

  readonly entries: readonly TreeEntry[];
  #index: Map<string, TreeEntry> | undefined;

  private constructor(entries: readonly TreeEntry[]) {
    this.entries = entries;
  }

  get(name: string): TreeEntry | undefined {
    if (this.entries.length < 8) return this.entries.find(entry => entry.name === name);
    this.#index ??= new Map(this.entries.map(entry => [entry.name, entry]));
    return this.#index.get(name);
  }

  /** This tree with `name` replaced by `entry`, or without it. */
  with(name: string, entry: TreeEntry | undefined): Tree {
    const old = this.get(name);
    if (old === entry) return this;
    const entries = this.entries.slice();
    if (old && entry && old.folder === entry.folder) {
      entries[entries.indexOf(old)] = entry;
      return new Tree(entries);
    }
    if (old) entries.splice(entries.indexOf(old), 1);
    if (entry) entries.splice(place(entries, entry), 0, entry);
    return new Tree(entries);
  }

  encode(): Buffer {
    return Buffer.concat(this.entries.map(entry => entry.bytes));
  }

  /**
   * @param oidBytes 20 or 32, by the object format
   * @throws LedgerError BAD_LEDGER when the bytes are no tree, or have a name that is no UTF-8 text: read as text, two such
   *   names may be one, and what stands under the second is seen by nobody
   */
  static parse(body: Buffer, oidBytes: number): Tree {
    const entries: TreeEntry[] = [];
    for (let at = 0; at < body.length; ) {
      const space = body.indexOf(0x20, at);
      const nul = space < 0 ? -1 : body.indexOf(0, space);
      if (nul < 0 || nul + 1 + oidBytes > body.length) throw new LedgerError('BAD_LEDGER', 'a tree object is cut off');
      const mode = body.toString('latin1', at, space);
      const name = nameOf(body, space + 1, nul);
      if (name === undefined) throw new LedgerError('BAD_LEDGER', 'a name in a folder is not UTF-8 text');
      at = nul + 1 + oidBytes;
      entries.push(new TreeEntry(mode, name, body.toString('hex', nul + 1, at)));
    }
    return new Tree(entries);
  }
}

/** A name as text; undefined when its bytes are not UTF-8. */
export function nameOf(body: Buffer, start: number, end: number): string | undefined {
  const name = body.toString('utf8', start, end);
  if (!name.includes('\ufffd')) return name;
  return body.compare(Buffer.from(name), 0, undefined, start, end) === 0 ? name : undefined;
}

function place(entries: readonly TreeEntry[], entry: TreeEntry): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = entries[middle]!;
    if (compareNames(other.name, other.folder, entry.name, entry.folder) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
