import { Book } from '../../book/book.ts';
import type { LandedFile } from '../../book/landed.ts';
import type { Rulebook } from '../../book/rulebook.ts';
import type { Checker } from '../../book/signatures.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Desk } from '../../store/desk.ts';
import type { Commit, Oid, RefUpdate, Store } from '../../store/port.ts';
import { alien, type Claim, parseClaim } from '../claimref.ts';
import { NAMESPACES } from '../namespaces.ts';
import { judgeBook } from './book.ts';
import { judgeClaim } from './claims.ts';
import type { RefLaw } from './laws.ts';
import { judgeQueue } from './queues.ts';
import { isLedgerRef, isNamespace, type Placed, place, there } from './updates.ts';

/** What a gate is made of. */
export interface GateParts {
  /** The receiving repository with the pushed objects in sight. It is read only: nothing is written before git takes the push. */
  store: Store;
  rulebook: Rulebook;
  /** Says what signatures prove. What it cannot check does not pass. */
  checker: Checker;
  /** The server's clock, ms since the epoch. */
  now: () => number;
  /** Where it is kept which entries the book of a ledger has. */
  landed(namespace: string, ledger: string): LandedFile;
  signal?: AbortSignal;
}

/** Why a pushed ref is refused, fit to be told to who pushes. */
export interface Refusal {
  ref: string;
  law: string;
  message: string;
  /** What broke the law: `entry 0123456789ab by anna`, `the claim 0123456789ab by bert`, `its deletion`. */
  what: string;
  oid?: Oid;
  entry?: string;
  actor?: string;
}

export type Finding = Omit<Refusal, 'ref'>;

/** One ledger of the push, and its book as it stands once the push is taken. */
export interface Ledger {
  book: Book;
  signal?: AbortSignal;
  namespace: string;
  /** The ref under which the other namespace has a book of this ledger, or gets one by this push. */
  elsewhere: string | undefined;
  /** The book as it is; null: there is none. */
  was: Oid | null;
  claims: {
    /** What the claim ref of a record shows now. */
    stands(id: string): Promise<Oid | null>;
    /** What it shows once the push is taken; null when the push does not move it, or takes it away. */
    comes(id: string): Oid | null;
  };
  /** The book by which claims and queues are judged: as pushed along, if it was, else as it is. Null: there is none. */
  tip: Oid | null;
}

/** No part of a gate notes anything. */
const noDesk = new Proxy({} as Desk, {
  get() {
    throw new LedgerError('INTERNAL', 'a gate keeps no notes');
  },
});

/**
 * Judges what a push asks for, before git takes it. Refs outside the namespace are passed over.
 * @throws LedgerError CANCELLED when the time is over; whatever else is thrown, the push must not pass
 */
export async function judgePush(
  parts: GateParts,
  updates: readonly RefUpdate[],
): Promise<{ refs: number; entries: number; refused: Refusal[] }> {
  const out = { refs: 0, entries: 0, refused: [] as Refusal[] };
  const ledgers = new Map<string, Placed[]>();
  const once = new Set<string>();
  for (const update of updates) {
    if (!isLedgerRef(update.ref)) continue;
    out.refs++;
    const placed = once.has(update.ref) ? undefined : place(update);
    once.add(update.ref);
    if (!placed) {
      const squats = isNamespace(update.ref);
      // Such a branch may be there since before the gate: it can be taken away.
      if (squats && update.new === null) continue;
      const message = squats
        ? 'ledgers are kept under it, and none could be beside it; choose another name'
        : 'no ledger has a ref of this name';
      out.refused.push({ ref: update.ref, law: 'ref.known', what: 'the name', message });
      continue;
    }
    const key = `${placed.namespace} ${placed.names.ledger}`;
    ledgers.set(key, [...(ledgers.get(key) ?? []), placed]);
  }
  const comes = new Set(updates.filter(update => update.new !== null).map(update => update.ref));
  for (const placed of ledgers.values()) {
    const judged = await judgeLedger(parts, placed, comes);
    out.entries += judged.entries;
    out.refused.push(...judged.refused);
  }
  return out;
}

