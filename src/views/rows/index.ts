import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { type Named, type Table, type Tables, topFolder } from '../../rooms/rows.ts';
import type { Oid, Store } from '../../store/port.ts';
import { checkText } from '../check.ts';
import { writeWhole } from '../files.ts';

/** Raised whenever the form of the files changes. */
const FORM = 1;
/** Files asked for in one batch: bounds the memory of a build. */
const BATCH = 2_000;
/** Changed files of other kinds in the same folder past which the file is written though no row changed. */
const FAR = 500;

interface Kept {
  tip: Oid;
  /** By id, of a sub-record with its owner's before it: two owners may have one of the same id where a book is forged. */
  rows: Map<string, object>;
}
// biome-ignore lint/suspicious/noExplicitAny: tables of every record type are kept side by side
type AnyTable = Table<any, any>;

/**
 * Rows of the records of one kind, one file a kind in `folder` (memory only without). A file holds the rows at some tip;
 * a later tip is reached by the difference of the kind's own folder, so entries elsewhere in the book cost nothing.
 */
export class RowTables {
  readonly #store: Store;
  readonly #folder: string | undefined;
  readonly #kept = new Map<string, Kept>();

  constructor(store: Store, folder?: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** The tables at `tip`. @throws LedgerError BAD_LEDGER, from `rows`, when a record of the tip cannot be read */
  at(tip: Oid): Tables {
    return {
      rows: async <R, Row extends object>(table: Table<R, Row>): Promise<Named<Row>[]> => {
        const { rows } = await this.#rowsAt(table, tip);
        const named = [...rows].map(([key, row]) => ({ ...(row as Row), id: key.slice(key.indexOf('/') + 1) }));
        return named.sort((a, b) => (a.id < b.id ? -1 : 1));
      },
    };
  }

  async #rowsAt(table: AnyTable, tip: Oid): Promise<Kept> {
    const name = nameOf(table);
    const known = this.#kept.get(name) ?? this.#load(name);
    if (known?.tip === tip) {
      this.#kept.set(name, known);
      return known;
    }
    const next = (known && (await this.#moved(table, known, tip))) ?? (await this.#built(table, tip));
    this.#kept.set(name, next.kept);
    if (next.changed) this.#keep(name, next.kept);
    return next.kept;
  }

  /** Undefined when the old tip is gone from the repository: the new one alone decides then. */
  async #moved(table: AnyTable, from: Kept, tip: Oid): Promise<{ kept: Kept; changed: boolean } | undefined> {
    try {
      return await this.#laid(table, from, tip);
    } catch (error) {
      if (error instanceof LedgerError) return undefined;
      throw error;
    }
  }

  async #built(table: AnyTable, tip: Oid): Promise<{ kept: Kept; changed: boolean }> {
    const { kept } = await this.#laid(table, undefined, tip);
    return { kept, changed: true };
  }

  async #laid(table: AnyTable, from: Kept | undefined, tip: Oid): Promise<{ kept: Kept; changed: boolean }> {
    const { def } = table;
    const all = await this.#store.diff(from?.tip ?? null, tip, topFolder(def as never));
    const changes = all.flatMap(({ path, after }) => {
      const place = def.at(path);
      if (!place) return [];
      const { id, parent } = place;
      return [{ id, parent, key: parent === undefined ? id : `${parent}/${id}`, path, after }];
    });
    const rows = new Map(from?.rows);
    for (let at = 0; at < changes.length; at += BATCH) {
      const batch = changes.slice(at, at + BATCH);
      const present = batch.filter(({ after }) => after !== null);
      const texts = await this.#store.readBlobs(present.map(({ after }) => after!));
      const byKey = new Map(present.map(({ key }, index) => [key, texts[index]]));
      for (const { id, parent, key, path, after } of batch) {
        const text = byKey.get(key);
        if (after !== null && text === undefined)
          throw new LedgerError('BAD_LEDGER', `${path} cannot be read (${after})`);
        const row = text === undefined ? undefined : rowOf(table, text, id, parent);
        if (row) rows.set(key, row);
        else rows.delete(key);
      }
    }
    return { kept: { tip, rows }, changed: changes.length > 0 || all.length > FAR };
  }

  #load(name: string): Kept | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      const text = readFileSync(join(this.#folder, name), 'utf8');
      const body = text.slice(9);
      if (text.slice(0, 9) !== `${checkText(body)} `) return undefined;
      const { tip, rows } = JSON.parse(body) as { tip: Oid; rows: [string, object][] };
      return { tip, rows: new Map(rows) };
    } catch {
      return undefined; // missing, torn, of another form: built anew
    }
  }

  #keep(name: string, { tip, rows }: Kept): void {
    if (this.#folder === undefined) return;
    const body = JSON.stringify({ tip, rows: [...rows] });
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeWhole(this.#folder, name, [Buffer.from(`${checkText(body)} ${body}`)]);
    } catch {
      // a folder that cannot be written leaves the answer as it is
    }
  }
}

function nameOf({ def, name, version }: AnyTable): string {
  return `rows-${def.kind}${name === undefined ? '' : `-${name}`}-${FORM}.${version}.json`;
}

/** What is no record of the kind has no row; `verify` names it. */
function rowOf(table: AnyTable, text: string, id: string, owner: string | undefined): object | undefined {
  try {
    return table.row(JSON.parse(text), id, owner);
  } catch {
    return undefined;
  }
}
