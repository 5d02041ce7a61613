import type { Book, Tip } from '../../book/book.ts';
import type { Logged } from '../../book/history.ts';
import { GrowingTip } from '../../book/lay.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { ADOPTION } from '../../kernel/law.ts';
import type { Oid } from '../../store/port.ts';
import type { Clone } from '../clone.ts';
import { fence } from '../fence.ts';
import { type FetchOptions, knownClaims } from '../fetch.ts';

/** An entry of a file that the book here does not take. */
export interface Conflict {
  entry: string;
  op: string;
  actor: string;
  at: string;
  /** The record that it acts on, where its operation names one. */
  on?: string;
  code: string;
  reason: string;
}

/** Entries of another book laid on this one, in memory. */
export interface Laid {
  growing: GrowingTip;
  written: number;
  /** Said here already by other entries. */
  same: number;
  /** Settings, roles and keys of the other ledger, which this one does not take over. */
  settings: number;
  conflicts: Conflict[];
}

/**
 * What a ledger decides of itself: settings, roles and keys. A file has no say in it, whoever it says wrote them: without
 * signatures a name in a file is only a name. Actors come in with their own first entries, as members.
 */
const isSetting = (op: string): boolean => /^(ledger|actor)\./.test(op) && op !== ADOPTION;

/**
 * Decides the entries of another book anew on this one, as a sync does with those of this clone: what a law, the order of
 * their clone or the fence refuses is a conflict. Nothing is written.
 * @param book reads both; `GrowingTip.commit` writes with it
 */
export async function layArrival(
  clone: Clone,
  book: Book,
  own: Tip,
  fresh: readonly Logged[],
  options: FetchOptions,
): Promise<Laid> {
  const growing = await GrowingTip.on(book, own.book);
  const out: Laid = { growing, written: 0, same: 0, settings: 0, conflicts: [] };
  const landed = await clone.book.landed.at(own.book, options);
  const claims = clone.self ? undefined : await knownClaims(clone);
  for (const [index, { oid, entry }] of fresh.entries()) {
    if (options.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped; nothing was taken in');
    if (index % 100 === 0) options.progress?.(index, fresh.length, 'laying entries');
    const { writer, n } = entry.stamp;
    if (isSetting(entry.intent.op)) {
      out.settings++;
      continue;
    }
    const laid =
      landed.last(writer) >= n
        ? refusal('a later entry of its clone is here already')
        : await growing.lay({ oid, entry }, clone.lander, enacted => claims && fence(clone, claims, enacted));
    if (laid.kind === 'lawful') out.written++;
    else if (laid.kind === 'same') out.same++;
    else out.conflicts.push(conflictOf(book, entry, laid.error));
  }
  return out;
}

function refusal(message: string): { kind: 'refused'; error: LedgerError } {
  return { kind: 'refused', error: new LedgerError('REFUSED', message) };
}

function conflictOf(book: Book, { id, intent }: Logged['entry'], { code, message }: LedgerError): Conflict {
  const on = book.rulebook.target(intent)?.id;
  const { op, actor, at } = intent;
  return { entry: id.slice(0, 16), op, actor, at, ...(on === undefined ? {} : { on }), code, reason: message };
}

/** Swaps that others may win before this one gives up. */
const TRIES = 20;

/**
 * Lays the entries and moves the book, in one step: all of them or none.
 * @throws LedgerError FINDINGS with the conflicts, when there are any by now; BUSY
 */
export async function addArrival(
  clone: Clone,
  fresh: readonly Logged[],
  options: FetchOptions,
): Promise<{ tip: Oid; laid: Laid }> {
  return clone.desk.politely('book', async () => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const own = await clone.book.tip();
      if (own.draft !== null) throw draftWaits();
      const laid = await layArrival(clone, clone.book, own, fresh, options);
      if (laid.conflicts.length > 0) throw conflicting(laid.conflicts);
      const tip = (await laid.growing.commit()).at(-1);
      if (tip === undefined) return { tip: own.book, laid };
      if ((await clone.store.swap(clone.book.advance(own, tip, false))).ok) return { tip, laid };
    }
    throw new LedgerError('BUSY', 'too many processes write this ledger at once');
  });
}

/** Told in full up to so many. */
const TOLD = 50;

export function conflicting(conflicts: readonly Conflict[]): LedgerError {
  const [first] = conflicts;
  const message = `${conflicts.length} entries of the file do not fit in this ledger: ${first!.op} by ${first!.actor}: ${first!.reason}`;
  return new LedgerError('FINDINGS', message, {
    hint: 'ledgenter import <file> --ids new',
    details: { conflicts: conflicts.slice(0, TOLD), total: conflicts.length },
  });
}

export function draftWaits(): LedgerError {
  return new LedgerError('REFUSED', 'a provisional claim waits here for the remote: nothing is imported under it', {
    hint: 'ledgenter sync',
  });
}
