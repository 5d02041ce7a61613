import { taskRecord } from '../../rooms/tasks/record.ts';
import type { Oid, Store } from '../../store/port.ts';
import { type ReadTask, readTasks } from './build.ts';
import type { Counts } from './counts.ts';
import { FINISHED, type IndexRow, isDone, isFinished, readTask, waitingFor } from './row.ts';
import { ALL_SECTIONS, type Laid, LIVE_SECTIONS, type Snapshot } from './snapshot.ts';

/** Up to so many tasks are looked for one by one; for more, the base is walked once. */
const FEW = 16;

/**
 * What changed in the index between the snapshot's tip and `tip`: a difference of two trees, so it holds whatever the
 * ancestry (a replay makes the old tip no ancestor of the new one).
 * @throws LedgerError BAD_LEDGER when the old tip is no longer here or a task cannot be read.
 */
export async function changesTo(
  snapshot: Snapshot,
  store: Store,
  tip: Oid,
): Promise<{ changes: Map<string, Laid>; counts: Counts }> {
  const tasks = await readTasks(store, await store.diff(snapshot.tip, tip));
  const before = olderRows(snapshot, tasks);
  const after = new Map(tasks.map(({ id, row }) => [id, row]));
  const done = await dependencyStates(store, tip, after, before);
  const found: { before: IndexRow | undefined; after: IndexRow | null; at: number; id: string }[] = [];
  for (const { id, row } of tasks) {
    const old = before.get(id);
    if (!row && !old) continue;
    found.push({
      id,
      before: old?.row,
      after: row ? waitingFor(row, other => !done(other)) : null,
      // A task that was removed and comes back still stands for its base line.
      at: snapshot.laid.get(id)?.at ?? old?.at ?? -1,
    });
  }
  const flipped = new Set(
    found.filter(({ before, after }) => isDone(before?.status) !== isDone(after?.status)).map(({ id }) => id),
  );
  if (flipped.size > 0) {
    for (const { row, at } of snapshot.mentioning(flipped)) {
      if (after.has(row.id)) continue;
      const waits = new Set(row.waits_for);
      const renewed = waitingFor(row, id => (flipped.has(id) ? !done(id) : waits.has(id)));
      found.push({ id: row.id, before: row, after: renewed, at: snapshot.laid.get(row.id)?.at ?? at });
    }
  }
  const changes = new Map(found.map(({ id, at, after }): [string, Laid] => [id, { at, row: after }]));
  return { changes, counts: snapshot.recount(found) };
}

function olderRows(snapshot: Snapshot, tasks: readonly ReadTask[]): Map<string, { row: IndexRow; at: number }> {
  const old = tasks.filter(({ existed }) => existed).map(({ id }) => id);
  const out = new Map<string, { row: IndexRow; at: number }>();
  const keep = (id: string, row: { row: IndexRow; at: number } | undefined) => row && out.set(id, row);
  if (old.length <= FEW) {
    for (const id of old) keep(id, snapshot.find(id, LIVE_SECTIONS) ?? snapshot.find(id, [FINISHED]));
    return out;
  }
  const wanted = new Set(old);
  for (const id of old) if (snapshot.laid.has(id)) keep(id, snapshot.find(id));
  for (const section of ALL_SECTIONS) {
    for (const line of snapshot.base.lines(section)) {
      const id = snapshot.base.id(line.at);
      if (wanted.has(id) && !snapshot.laid.has(id)) keep(id, { row: snapshot.base.row(line), at: line.at });
    }
  }
  return out;
}

/** Says which dependencies of the changed tasks are done: by themselves, by what their older row waited for, or read. */
async function dependencyStates(
  store: Store,
  tip: Oid,
  after: ReadonlyMap<string, IndexRow | undefined>,
  before: ReadonlyMap<string, { row: IndexRow }>,
): Promise<(id: string) => boolean> {
  const done = new Map<string, boolean>();
  for (const [id, row] of after) done.set(id, isDone(row?.status));
  const unknown = new Set<string>();
  for (const [id, row] of after) {
    const old = before.get(id)?.row;
    for (const other of row?.depends_on ?? []) {
      if (done.has(other)) continue;
      if (old && !isFinished(old.status) && old.depends_on.includes(other))
        done.set(other, !old.waits_for.includes(other));
      else unknown.add(other);
    }
  }
  const ids = [...unknown].filter(id => !done.has(id));
  const texts = await store.readBlobs(ids.map(id => `${tip}:${taskRecord.path(id)}`));
  for (const [index, id] of ids.entries())
    done.set(id, isDone(texts[index] === undefined ? undefined : readTask(id, texts[index])?.status));
  return id => done.get(id) ?? false;
}
