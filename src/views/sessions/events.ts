import { isEntry, parseEntry } from '../../book/entry.ts';
import type { Entry, PreviousClaim } from '../../kernel/entry.ts';
import { FUTURE_MS, type Hold } from '../../kernel/hold.ts';
import { ADOPTION } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import { type Correction, correctionRecord, type Pause, pauseRecord } from '../../rooms/sessions/record.ts';
import { type Task, taskRecord } from '../../rooms/tasks/record.ts';
import type { Commit, Oid, Store, TreeChange } from '../../store/port.ts';

/** What an entry says of the tenure of a task: the hold that it leaves, and the status. */
export interface HoldEvent {
  task: string;
  at: string;
  by: string;
  status: string;
  hold?: Hold;
  /** What a take-over knew of the claim that it replaces. */
  prev?: { root: string; lease_until: string; offer?: string };
  landed?: string;
  provisional?: true;
}

/** What happened to sessions in one entry; a row without any marks how far the history was read. */
export interface SessionRow {
  oid: Oid;
  holds?: HoldEvent[];
  pauses?: ({ task: string } & Pick<Pause, 'session_id' | 'kind' | 'reason' | 'at'>)[];
  corrections?: ({ task: string; id: string } & Correction)[];
}

/** Entries whose files are read at once. */
const CHUNK = 1_000;
/** How many entries without an event go by before one is marked all the same. */
const MARK = 16;

/**
 * Rows of commits, oldest first. `held` says which hold each task had before the first of them, as canonical text, and is
 * kept up: a task that changed otherwise tells nothing of sessions.
 */
export async function rowsOf(
  commits: readonly Commit[],
  store: Store,
  held: Map<string, string>,
  progress?: (done: number, total: number | undefined, what: string) => void,
): Promise<SessionRow[]> {
  const rows: SessionRow[] = [];
  let silent = 0;
  for (let at = 0; at < commits.length; at += CHUNK) {
    const part = commits.slice(at, at + CHUNK);
    const entries = new Map<Oid, Entry>();
    for (const commit of part) {
      const entry = parseEntry(commit);
      if (isEntry(entry)) entries.set(commit.oid, entry);
    }
    for (const row of await chunkRows(entries, store, held)) {
      silent = row.holds || row.pauses || row.corrections ? 0 : silent + 1;
      if (silent % MARK === 0) rows.push(row);
    }
    progress?.(Math.min(at + CHUNK, commits.length), commits.length, 'entries read for sessions');
  }
  return rows;
}

type Kind = 'task' | 'pause' | 'correction';
interface Found {
  kind: Kind;
  id: string;
  parent: string | undefined;
  blob: Oid;
}

const KINDS = [
  { kind: 'task', def: taskRecord },
  { kind: 'pause', def: pauseRecord },
  { kind: 'correction', def: correctionRecord },
] as const;

function foundIn(changes: readonly TreeChange[]): Found[] {
  const found: Found[] = [];
  for (const { path, after } of changes) {
    if (after === null) continue;
    for (const { kind, def } of KINDS) {
      const place = def.at(path);
      if (place) found.push({ kind, id: place.id, parent: place.parent, blob: after });
      if (place) break;
    }
  }
  return found;
}

async function chunkRows(
  entries: ReadonlyMap<Oid, Entry>,
  store: Store,
  held: Map<string, string>,
): Promise<SessionRow[]> {
  const touched = new Map<Oid, Found[]>();
  for await (const { commit, changes } of store.changes([...entries.keys()])) touched.set(commit, foundIn(changes));
  const blobs = [...new Set([...touched.values()].flat().map(({ blob }) => blob))];
  const texts = new Map((await store.readBlobs(blobs)).map((text, index) => [blobs[index]!, text]));
  return [...entries].map(([oid, entry]) => {
    const row: SessionRow = { oid };
    for (const found of touched.get(oid) ?? []) addTo(row, found, recordIn(texts.get(found.blob)), entry, held);
    return row;
  });
}

function claimIn({ root, lease_until, offer }: PreviousClaim): NonNullable<HoldEvent['prev']> {
  return { root, lease_until, ...(offer === undefined ? {} : { offer }) };
}

/** A record as it was committed; what is none is a matter for `verify`, and tells nothing here. */
function recordIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function addTo(row: SessionRow, { kind, id, parent }: Found, record: unknown, entry: Entry, held: Map<string, string>) {
  if (typeof record !== 'object' || record === null) return;
  const { intent, stamp } = entry;
  if (kind === 'task') {
    const { hold, status } = record as Task;
    const text = hold ? JSON.stringify(hold) : '';
    if (text === (held.get(id) ?? '')) return;
    if (hold) held.set(id, text);
    else held.delete(id);
    const { prev, provisional } = intent;
    const late = epochMs(stamp.landed) > epochMs(intent.at) + FUTURE_MS;
    row.holds = [
      ...(row.holds ?? []),
      {
        task: id,
        at: intent.at,
        by: intent.actor,
        status,
        ...(hold ? { hold } : {}),
        ...(prev ? { prev: claimIn(prev) } : {}),
        ...(late ? { landed: stamp.landed } : {}),
        ...(provisional ? { provisional } : {}),
      },
    ];
    return;
  }
  // What comes along with an adopted task is about sessions of the other ledger, whose claims are not in this book.
  if (parent === undefined || intent.op === ADOPTION) return;
  if (kind === 'pause') {
    const { session_id, kind: turn, reason, at } = record as Pause;
    const pause = { task: parent, session_id, kind: turn, at, ...(reason === undefined ? {} : { reason }) };
    row.pauses = [...(row.pauses ?? []), pause];
  } else row.corrections = [...(row.corrections ?? []), { ...(record as Correction), task: parent, id }];
}
