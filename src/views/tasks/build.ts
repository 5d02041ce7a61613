import { LedgerError } from '../../kernel/errors.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import type { Oid, Store, TreeChange } from '../../store/port.ts';
import { Base, lineOf } from './base.ts';
import { noCounts, tally } from './counts.ts';
import { type IndexRow, isDone, readTask, SECTIONS, sectionOf, sortKey, waitingFor } from './row.ts';
import type { Snapshot } from './snapshot.ts';

/** Files asked for in one batch: bounds the memory of a build. */
const BATCH = 2000;

export interface ReadTask {
  id: string;
  /** Undefined when the file is gone or is no task. */
  row: IndexRow | undefined;
  existed: boolean;
}

/**
 * The tasks among changed files, as they are after the change.
 * @throws LedgerError BAD_LEDGER when a file that the tree names cannot be read: nothing is built from half a state.
 */
export async function readTasks(store: Store, changes: readonly TreeChange[]): Promise<ReadTask[]> {
  const found = changes.flatMap(({ path, before, after }) => {
    const place = taskRecord.at(path);
    return place ? [{ id: place.id, path, before, after }] : [];
  });
  const out: ReadTask[] = [];
  for (let at = 0; at < found.length; at += BATCH) {
    const batch = found.slice(at, at + BATCH);
    const present = batch.filter(({ after }) => after !== null);
    const texts = await store.readBlobs(present.map(({ after }) => after!));
    const byId = new Map(present.map(({ id }, index) => [id, texts[index]]));
    for (const { id, path, before, after } of batch) {
      const text = byId.get(id);
      if (after !== null && text === undefined)
        throw new LedgerError('BAD_LEDGER', `${path} cannot be read (${after})`);
      out.push({ id, row: text === undefined ? undefined : readTask(id, text), existed: before !== null });
    }
  }
  return out;
}

/** The whole index of a tip, from nothing. */
export async function buildBase(store: Store, tip: Oid): Promise<Base> {
  const tasks = await readTasks(store, await store.diff(null, tip));
  const done = new Set(tasks.flatMap(({ id, row }) => (isDone(row?.status) ? [id] : [])));
  return baseOf(
    tip,
    tasks.flatMap(({ row }) => (row ? [waitingFor(row, id => !done.has(id))] : [])),
  );
}

export function baseOf(tip: Oid, rows: readonly IndexRow[]): Base {
  const counts = noCounts();
  const sections: { key: string; line: string }[][] = SECTIONS.map(() => []);
  for (const row of rows) {
    tally(counts, row, 1);
    sections[sectionOf(row)]!.push({ key: sortKey(row), line: lineOf(row) });
  }
  return Base.of(
    tip,
    counts,
    sections.map(lines => {
      lines.sort((a, b) => (a.key < b.key ? -1 : 1));
      return [Buffer.from(lines.map(({ line }) => line).join(''))];
    }),
  );
}

/** The snapshot as one base, by copying runs of lines; the same bytes as {@link buildBase} at its tip. */
export function compacted(snapshot: Snapshot): Base {
  if (snapshot.laid.size === 0 && snapshot.tip === snapshot.base.tip) return snapshot.base;
  const gone = [...snapshot.laid.values()].map(({ at }) => at).filter(at => at >= 0);
  gone.sort((a, b) => a - b);
  return Base.of(
    snapshot.tip,
    snapshot.counts,
    SECTIONS.map((_, section) => [...mergedSection(snapshot, section, gone)]),
  );
}

/** Cuts the base's section where lines are gone, and where changed rows come in. */
function* mergedSection(snapshot: Snapshot, section: number, gone: readonly number[]): Generator<Uint8Array> {
  const { base } = snapshot;
  let from = base.starts[section]!;
  const stop = base.starts[section + 1]!;
  const cuts: { at: number; line?: string }[] = [
    ...snapshot.sorted(section).map(({ key, row }) => ({ at: base.seek(section, key), line: lineOf(row) })),
    ...gone.filter(at => at >= from && at < stop).map(at => ({ at })),
  ];
  cuts.sort((a, b) => a.at - b.at);
  for (const { at, line } of cuts) {
    if (at > from) yield base.slice(from, at);
    from = Math.max(from, at);
    if (line === undefined) from = base.nextLine(section, at);
    else yield Buffer.from(line);
  }
  yield base.slice(from, stop);
}
