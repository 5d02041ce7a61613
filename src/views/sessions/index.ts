import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionBook } from '../../rooms/sessions/ports.ts';
import type { Oid, Store } from '../../store/port.ts';
import { checkText, Damaged } from '../check.ts';
import { writeWhole } from '../files.ts';
import { freshCommits } from '../fresh.ts';
import { rowsOf, type SessionRow } from './events.ts';
import { sessionsOf } from './fold.ts';

const FILE = 'sessions.json';
/** Raised whenever the file changes its meaning; another version is rebuilt. */
const VERSION = 1;
/** How far back rows are looked into for where the histories part; past that they are built anew. */
const RECENT = 4096;

type Progress = ((done: number, total: number | undefined, what: string) => void) | undefined;

interface Kept {
  tip: Oid;
  rows: readonly SessionRow[];
}
const NOTHING: Kept = { tip: '', rows: [] };

/** The work sessions of one ledger, derived from the book's commits and kept in a file that any process may replace. */
export class Sessions {
  readonly #store: Store;
  readonly #folder: string | undefined;
  #kept: Kept | undefined;
  #book: { tip: Oid; book: SessionBook } | undefined;

  constructor(store: Store, folder?: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** The sessions up to `tip`. @throws LedgerError BAD_LEDGER when a commit of the book is missing */
  async at(tip: Oid, progress?: Progress): Promise<SessionBook> {
    if (this.#book?.tip === tip) return this.#book.book;
    const known = this.#kept ?? this.#load();
    const kept = known.tip === tip ? known : await this.#extended(known, tip, progress);
    this.#kept = kept;
    if (kept !== known) this.#keep(kept);
    const book = sessionsOf(kept.rows);
    this.#book = { tip, book };
    return book;
  }

  /** What is known, with the entries behind its newest row that this history has. */
  async #extended(known: Kept, tip: Oid, progress: Progress): Promise<Kept> {
    const near = new Set(known.rows.slice(-RECENT).map(({ oid }) => oid));
    // The tip itself may have no row: it tells of the rows before it as long as nothing was rewritten.
    if (known.tip !== '') near.add(known.tip);
    const { fresh, fork } = await freshCommits(this.#store, tip, near, progress);
    const until = fork === known.tip ? known.rows.length : known.rows.findLastIndex(({ oid }) => oid === fork) + 1;
    const rows = known.rows.slice(0, until);
    const added = await rowsOf(fresh, this.#store, heldAfter(rows), progress);
    return { tip, rows: [...rows, ...added] };
  }

  #load(): Kept {
    if (this.#folder === undefined) return NOTHING;
    try {
      const text = readFileSync(join(this.#folder, FILE), 'utf8');
      const json = text.slice(9);
      if (text.slice(0, 9) !== `${checkText(json)} `) throw new Damaged('check');
      const { version, tip, rows } = JSON.parse(json) as Kept & { version: number };
      return version === VERSION ? { tip, rows } : NOTHING;
    } catch {
      return NOTHING; // missing, torn, of another version: built anew
    }
  }

  #keep({ tip, rows }: Kept): void {
    if (this.#folder === undefined) return;
    const json = JSON.stringify({ version: VERSION, tip, rows });
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeWhole(this.#folder, FILE, [Buffer.from(`${checkText(json)} ${json}`)]);
    } catch {
      // a folder that cannot be written leaves the answer as it is
    }
  }
}

/** The hold that each task has after the rows, as text. */
function heldAfter(rows: readonly SessionRow[]): Map<string, string> {
  const held = new Map<string, string>();
  for (const { holds = [] } of rows) {
    for (const { task, hold } of holds) {
      if (hold) held.set(task, JSON.stringify(hold));
      else held.delete(task);
    }
  }
  return held;
}
