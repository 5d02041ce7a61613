import { isEntry, parseEntry } from '../../book/entry.ts';
import { runOf } from '../../kernel/entry.ts';
import type { RecordDef } from '../../kernel/record.ts';
import { projectRecord } from '../../rooms/projects/record.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import type { Commit, Oid, Store, TreeChange } from '../../store/port.ts';
import { freshCommits } from '../fresh.ts';
import type { Journal, JournalRow } from './journal.ts';

/** How far back a journal is looked into for where the histories part; past that it is built anew. */
const RECENT = 4096;
/** Records named in one row. */
const MAX_RECORDS = 20;

/**
 * The journal at `tip`, reading only the commits behind the newest one it knows.
 * @throws LedgerError BAD_LEDGER when a commit of the book is missing
 */
export async function extendTo(
  journal: Journal,
  store: Store,
  tip: Oid,
  records: readonly RecordDef<unknown>[],
): Promise<Journal> {
  const { fresh, fork } = await freshCommits(store, tip, journal.recent(RECENT));
  return journal.extended(fork, tip, await rowsOf(fresh, store, records));
}

async function rowsOf(commits: Commit[], store: Store, records: readonly RecordDef<unknown>[]): Promise<JournalRow[]> {
  const rows = new Map<Oid, JournalRow>();
  for (const commit of commits) {
    const entry = parseEntry(commit);
    if (!isEntry(entry)) continue;
    const { actor, at, op } = entry.intent;
    const subject = commit.message.slice(0, commit.message.indexOf('\n'));
    const says = subject.startsWith(`${actor} `) ? subject.slice(actor.length + 1) : subject;
    const row = { entry: entry.id, oid: commit.oid, at, actor, run: runOf(entry.intent), op, says };
    rows.set(commit.oid, { ...row, records: [], tasks: [], projects: [] });
  }
  for await (const { commit, changes } of store.changes([...rows.keys()])) {
    const row = rows.get(commit);
    if (row) nameRecords(row, changes, records);
  }
  return [...rows.values()];
}

function nameRecords(row: JournalRow, changes: readonly TreeChange[], records: readonly RecordDef<unknown>[]): void {
  const tasks = new Set<string>();
  for (const { path } of changes) {
    for (const def of records) {
      const place = def.at(path);
      if (!place) continue;
      if (row.records.length < MAX_RECORDS) row.records.push(def.letter === '' ? `${def.room}/${place.id}` : place.id);
      if (def.kind === taskRecord.kind) tasks.add(place.id);
      if (def.owner?.kind === taskRecord.kind && place.parent !== undefined) tasks.add(place.parent);
      if (def.kind === projectRecord.kind) row.projects.push(place.id);
      break;
    }
  }
  row.tasks = [...tasks];
}
