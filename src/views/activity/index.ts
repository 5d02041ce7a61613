import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { RecordDef } from '../../kernel/record.ts';
import type { History, HistoryFilter, HistoryRow } from '../../rooms/logbook/ports.ts';
import type { Oid, Store } from '../../store/port.ts';
import { writeWhole } from '../files.ts';
import { extendTo } from './extend.ts';
import { Journal, type JournalRow } from './journal.ts';

const FILE = 'activity.journal';
/** Entries behind the file that are read anew each time before the file is written again. */
const LAG = 32;

export interface ActivityParts {
  store: Store;
  /** Every kind of record, to name what an entry changed. */
  records: readonly RecordDef<unknown>[];
  /** Ids of the tasks that are in a project at a tip. */
  tasksOf: (project: string, tip: Oid) => Promise<Set<string>>;
  /** Where the journal is kept; memory only without. */
  folder?: string;
}

/** The logbook of one ledger, derived from the book's commits and kept in a file that any process may replace. */
export class Activity {
  readonly #parts: ActivityParts;
  #journal: Journal | undefined;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  /** The history up to `tip`. @throws LedgerError BAD_LEDGER when a commit of the book is missing */
  async at(tip: Oid): Promise<History> {
    const journal = await this.#journalAt(tip);
    return { entries: (filter, page) => this.#entries(journal, filter, page), walk: () => journal.rows([]) };
  }

  async #journalAt(tip: Oid): Promise<Journal> {
    const { store, records } = this.#parts;
    const known = this.#journal ?? this.#load();
    if (known.tip === tip) {
      this.#journal = known;
      return known;
    }
    const journal = await extendTo(known, store, tip, records);
    this.#journal = journal;
    if (known === Journal.empty || Math.abs(journal.count - known.count) > LAG) this.#keep(journal);
    return journal;
  }

  #load(): Journal {
    const { folder } = this.#parts;
    if (folder === undefined) return Journal.empty;
    try {
      return Journal.read(join(folder, FILE));
    } catch {
      return Journal.empty; // missing, torn, of another version: built anew
    }
  }

  #keep(journal: Journal): void {
    const { folder } = this.#parts;
    if (folder === undefined) return;
    try {
      mkdirSync(folder, { recursive: true });
      writeWhole(folder, FILE, [journal.bytes()]);
    } catch {
      // a folder that cannot be written leaves the answer as it is
    }
  }

  async #entries(
    journal: Journal,
    filter: HistoryFilter,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<{ rows: HistoryRow[]; total: number; cursor?: string }> {
    if (cursor !== undefined && !journal.has(cursor)) {
      throw new LedgerError('BAD_INPUT', 'the cursor is not one that this list gave');
    }
    const tasks = filter.project === undefined ? undefined : await this.#parts.tasksOf(filter.project, journal.tip);
    const needles = needlesOf(filter);
    const plain = Object.values(filter).every(value => value === undefined);
    const rows: HistoryRow[] = [];
    let more = false;
    for (const row of journal.rows(needles, cursor)) {
      if (!matches(row, filter, tasks)) continue;
      more = rows.length === limit;
      if (more) break;
      rows.push(shown(row));
    }
    let total = journal.count;
    if (!plain) {
      total = 0;
      for (const row of journal.rows(needles)) if (matches(row, filter, tasks)) total++;
    }
    return { rows, total, ...(more ? { cursor: rows.at(-1)!.oid } : {}) };
  }
}

/** Bytes that a matching line has: quotes inside JSON strings are escaped, so a quoted value is a value. */
function needlesOf({ task_id, actor, run, op }: HistoryFilter): Buffer[] {
  const found: string[] = [];
  if (task_id !== undefined) found.push(JSON.stringify(task_id));
  if (actor !== undefined) found.push(`"actor":${JSON.stringify(actor)}`);
  if (run !== undefined) found.push(`"run":${JSON.stringify(run)}`);
  if (op !== undefined) found.push(`"op":${JSON.stringify(op).slice(0, -1)}`);
  return found.map(text => Buffer.from(text));
}

function matches(row: JournalRow, filter: HistoryFilter, tasks: ReadonlySet<string> | undefined): boolean {
  const { task_id, project, actor, run, op, since, until } = filter;
  if (task_id !== undefined && !row.tasks.includes(task_id)) return false;
  if (project !== undefined && !row.projects.includes(project) && !row.tasks.some(id => tasks?.has(id))) return false;
  if (actor !== undefined && row.actor !== actor) return false;
  if (run !== undefined && row.run !== run) return false;
  if (op !== undefined && row.op !== op && !row.op.startsWith(`${op}.`)) return false;
  return (since === undefined || row.at >= since) && (until === undefined || row.at <= until);
}

function shown({ tasks: _tasks, projects: _projects, ...row }: JournalRow): HistoryRow {
  return row;
}
