import type { Book, Tip } from '../../book/book.ts';
import { entriesBetween, type Logged } from '../../book/history.ts';
import { verify } from '../../book/verify.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Hold } from '../../kernel/hold.ts';
import type { Holdable } from '../../kernel/holdlaws.ts';
import type { Oid } from '../../store/port.ts';
import type { FetchOptions } from '../fetch.ts';

/** A record that is held at the end of what came. */
export interface ComingHold {
  kind: string;
  id: string;
  hold: Hold;
}

/** What a book in a file is to the one that is here. */
export interface Judged {
  /** `whole`: there is none here, or it is a beginning of this one; `part`: each has what the other has not. */
  relation: 'same' | 'older' | 'whole' | 'part';
  /** The newest entry that both have, null: there is no book here. */
  base: Oid | null;
  /** Entries behind it, in the order of the file. */
  entries: number;
  /** New records by kind, and who wrote. */
  records: Record<string, number>;
  actors: Set<string>;
  holds: ComingHold[];
}

/**
 * Judges a book of which nothing is known but that its objects can be read: every entry that is not here already meets the
 * laws, as if a fetch had brought it.
 * @param seen reads the objects of the file; it writes nothing
 * @param landed of the book that is here
 * @throws LedgerError OTHER_LEDGER, TAMPERED (which entry, by whom, against which law), NEWER_FORMAT
 */
export async function judgeArrival(
  seen: Book,
  tip: Oid,
  own: Tip | undefined,
  landed: Book['landed'],
  options: FetchOptions,
): Promise<Judged> {
  const out: Judged = { relation: 'whole', base: null, entries: 0, records: {}, actors: new Set(), holds: [] };
  const [last] = await seen.store.readCommits([tip]).catch(unreadable);
  if (!last) throw broken('its book names a commit that it does not have, or that is none of an entry');
  if (own) {
    out.base = await seen.store.mergeBase(own.book, tip);
    if (out.base === null) throw otherLedger(seen);
    if (out.base === tip) return { ...out, relation: own.book === tip ? 'same' : 'older' };
    if (out.base !== own.book) out.relation = 'part';
  }
  const holds = new Map<string, ComingHold>();
  const verified = await verify(seen, tip, out.base, {
    limit: 1,
    landed: await landed.at(out.base, options),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.progress ? { progress: (done, total) => options.progress!(done, total, 'verifying entries') } : {}),
    further: async ({ intent }, changes) => {
      out.actors.add(intent.actor);
      for (const { def, id, before, after } of changes) {
        if (before === undefined) out.records[def.kind] = (out.records[def.kind] ?? 0) + 1;
        if (!def.holdable) continue;
        const { hold } = (after ?? {}) as Holdable;
        if (hold) holds.set(id, { kind: def.kind, id, hold });
        else holds.delete(id);
      }
      return undefined;
    },
  });
  if (options.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; nothing was taken in');
  const [finding] = verified.findings;
  if (finding?.law === 'book.root') throw otherLedger(seen);
  if (finding) {
    const { oid, actor, law, message } = finding;
    const who = actor ? ` by ${actor}` : '';
    throw broken(`entry ${oid.slice(0, 12)}${who} broke law ${law}: ${message}`, { ...finding });
  }
  if (verified.newer) throw new LedgerError('NEWER_FORMAT', `the file has entries of format ${verified.newer.format}`);
  return { ...out, entries: verified.entries, holds: [...holds.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** The entries behind `base` that the book here has not, whatever commit carries them there. */
export async function freshOf(seen: Book, tip: Oid, base: Oid, own: Tip, landed: Book['landed']): Promise<Logged[]> {
  const has = await landed.at(own.book);
  return (await entriesBetween(seen.store, tip, base)).filter(({ entry }) => !has.has(entry.id));
}

/** A commit that is too large to be one of ours. */
function unreadable(error: unknown): [undefined] {
  if (error instanceof LedgerError && error.code === 'BAD_LEDGER') return [undefined];
  throw error;
}

function otherLedger({ names }: Book): LedgerError {
  return new LedgerError(
    'OTHER_LEDGER',
    `the file has another ledger than "${names.ledger}": they share no beginning`,
    {
      hint: 'ledgenter ledger-status',
    },
  );
}

function broken(message: string, details?: { [key: string]: unknown }): LedgerError {
  return new LedgerError('TAMPERED', message, {
    hint: 'ledgenter verify, where the ledger is',
    ...(details ? { details } : {}),
  });
}
