import { isEntry, parseEntry } from '../../book/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Oid, RefUpdate } from '../../store/port.ts';
import { MAX_QUEUED } from '../queue.ts';
import { commitAt, type Finding, type Ledger } from './judge.ts';

/** Commits read at once. */
const CHUNK = 2_000;

/**
 * What waits is judged when it lands; here only by its shape (law `ref.queue`). Anyone may take a queue ref away: its
 * writer has the entries still.
 */
export async function judgeQueue(
  { book, tip, signal }: Ledger,
  { new: queued }: RefUpdate,
): Promise<Finding | undefined> {
  if (queued === null) return undefined;
  const broke = (what: string, message: string): Finding => ({ law: 'ref.queue', what, message });
  const { store } = book;
  if (tip === null) return broke('the push', 'there is no book that it could wait for');
  if (!(await commitAt(store, queued))) return broke(`the object ${queued.slice(0, 12)}`, 'it is no entry');
  let before: Oid | undefined;
  let base: Oid | undefined;
  for await (const { commits, total } of store.logChunks(queued, tip, CHUNK)) {
    if (signal?.aborted) throw new LedgerError('CANCELLED', 'the time for judging this push is over');
    if (total > MAX_QUEUED) return broke('the push', `more than ${MAX_QUEUED} entries wait in it`);
    for (const commit of commits) {
      const what = `commit ${commit.oid.slice(0, 12)}`;
      const entry = parseEntry(commit);
      if (!isEntry(entry)) return broke(what, entry.problem);
      if (entry.intent.ledger !== book.names.ledger) return broke(what, `it belongs to ledger ${entry.intent.ledger}`);
      const [parent] = commit.parents;
      if (parent === undefined || commit.parents.length > 1 || (before !== undefined && parent !== before))
        return broke(what, 'it does not stand on one other entry');
      base ??= parent;
      before = commit.oid;
    }
  }
  // Nothing new: it waits at what the book has already.
  const stands = base ?? queued;
  return (await store.mergeBase(stands, tip)) === stands
    ? undefined
    : broke('the push', `${stands.slice(0, 12)}, on which it stands, is not in the book`);
}
