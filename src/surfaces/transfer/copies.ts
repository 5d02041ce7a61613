import { writeMany } from '../../book/bulk.ts';
import { isEntry } from '../../book/entry.ts';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { instant } from '../../kernel/time.ts';
import { importEntry } from '../../rooms/importing/entry.ts';
import { mapCopies, type OtherTask } from '../../rooms/importing/index.ts';
import { noteRecord, taskRecord } from '../../rooms/tasks/record.ts';
import type { Oid, Store } from '../../store/port.ts';
import type { Arrival } from './arrival.ts';
import { quoted } from './port.ts';

const BATCH = 1_000;
const TOLD = 20;

/**
 * Tasks of the file that this ledger has not, or has otherwise, as new tasks of it under the name of who imports: their
 * ids follow from the other ledger and their id there, so that again is never twice.
 */
export async function takeCopies(arrival: Arrival, tip: Oid): Promise<{ [key: string]: unknown }> {
  const { clone, own, seen, input, context } = arrival;
  const { copies, same, others } = await differing(seen.store, own!.book, tip);
  const source = await sourceOf(arrival, tip);
  const { entries, report } = mapCopies(copies, source, id => same.get(id));
  const facts = {
    came: entries.length > 0 ? 'copies' : 'nothing',
    source: `ledger:${source}`,
    copied: report,
    ...(Object.keys(others).length > 0 ? { left_out: others } : {}),
  };
  if (input.dry_run)
    return { ...facts, entries: entries.length, hints: { next: `ledgenter import ${quoted(input.file)} --ids new` } };
  let redacted = 0;
  const intents = entries.map(entry => {
    const clean = redactInput(importEntry(), entry);
    redacted += clean.count;
    return intentOf(arrival, clean.input);
  });
  const done = await writeMany(clone.book, intents, {
    ...(context.signal ? { signal: context.signal } : {}),
    ...(context.progress ? { progress: (at, total) => context.progress!(at, total, 'importing entries') } : {}),
  });
  return {
    ...facts,
    came: done.written > 0 ? 'copies' : 'nothing',
    entries: done.written,
    already_there: done.same,
    refused: done.refused.slice(0, TOLD).map(({ intent, error }) => ({
      on: (intent.input.tasks as { ref?: string }[])[0]?.ref ?? intent.op,
      reason: error.message,
    })),
    redacted,
    landed: clone.self,
    hints: { next: clone.self ? 'ledgenter task query --ready' : 'ledgenter sync' },
  };
}

/** The other ledger by its first entry, which every copy of it begins with. @throws LedgerError BAD_LEDGER */
async function sourceOf({ seen }: Arrival, tip: Oid): Promise<string> {
  for await (const { commits } of seen.store.logChunks(tip, null, 2)) {
    for (const { oid } of commits) {
      const { entry } = await seen.entryAt(oid);
      if (isEntry(entry)) return entry.id.slice(0, 12);
    }
  }
  throw new LedgerError('BAD_LEDGER', 'the file has no entry');
}

/**
 * The tasks of `theirs` that `ours` has not with the same bytes, with their notes; those that are the same here, with a
 * reference that leads to them; and how many other new records there are of each top folder.
 */
async function differing(
  store: Store,
  ours: Oid,
  theirs: Oid,
): Promise<{ copies: Map<string, OtherTask>; same: Map<string, string>; others: Record<string, number> }> {
  const copies = new Map<string, OtherTask>();
  const same = new Map<string, string>();
  const others: Record<string, number> = {};
  const wanted: { path: string; oid: Oid }[] = [];
  for (const { path, before, after } of await store.diff(ours, theirs)) {
    if (after === null) continue;
    if (taskRecord.at(path) || noteRecord.at(path)) wanted.push({ path, oid: after });
    else if (before === null) others[path.split('/')[0]!] = (others[path.split('/')[0]!] ?? 0) + 1;
  }
  const notes = new Map<string, Map<string, OtherTask['notes'][number]>>();
  const tasks = new Map<string, OtherTask['task']>();
  for (let at = 0; at < wanted.length; at += BATCH) {
    const some = wanted.slice(at, at + BATCH);
    const texts = await store.readBlobs(some.map(({ oid }) => oid));
    some.forEach(({ path }, index) => {
      const text = texts[index];
      if (text === undefined) return;
      const task = taskRecord.at(path);
      const note = noteRecord.at(path);
      if (task) tasks.set(task.id, JSON.parse(text));
      else if (note) notes.set(note.parent!, (notes.get(note.parent!) ?? new Map()).set(note.id, JSON.parse(text)));
    });
  }
  for (const [id, task] of tasks) {
    const own = [...(notes.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    copies.set(id, { id, task, notes: own.map(([, note]) => note) });
  }
  const more = [...notes].filter(([id]) => !tasks.has(id)).reduce((sum, [, own]) => sum + own.size, 0);
  if (more > 0) others.notes = more;
  // What a copy names and is the same here is found by the reference that it came from.
  for (const id of new Set([...tasks.values()].flatMap(namesOf))) {
    if (copies.has(id)) continue;
    const [text] = await store.readBlobs([`${ours}:${taskRecord.path(id)}`]);
    const ref = text === undefined ? undefined : (JSON.parse(text) as OtherTask['task']).origin_ask_ref;
    if (ref !== undefined) same.set(id, ref);
  }
  return { copies, same, others };
}

const namesOf = ({ parent, depends_on, links }: OtherTask['task']): string[] => [
  ...(parent === undefined ? [] : [parent]),
  ...depends_on,
  ...links.map(({ task_id }) => task_id),
];

function intentOf({ clone, context }: Arrival, input: object): Intent {
  const { actor, kind, run } = context.who;
  const plain = JSON.parse(canonicalJson(input)) as { [key: string]: Json };
  return {
    op: 'import.ledger',
    ledger: clone.names.ledger,
    format: FORMAT,
    actor,
    kind,
    run,
    at: instant(clone.now()),
    nonce: clone.nonce(),
    input: plain,
  };
}
