import type { Book } from '../book/book.ts';
import { isId } from '../kernel/ids.ts';
import type { RecordDef } from '../kernel/record.ts';
import type { Oid } from '../store/port.ts';

/** The record a claim ref speaks of, as the book at `commit` has it; undefined when nothing that can be held has this id. */
export async function holdableAt(
  book: Book,
  commit: Oid,
  id: string,
): Promise<{ def: RecordDef<unknown>; record: unknown } | undefined> {
  const def = book.rulebook.records.find(one => one.holdable && isId(one.letter, id));
  const record = def && (await book.view(commit).get(def, id));
  return def && record !== undefined ? { def, record } : undefined;
}
