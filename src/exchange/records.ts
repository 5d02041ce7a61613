import type { Book } from '../book/book.ts';
import type { Holdable } from '../kernel/holdlaws.ts';
import { isId } from '../kernel/ids.ts';
import type { RecordDef } from '../kernel/record.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Oid } from '../store/port.ts';

/** The kind of record that has this id, among those that can be held. */
export function holdableKind({ rulebook }: Pick<Book, 'rulebook'>, id: string): RecordDef<unknown> | undefined {
  return rulebook.records.find(one => one.holdable && isId(one.letter, id));
}

/** A command on the record with this id: `ledgenter handoff claim h-…`. */
export function commandOn(book: Pick<Book, 'rulebook'>, verb: string, id: string): string {
  return `ledgenter ${holdableKind(book, id)?.kind ?? 'task'} ${verb} ${id}`;
}

/** The record a claim ref speaks of, as the book at `commit` has it; undefined when nothing that can be held has this id. */
export async function holdableAt(
  book: Book,
  commit: Oid,
  id: string,
): Promise<{ def: RecordDef<unknown>; record: unknown } | undefined> {
  const def = holdableKind(book, id);
  const record = def && (await book.view(commit).get(def, id));
  return def && record !== undefined ? { def, record } : undefined;
}

/**
 * Puts a hold back on file, unless the local book shows that another process of the run has ended the tenure: that one
 * drops the file before and after its entry, so the look after the writing leaves no gap. @returns whether it is held
 */
export async function restoreHold(book: Book, hold: HoldFile): Promise<boolean> {
  await book.desk.putHold(hold);
  const found = await holdableAt(book, (await book.tip()).at, hold.id);
  if ((found?.record as Holdable | undefined)?.hold?.root === hold.root) return true;
  await book.desk.dropHold(hold.id, hold.root);
  return false;
}
