import type { Book } from '../../book/book.ts';
import { writeMany } from '../../book/bulk.ts';
import { isEntry } from '../../book/entry.ts';
import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { redactInput } from '../../kernel/redact/input.ts';
import { instant } from '../../kernel/time.ts';
import type { Decision } from '../../rooms/decisions/record.ts';
import { importEntry } from '../../rooms/importing/entry.ts';
import { mapCopies, type OtherTask } from '../../rooms/importing/index.ts';
import type { Knowledge } from '../../rooms/knowledge/record.ts';
import { type Note, type Task, taskRecord } from '../../rooms/tasks/record.ts';
import type { Oid } from '../../store/port.ts';
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
  const { copies, same, others, pages } = await differing(seen, own!.book, tip);
  const source = await sourceOf(arrival, tip);
  const { entries, report } = mapCopies(copies, source, id => same.get(id), pages);
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
      on: firstRef(intent),
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

/** What the tree of a file has beside or otherwise than that of this ledger. */
interface Differing {
  /** Tasks that are not here with the same bytes, with their notes. */
  copies: Map<string, OtherTask>;
  /** Tasks that a copy names and that are the same here, by a reference that leads to them. */
  same: Map<string, string>;
  pages: { decisions: Map<string, Decision>; knowledge: Map<string, Knowledge> };
  /** New records of other kinds, counted. */
  others: Record<string, number>;
}

const COPIED = new Set(['task', 'note', 'decision', 'knowledge']);
/** What makes itself anew where it is needed, or says nothing to people. */
const UNSAID = new Set(['ask', 'key', 'run', 'actor', 'source', 'blob', 'reserved', 'revision', 'superseded']);

async function differing({ store, rulebook }: Book, ours: Oid, theirs: Oid): Promise<Differing> {
  const out: Differing = {
    copies: new Map(),
    same: new Map(),
    pages: { decisions: new Map(), knowledge: new Map() },
    others: {},
  };
  const count = (kind: string, more = 1): void => {
    out.others[kind] = (out.others[kind] ?? 0) + more;
  };
  const tasks = new Map<string, Task>();
  const notes = new Map<string, [id: string, note: Note][]>();
  /** Rulings that are history there: they would be in force here. */
  const history = new Set<string>();
  const wanted: { kind: string; id: string; parent: string; oid: Oid }[] = [];
  for (const { path, before, after } of await store.diff(ours, theirs)) {
    const place = after === null ? undefined : rulebook.locate(path);
    if (!place) continue;
    const { kind } = place.def;
    if (kind === 'superseded') history.add(place.parent!);
    if (COPIED.has(kind)) wanted.push({ kind, id: place.id, parent: place.parent ?? '', oid: after! });
    else if (before === null && !UNSAID.has(kind)) count(kind);
  }
  for (let at = 0; at < wanted.length; at += BATCH) {
    const some = wanted.slice(at, at + BATCH);
    const texts = await store.readBlobs(some.map(({ oid }) => oid));
    for (const [index, { kind, id, parent }] of some.entries()) {
      const record = JSON.parse(texts[index] ?? 'null');
      if (kind === 'task') tasks.set(id, record);
      else if (kind === 'decision' && !history.has(id)) out.pages.decisions.set(id, record);
      else if (kind === 'knowledge' && !record.archived) out.pages.knowledge.set(id, record);
      else if (kind !== 'note') count(kind);
      else notes.set(parent, [...(notes.get(parent) ?? []), [id, record]]);
    }
  }
  for (const [id, task] of tasks) {
    const own = (notes.get(id) ?? []).sort(([a], [b]) => (a < b ? -1 : 1));
    out.copies.set(id, { id, task, notes: own.map(([, note]) => note) });
  }
  for (const [id, own] of notes) if (!tasks.has(id)) count('note', own.length);
  for (const id of new Set([...tasks.values()].flatMap(namesOf))) {
    if (tasks.has(id)) continue;
    const [text] = await store.readBlobs([`${ours}:${taskRecord.path(id)}`]);
    const ref = text === undefined ? undefined : (JSON.parse(text) as Task).origin_ask_ref;
    if (ref !== undefined) out.same.set(id, ref);
  }
  return out;
}

const namesOf = ({ parent, depends_on, links }: Task): string[] => [
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

function firstRef({ input, op }: Intent): string {
  const lists = [input.tasks, input.decisions, input.pages, input.more] as ({ ref?: string }[] | undefined)[];
  return lists.flatMap(list => list ?? [])[0]?.ref ?? op;
}
