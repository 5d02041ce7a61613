import { verify } from '../../book/verify.ts';
import { FORMAT } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { FUTURE_MS } from '../../kernel/hold.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';

import type { RefUpdate } from '../../store/port.ts';
import { fenceOf } from './holds.ts';
import type { Finding, Ledger } from './judge.ts';

/**
 * How far ahead of the server's clock an entry may land, in ms: half of what clones bear, so that what passes here stops
 * none of them whose clock is as far behind.
 */
const AHEAD_MS = FUTURE_MS / 2;

interface Judged {
  entries: number;
  finding?: Finding;
}

/** Every new entry is lawful on its parent, and the book goes forward only (law `ref.book`). */
export async function judgeBook(ledger: Ledger, update: RefUpdate): Promise<Judged> {
  try {
    return await judge(ledger, update);
  } catch (error) {
    // A commit that is too large to be read, wherever in the push it lies.
    const oid = error instanceof LedgerError && error.code === 'BAD_LEDGER' ? error.details?.oid : undefined;
    if (typeof oid !== 'string') throw error;
    const what = `entry ${oid.slice(0, 12)}`;
    return { entries: 0, finding: { law: 'entry.form', what, message: (error as LedgerError).message, oid } };
  }
}

async function judge(ledger: Ledger, { old, new: tip }: RefUpdate): Promise<Judged> {
  const { book, namespace, elsewhere, signal } = ledger;
  const broke = (what: string, message: string): Judged => ({
    entries: 0,
    finding: { law: 'ref.book', what, message },
  });
  if (tip === null) return broke('its deletion', 'a book is never deleted');
  if (old === null && elsewhere !== undefined)
    return broke('the push', `this ledger has its book at ${elsewhere}; a second one would draw clones away from it`);
  if (!(await book.store.readCommits([tip]))[0]) return broke(`the object ${tip.slice(0, 12)}`, 'it is no entry');
  if (old !== null) {
    const shared = await book.store.mergeBase(old, tip);
    if (shared !== old) {
      const where = shared === tip ? 'goes back' : 'leaves out what the book has';
      return broke('the push', `it ${where}; entries are never taken out of a book`);
    }
  }
  const options = signal ? { signal } : {};
  const landed = await book.landed.at(old, options);
  const { entries, findings, newer, names } = await verify(book, tip, old, {
    ...options,
    limit: 1,
    landed,
    ahead: AHEAD_MS,
    // A whole book that comes for the first time meets no claims.
    ...(old === null ? {} : { further: await fenceOf(ledger, old) }),
  });
  if (signal?.aborted) throw new LedgerError('CANCELLED', 'the time for judging this push is over');
  const [found] = findings;
  if (found) {
    const { oid, entry, actor, law, message } = found;
    const who = actor === undefined ? '' : ` by ${actor}`;
    const what = `entry ${oid.slice(0, 12)}${who}`;
    return { entries, finding: { law, what, message, oid, ...(entry ? { entry } : {}), ...(actor ? { actor } : {}) } };
  }
  // Elsewhere such an entry only counts as unproven; a gate that let it pass would be none where it has no gpg.
  const [dark] = [...names].find(([, { unchecked }]) => unchecked > 0) ?? [];
  if (dark !== undefined) {
    const message = 'its signature cannot be checked here: the server needs gpg';
    return { entries, finding: { law: 'entry.signature', what: `an entry by ${dark}`, message, actor: dark } };
  }
  if (newer) {
    const message = `it has format ${newer.format}, this gate knows ${FORMAT}: the server needs a newer ledgenter`;
    return { entries, finding: { law: 'ref.book', what: `entry ${newer.oid.slice(0, 12)}`, message, oid: newer.oid } };
  }
  const settings = await book.view(tip).get(ledgerRecord, 'ledger');
  if (settings?.namespace !== undefined && settings.namespace !== namespace)
    return broke('the book', `it says that its ledger is kept under ${settings.namespace}, not ${namespace}`);
  return { entries };
}
