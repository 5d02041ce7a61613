import type { Change } from '../kernel/law.ts';
import { epochMs } from '../kernel/time.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import { liveRows } from '../rooms/reservations/live.ts';
import { liveRecord } from '../rooms/reservations/record.ts';
import type { Desk } from '../store/desk.ts';
import type { Oid } from '../store/port.ts';
import type { Book } from './book.ts';

/**
 * The note that a hook reads before it starts anything: seconds since the epoch at which the last live reservation of
 * paths in the local book is over, its grace included; 0 when there is none. It ends in a line feed, as `read` of a shell
 * wants it.
 */
export const RESERVED_NOTE = 'reserved';

/** Keeps the note true for the book at `tip`: one look at the list of live reservations, written when it says otherwise. */
export async function noteReserved(book: Pick<Book, 'desk' | 'view'>, tip: Oid): Promise<void> {
  const view = book.view(tip);
  const rows = (await liveRows(view)).filter(({ slot }) => slot === undefined);
  const last = Math.max(0, ...rows.map(({ until }) => epochMs(until)));
  const end = rows.length === 0 ? 0 : Math.ceil((last + (await graceOf(view))) / 1000);
  await write(book.desk, `${end}\n`);
}

/** The same after an entry that this clone wrote; nothing is looked at when it leaves the list alone. */
export async function noteChanges(
  book: Pick<Book, 'desk' | 'view' | 'tip'>,
  changes: readonly Change[],
): Promise<void> {
  if (changes.some(({ def }) => def.kind === liveRecord.kind)) await noteReserved(book, (await book.tip()).at);
}

async function write(desk: Desk, text: string): Promise<void> {
  try {
    if ((await desk.note(RESERVED_NOTE)) !== text) await desk.setNote(RESERVED_NOTE, text);
  } catch {
    // a hint: the write or sync that it goes with stands, and the next one writes it
  }
}
