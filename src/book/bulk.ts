import type { Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { epochMs, instant } from '../kernel/time.ts';
import { Overlay } from '../kernel/view.ts';
import type { Book } from './book.ts';
import { isEntry } from './entry.ts';
import { ListedReader } from './reader.ts';

/** Entries that one transaction takes: an import can be stopped and taken up again between two of them. */
const CHUNK = 1_000;
const TRIES = 20;

export interface BulkResult {
  written: number;
  /** Already in the book. */
  same: number;
  refused: { intent: Intent; error: LedgerError }[];
}

/**
 * Many entries through one `git fast-import` stream a chunk, each decided and judged like any other. Stopping between
 * chunks leaves a lawful book; doing it again writes only what is missing.
 */
export async function writeMany(
  book: Book,
  intents: readonly Intent[],
  options: { progress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<BulkResult> {
  const out: BulkResult = { written: 0, same: 0, refused: [] };
  for (let start = 0; start < intents.length; start += CHUNK) {
    if (options.signal?.aborted)
      throw new LedgerError(
        'CANCELLED',
        `stopped after ${start} of ${intents.length} entries; the same command goes on`,
      );
    await writeChunk(book, intents.slice(start, start + CHUNK), out);
    options.progress?.(Math.min(start + CHUNK, intents.length), intents.length);
  }
  return out;
}

async function writeChunk(book: Book, intents: readonly Intent[], out: BulkResult): Promise<void> {
  await book.presign(intents);
  await book.desk.politely('book', async () => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const tip = await book.tip();
      const { entry } = await book.entryAt(tip.at);
      const writer = await book.desk.writer();
      const last = isEntry(entry) ? entry.stamp : undefined;
      const first = await book.desk.nextNumber(last?.writer === writer ? last.n : 0);
      // The numbers from the first to this one are ours: whoever asks next gets a greater one.
      let n = (await book.desk.nextNumber(first + intents.length)) - intents.length;
      const state = new Overlay(new ListedReader(book.reader(tip.at)));
      const one: BulkResult = { written: 0, same: 0, refused: [] };
      let landed = last ? epochMs(last.landed) : 0;
      // Deciding goes on while git writes what was decided before.
      const steps = async function* () {
        for (const intent of intents) {
          landed = Math.max(landed, book.now(), n);
          const outcome = await book.decide(state, intent, { writer, n: n++, landed: instant(landed) });
          if (outcome.kind === 'refused') one.refused.push({ intent, error: outcome.error });
          else if (outcome.kind === 'same') one.same++;
          else {
            state.apply(outcome.files);
            one.written++;
            yield { edits: outcome.files, meta: book.meta(outcome.entry, intent.actor) };
          }
        }
      };
      const oid = (await book.store.commitMany(tip.at, steps())).at(-1);
      if (oid === undefined || (await book.store.swap(book.advance(tip, oid, false))).ok) {
        out.written += one.written;
        out.same += one.same;
        out.refused.push(...one.refused);
        return;
      }
    }
    throw new LedgerError('BUSY', 'too many processes write this ledger at once');
  });
}
