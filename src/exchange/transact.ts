import type { Book } from '../book/book.ts';
import type { Enacted } from '../book/enact.ts';
import type { Intent } from '../kernel/entry.ts';
import type { FileChange } from '../kernel/view.ts';
import type { HoldFile } from '../store/desk.ts';
import type { Clone } from './clone.ts';
import { restoreHold } from './records.ts';
import { settle } from './settle.ts';

/**
 * One local transaction. A run stops holding before what ends its lease is written (#5), and holds on if that was
 * refused. `clone`: where this repository is its own authority, so that claim refs change with the book. `check`: a last
 * word on what the laws allow.
 */
export async function transactUnder(
  book: Book,
  intent: Intent,
  carry: FileChange[],
  hold: HoldFile | undefined,
  clone: Clone | undefined,
  check?: (enacted: Enacted) => void,
): ReturnType<Book['transact']> {
  let dropped = false;
  try {
    const written = await book.transact(intent, {
      carry,
      ...(check ? { check } : {}),
      draft: hold?.provisional === true,
      ...(clone ? { beside: (enacted: Enacted) => settle(clone, enacted) } : {}),
      beforeSwap: async enacted => {
        if (!hold || !enacted.ended.includes(hold.id)) return;
        dropped = true;
        await book.desk.dropHold(hold.id, hold.root);
      },
    });
    if (dropped && hold) await book.desk.dropHold(hold.id, hold.root);
    return written;
  } catch (error) {
    if (dropped && hold) await restoreHold(book, hold);
    throw error;
  }
}
