import { isDeepStrictEqual } from 'node:util';
import type * as Jsonc from 'jsonc-parser';
import { LedgerError } from '../../kernel/errors.ts';
import type { Bytes } from './bytes.ts';
import { JsonEditor, loadJsonc } from './jsonedit.ts';
import { bytesOf, lineAt, type Text, textOf, unreadable } from './text.ts';

type Path = readonly string[];
type Row = Record<string, unknown>;

/** Something of ours in a JSON file, with or without comments. */
export type JsonPut =
  /** An object under a name that is ours: its keys are set, others that a person put there stay. */
  | { kind: 'entry'; path: Path; value: Row }
  /** One item of a list; `mine` knows it again, also as an older version wrote it. */
  | { kind: 'item'; path: Path; value: unknown; mine: (item: unknown) => boolean }
  /** What the file needs beside it; set where nothing is set. */
  | { kind: 'default'; path: Path; value: unknown };

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const name of path) value = isRow(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** A file that is edited piece by piece. */
class Document {
  readonly #api: typeof Jsonc;
  readonly #file: string;
  readonly #bom: boolean;
  readonly #editor: JsonEditor;

  private constructor(api: typeof Jsonc, file: string, { text, bom, eol }: Text) {
    this.#api = api;
    this.#file = file;
    this.#bom = bom;
    this.#editor = new JsonEditor(api, text.trim() === '' ? `{}${eol}` : text, eol);
  }

  static async of(bytes: Bytes, file: string): Promise<Document> {
    const document = new Document(await loadJsonc(), file, textOf(bytes, file));
    document.root();
    return document;
  }

  get text(): string {
    return this.#editor.text;
  }

  get bytes(): Buffer {
    return bytesOf({ text: this.text, bom: this.#bom });
  }

  /** @throws LedgerError BAD_INPUT naming the line that is no JSON */
  root(): Row {
    const errors: Jsonc.ParseError[] = [];
    const root = this.#parse(errors);
    const [first] = errors;
    if (first) {
      const what = `no JSON (${this.#api.printParseErrorCode(first.error)})`;
      throw unreadable(this.#file, lineAt(this.text, first.offset), what);
    }
    if (!isRow(root)) throw unreadable(this.#file, 1, 'no JSON object');
    return root;
  }

  #parse(errors: Jsonc.ParseError[]): unknown {
    try {
      return this.#api.parse(this.text, errors, { allowTrailingComma: true });
    } catch (error) {
      if (error instanceof RangeError) throw unreadable(this.#file, 1, 'it is nested too deep');
      throw error;
    }
  }

  set(path: Path, value: unknown): void {
    this.#editor.set(path, value);
  }

  /** Puts an item at the end of a list, or in the place of the one at `index`. */
  put(path: Path, value: unknown, index = -1): void {
    this.#editor.set([...path, index], value);
  }

  remove(path: (string | number)[]): void {
    this.#editor.remove(path);
  }

  /** Takes away objects and lists on the way to `path` that are empty now, up to those that `kept` has. */
  prune(path: Path, kept: Row): void {
    for (let depth = path.length; depth > 0; depth--) {
      const way = path.slice(0, depth);
      const value = valueAt(this.root(), way);
      const empty = Array.isArray(value) ? value.length === 0 : isRow(value) && Object.keys(value).length === 0;
      if (!empty || valueAt(kept, way) !== undefined) return;
      this.remove([...way]);
    }
  }

  /** A key that stands there twice is one thing to who reads, and another to who edits. */
  once({ path }: JsonPut): void {
    let node = this.#api.parseTree(this.text, [], { allowTrailingComma: true });
    for (const name of path) {
      if (node?.type !== 'object') return;
      const found = node.children!.filter(({ children }) => children?.[0]?.value === name);
      if (found.length > 1) throw unreadable(this.#file, lineAt(this.text, found[1]!.offset), `a second ${name}`);
      node = found[0]?.children?.[1];
    }
  }

  /** What stands on the way to ours must be what it is taken for. */
  check({ kind, path }: JsonPut): void {
    for (let depth = 1; depth <= path.length; depth++) {
      const way = path.slice(0, depth);
      const value = valueAt(this.root(), way);
      const last = depth === path.length;
      if (value === undefined || (last && kind === 'default')) return;
      if (last && kind === 'item' ? Array.isArray(value) : isRow(value)) continue;
      const node = this.#api.findNodeAtLocation(this.#api.parseTree(this.text, [], { allowTrailingComma: true })!, way);
      const what = last && kind === 'item' ? 'no list' : 'no object';
      throw unreadable(this.#file, lineAt(this.text, node?.offset ?? 0), `${way.join('.')} is ${what}`);
    }
  }
}

/** The file with ours in it; the same bytes when it is there already. */
export async function applyJson(file: string, bytes: Bytes, puts: readonly JsonPut[]): Promise<Buffer> {
  const document = await Document.of(bytes, file);
  const untouched = document.text;
  const others = without(document.root(), puts);
  for (const put of puts) document.check(put);
  for (const put of puts) applyPut(document, put);
  const root = document.root();
  if (!puts.every(put => isThere(root, put)) || !isDeepStrictEqual(without(root, puts), others))
    throw notEditable(file);
  return bytes !== null && document.text === untouched ? bytes : document.bytes;
}

/** What of the file is none of ours: it must be the same before and after. */
function without(root: Row, puts: readonly JsonPut[]): Row {
  const copy = structuredClone(root);
  for (const { kind, path, ...put } of puts) {
    const parent = valueAt(copy, path.slice(0, -1));
    const name = path.at(-1)!;
    if (!isRow(parent)) continue;
    const value = parent[name];
    const rest = kind === 'item' && Array.isArray(value) ? value.filter(item => !(put as Item).mine(item)) : [];
    if (rest.length > 0) parent[name] = rest;
    else delete parent[name];
  }
  return withoutEmpty(copy) as Row;
}

type Item = Extract<JsonPut, { kind: 'item' }>;

function withoutEmpty(value: unknown): unknown {
  if (!isRow(value)) return value;
  const rows = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const);
  return Object.fromEntries(rows.filter(([, inner]) => !(isRow(inner) && Object.keys(inner).length === 0)));
}

function applyPut(document: Document, put: JsonPut): void {
  if (isThere(document.root(), put)) return;
  const now = valueAt(document.root(), put.path);
  if (put.kind === 'item') document.put(put.path, put.value, Array.isArray(now) ? now.findIndex(put.mine) : -1);
  else if (put.kind === 'default' || !isRow(now)) document.set(put.path, put.value);
  else
    for (const [name, value] of Object.entries(put.value))
      if (!isDeepStrictEqual(now[name], value)) document.set([...put.path, name], value);
}

function isThere(root: Row, put: JsonPut): boolean {
  const now = valueAt(root, put.path);
  if (put.kind === 'default') return now !== undefined;
  if (put.kind === 'item') return Array.isArray(now) && now.some(item => isDeepStrictEqual(item, put.value));
  return isRow(now) && Object.entries(put.value).every(([name, value]) => isDeepStrictEqual(now[name], value));
}

/** True when something of ours is in the file, whoever put it there. */
export async function hasJson(file: string, bytes: Bytes, puts: readonly JsonPut[]): Promise<boolean> {
  const root = (await Document.of(bytes, file)).root();
  return puts.some(put => {
    const now = valueAt(root, put.path);
    if (put.kind === 'item') return Array.isArray(now) && now.some(put.mine);
    return put.kind === 'entry' && now !== undefined;
  });
}

/**
 * The file without ours, as `before` had it where it had something in the same place; what others changed stays.
 * @param before the file as it was when ours was put in
 */
export async function withdrawJson(
  file: string,
  bytes: Buffer,
  before: Bytes,
  puts: readonly JsonPut[],
): Promise<Buffer> {
  const document = await Document.of(bytes, file);
  const kept = (await Document.of(before, file)).root();
  // What ours needed beside it goes last: whether it is still needed shows then.
  for (const put of puts) document.once(put);
  const needed = (put: JsonPut) => put.kind === 'default';
  for (const put of [...puts].reverse()) if (!needed(put)) withdraw(document, put, kept);
  for (const put of puts) if (needed(put)) withdraw(document, put, kept);
  return document.bytes;
}

function withdraw(document: Document, put: JsonPut, kept: Row): void {
  const { path } = put;
  const now = valueAt(document.root(), path);
  const was = valueAt(kept, path);
  if (now === undefined) return;
  if (put.kind === 'item') {
    if (!Array.isArray(now)) return;
    for (let index = now.length - 1; index >= 0; index--)
      if (put.mine(now[index]) && !(Array.isArray(was) && was.some(item => isDeepStrictEqual(item, now[index]))))
        document.remove([...path, index]);
    document.prune(path, kept);
  } else if (put.kind === 'default') {
    const owner = path.slice(0, -1);
    const [others, before] = [valueAt(document.root(), owner), valueAt(kept, owner)] as [Row, Row | undefined];
    // Somebody who added to the file since may need it too.
    const since = Object.keys(others).filter(name => name !== path.at(-1) && !Object.hasOwn(before ?? {}, name));
    if (was === undefined && since.length === 0) document.remove([...path]);
  } else {
    if (was === undefined) document.remove([...path]);
    else if (!isDeepStrictEqual(now, was)) document.set(path, was);
    document.prune(path.slice(0, -1), kept);
  }
}

function notEditable(file: string): LedgerError {
  return new LedgerError('BAD_INPUT', `${file} cannot be edited without changing more than ours; it was left alone`, {
    hint: `edit ${file} by hand, as docs/HOSTS.md shows`,
  });
}
