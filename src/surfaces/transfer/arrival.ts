import type { Book, Tip } from '../../book/book.ts';
import type { Clone } from '../../exchange/clone.ts';
import type { Judged } from '../../exchange/transfer/judge.ts';
import type { Context } from '../../kernel/operation.ts';
import type { Incoming } from '../../store/git/transfer/incoming.ts';
import type { Oid } from '../../store/port.ts';
import type { ImportLedgerInput } from './operation.ts';

/** A file of `export` that was read and judged, before anything of it is here. */
export interface Arrival {
  context: Context;
  input: ImportLedgerInput;
  clone: Clone;
  own: Tip | undefined;
  incoming: Incoming;
  /** The book of the file, over its objects and those that are here. */
  seen: Book;
  tip: Oid;
  claims: ReadonlyMap<string, Oid>;
  judged: Judged;
}