async function judgeLedger(
  { store, rulebook, checker, now, landed, signal }: GateParts,
  placed: readonly Placed[],
  comes: ReadonlySet<string>,
): Promise<{ entries: number; refused: Refusal[] }> {
  const { namespace, names } = placed[0]!;
  const book = new Book({
    store,
    desk: noDesk,
    rulebook,
    checker,
    ledger: names.ledger,
    now,
    sleep: async () => {},
    random: () => 0,
    landed: landed(namespace, names.ledger),
  });
  const at = async (ref: string): Promise<Oid | null> => (await store.refs(ref)).get(ref) ?? null;
  const twins = NAMESPACES.filter(other => other !== namespace).map(other => there(other, names.book));
  let elsewhere: string | undefined;
  for (const twin of twins) if (comes.has(twin) || (await at(twin)) !== null) elsewhere = twin;
  const was = await at(there(namespace, names.book));
  const moves = new Map(placed.filter(({ kind }) => kind === 'claim').map(({ leaf, update }) => [leaf, update.new]));
  const claims: Ledger['claims'] = {
    stands: id => at(there(namespace, names.claim(id))),
    comes: id => moves.get(id) ?? null,
  };
  const ledger: Ledger = { book, namespace, elsewhere, was, tip: was, claims, ...(signal ? { signal } : {}) };
  const out = { entries: 0, refused: [] as Refusal[] };
  // The book first: what is pushed along with it is judged by what it says then.
  const ordered = [...placed].sort((a, b) => Number(b.kind === 'book') - Number(a.kind === 'book'));
  for (const { update, kind, leaf } of ordered) {
    if (signal?.aborted) throw new LedgerError('CANCELLED', 'the time for judging this push is over');
    const finding = moved(update, await at(update.ref), kind) ?? (await judgeOne());
    if (finding) out.refused.push({ ref: update.ref, ...finding });

    async function judgeOne(): Promise<Finding | undefined> {
      if (kind === 'claim') return judgeClaim(ledger, update, leaf);
      if (kind === 'queue') return judgeQueue(ledger, update);
      const judged = await judgeBook(ledger, update);
      out.entries += judged.entries;
      if (!judged.finding) ledger.tip = update.new;
      return judged.finding;
    }
  }
  return out;
}

const LAW: Record<Placed['kind'], RefLaw> = { book: 'ref.book', claim: 'ref.claim', queue: 'ref.queue' };

/**
 * What a push asks of a ref that shows something else by now. git would refuse that too, but ref by ref: a claim could go
 * with a book that does not come. And it deletes without a comparison what it is told to have been nothing it knows.
 *
 * It says how the refs stand now, not when git moves them: a hook holds no lock, and another push may come in between. git
 * then refuses the ref that has moved, and of a push that is not atomic takes the others, so that the deletion of a claim
 * can go through without the entry that ends its tenure. Clones push atomically, always. No variable tells a hook whether
 * a push is atomic, so that cannot be asked for here; whose claim ref went so keeps the hold that the book shows.
 */
function moved(update: RefUpdate, now: Oid | null, kind: Placed['kind']): Finding | undefined {
  if (update.old === now && !(now === null && update.new === null)) return undefined;
  const what = now === null ? 'is not there' : `stands at ${now.slice(0, 12)}`;
  return { law: LAW[kind], what: 'the push', message: `the ref ${what} by now; fetch first` };
}

/** The claim behind an object that a claim ref shows. */
export async function shownAt({ book }: Ledger, id: string, oid: Oid | null): Promise<Claim | undefined> {
  if (oid === null) return undefined;
  const commit = await commitAt(book.store, oid);
  return commit ? parseClaim(id, commit) : alien(id, oid);
}

/** The commit of an object that anyone may have made; undefined when it is none, or too large for one of ours. */
export async function commitAt(store: Store, oid: Oid | null): Promise<Commit | undefined> {
  if (oid === null) return undefined;
  try {
    return (await store.readCommits([oid]))[0];
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'BAD_LEDGER') return undefined;
    throw error;
  }
}
