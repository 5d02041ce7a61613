import { type Entry, FORMAT, type Intent, type Stamp } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { epochMs, instant } from '../kernel/time.ts';
import { type FileChange, Overlay, type Reader, View } from '../kernel/view.ts';
import type { Desk } from '../store/desk.ts';
import type { Commit, FileEdit, Oid, RefUpdate, Store } from '../store/port.ts';
import { type Enacted, enact, type Outcome } from './enact.ts';
import { entryMeta, isEntry, type NoEntry, parseEntry } from './entry.ts';
import { genesisOid, makeGenesis } from './genesis.ts';
import { type LandedFile, LandedIndex } from './landed.ts';
import { CommitReader } from './reader.ts';
import { type RefNames, refNames } from './refs.ts';
import { noteChanges } from './reserved.ts';
import type { Rulebook } from './rulebook.ts';
import { authorityAt, type Checker, Signatures, type Signer } from './signatures.ts';

/** What the book needs of the machine; a test or a simulation gives its own. */
export interface BookParts {
  store: Store;
  desk: Desk;
  rulebook: Rulebook;
  ledger: string;
  /** ms since the epoch. */
  now: () => number;
  /** Waits so many ms; tests hold it. */
  sleep: (ms: number) => Promise<void>;
  /**
   * Commits that were found lawful before, by the same laws; an id stands for everything below it. Clones that share one
   * process (a simulation) share it.
   */
  judged?: Set<Oid>;
  /** Where it is kept which entries the book has; without it in memory. */
  landed?: LandedFile;
  /** Uniform in [0, 1): spreads writers that lost a swap. */
  random: () => number;
  /** Signs what its actor writes; absent where entries are not signed. */
  signer?: Signer;
  checker?: Checker;
}

/** Where the local chain stands: `at` is what reads and writes go by. */
export interface Tip {
  book: Oid;
  draft: Oid | null;
  at: Oid;
}

export interface Written {
  kind: 'written';
  oid: Oid;
  tip: Tip;
  enacted: Enacted;
}

/** Files and folders that one reader keeps at most: a server may stay at one tip for days. */
const MAX_READ = 1000;
/** How often a write re-decides before it says BUSY; a hundred local writers need about 3 each. */
const TRIES = 60;
/** Programs that sign at once. */
const SIGNERS = 4;

/** The local chain of entries: decide, laws, objects, compare-and-swap. */
export class Book {
  readonly store: Store;
  readonly desk: Desk;
  readonly rulebook: Rulebook;
  readonly names: RefNames;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly judged: Set<Oid> | undefined;
  readonly signatures: Signatures | undefined;
  readonly checker: Checker | undefined;
  readonly landed: LandedIndex;
  #reader: CommitReader | undefined;
  #lastTip: Tip | undefined;
  /** Put behind every subject; ` [skip ci]` where branches carry the ledger. */
  marker = '';
  /** Decides made since this process began: the stampede test reads it. */
  decides = 0;

  constructor(parts: BookParts) {
    this.store = parts.store;
    this.desk = parts.desk;
    this.rulebook = parts.rulebook;
    this.names = refNames(parts.ledger);
    this.now = parts.now;
    this.sleep = parts.sleep;
    this.random = parts.random;
    this.judged = parts.judged;
    this.signatures = parts.signer && new Signatures(parts.signer);
    this.checker = parts.checker;
    this.landed = new LandedIndex(parts.store, parts.landed);
  }

  /** The tip, undefined when there is no ledger here yet. */
  async tryTip(): Promise<Tip | undefined> {
    const [books, drafts] = await Promise.all([this.store.refs(this.names.book), this.store.refs(this.names.draft)]);
    const book = books.get(this.names.book);
    if (book === undefined) return undefined;
    const draft = drafts.get(this.names.draft) ?? null;
    this.#lastTip = { book, draft, at: draft ?? book };
    return this.#lastTip;
  }

  /** The tip as this process saw it last, else as it is: for what does not change from entry to entry. */
  async someTip(): Promise<Tip | undefined> {
    return this.#lastTip ?? this.tryTip();
  }

  /** @throws LedgerError NO_LEDGER */
  async tip(): Promise<Tip> {
    const tip = await this.tryTip();
    const { ledger } = this.names;
    // Where a ledger of another name is asked for, the name is what is wrong more often than the ledger.
    if (!tip)
      throw new LedgerError('NO_LEDGER', `this repository has no ledger "${ledger}"`, {
        ...(ledger === 'main' ? {} : { hint: 'ledgenter ledger list' }),
      });
    return tip;
  }

  /** The tree of a commit; asked for the same one again, what was read is not read twice. */
  reader(commit: Oid): CommitReader {
    if (this.#reader?.commit !== commit || this.#reader.size > MAX_READ) {
      this.#reader = new CommitReader(this.store, commit);
    }
    return this.#reader;
  }

  view(commit: Oid): View {
    return new View(this.reader(commit));
  }

  /** Makes the genesis commit here if there is no book; never moves one that is there. */
  async found(): Promise<Tip> {
    const tip = await this.tryTip();
    if (tip) return tip;
    const genesis = await makeGenesis(this.store, this.names.ledger);
    await this.store.swap([{ ref: this.names.book, old: null, new: genesis }]);
    return this.tip();
  }

  async entryAt(oid: Oid): Promise<{ commit: Commit; entry: Entry | NoEntry }> {
    const [commit] = await this.store.readCommits([oid]);
    if (!commit) throw new LedgerError('BAD_LEDGER', `commit ${oid} of the book is missing`);
    return { commit, entry: parseEntry(commit) };
  }

  /**
   * The stamp of an entry that goes on `parent`: this clone's next number, a time never before the parent's nor below the
   * number in ms (law `book.order`). `apart`: the
   * entry lies on no local chain but lands by a push of its own; it counts under a name of its own, or it would make
   * everything that siblings write meanwhile look out of order.
   * @throws LedgerError BAD_LEDGER when `parent` is neither an entry nor the genesis, NEWER_FORMAT above what we write
   */
  async stampOn(parent: Oid, apart?: 'claim'): Promise<Stamp> {
    const { entry } = await this.entryAt(parent);
    const own = await this.desk.writer();
    const writer = apart ? `${own}-${apart}` : own;
    const last = isEntry(entry) ? entry.stamp : undefined;
    if (!last && parent !== genesisOid(this.names.ledger, this.store.objectFormat))
      throw new LedgerError('BAD_LEDGER', `${parent} is not an entry of this ledger`);
    if (isEntry(entry) && entry.intent.format > FORMAT)
      throw new LedgerError(
        'NEWER_FORMAT',
        `the book has format ${entry.intent.format}; this ledgenter writes ${FORMAT}`,
      );
    const n = await this.desk.nextNumber(last?.writer === writer ? last.n : 0);
    return { writer, n, landed: instant(Math.max(this.now(), last ? epochMs(last.landed) : 0, n)) };
  }

  meta(entry: Entry, lander: string) {
    const operation = this.rulebook.write(entry.intent.op);
    const says = operation ? operation.subject(entry.intent.input as never, entry.intent) : entry.intent.op;
    return entryMeta(entry, says + this.marker, lander);
  }

  /**
   * Decides and judges a new intent on a state: the one way in which an intent becomes an entry, so that none is written
   * without its signature where its actor signs.
   */
  decide(before: Reader, intent: Intent, stamp: Stamp, carried?: Reader): Promise<Outcome> {
    const sign = this.signatures && (async () => this.signatures!.of(intent, await authorityAt(new View(before))));
    return enact(this.rulebook, before, intent, stamp, carried, sign, this.checker);
  }

  /** Decides an entry that somebody wrote before, with the signature that it has. */
  redecide(before: Reader, { intent, signature }: Pick<Entry, 'intent' | 'signature'>, stamp: Stamp, carried?: Reader) {
    return enact(this.rulebook, before, intent, stamp, carried, signature, this.checker);
  }

  /** Signs many entries before anybody waits for a lock of ours. @throws LedgerError NOT_SIGNED */
  async presign(intents: readonly Intent[]): Promise<void> {
    if (!this.signatures?.waits(intents[0]!)) return;
    const authority = await authorityAt(this.view((await this.tip()).at));
    for (let at = 0; at < intents.length; at += SIGNERS)
      await Promise.all(intents.slice(at, at + SIGNERS).map(intent => this.signatures!.of(intent, authority)));
  }

  /**
   * One local transaction: lock (politeness) → tip → decide → laws → objects → compare-and-swap; decided anew when the
   * swap is lost. `draft` writes on the provisional chain; `beside` adds ref updates that must hold with it.
   * @throws LedgerError the refusal of the decide or of a law; BUSY after 60 lost swaps.
   */
  async transact(
    intent: Intent,
    options: {
      carry?: FileChange[];
      draft?: boolean;
      beside?: (enacted: Enacted) => Promise<RefUpdate[]>;
      /** Called between deciding and the swap; a test forces a race here, a release stops holding here. */
      beforeSwap?: (enacted: Enacted) => Promise<void>;
      /** A last word on what the laws allow. @throws LedgerError when it must not be written */
      check?: (enacted: Enacted) => void;
    } = {},
  ): Promise<Written | { kind: 'same'; result: Enacted['result']; tip: Tip }> {
    // Signing may wait for a person: nobody else waits with them, and what is refused anyway asks for no touch.
    if (this.signatures?.waits(intent)) {
      const { at } = await this.tip();
      const first = await this.#decideAt(at, intent, options.carry ?? []);
      if (first.kind === 'refused') throw first.error;
    }
    return this.desk.politely('book', async () => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const tip = await this.tip();
        this.decides++;
        const outcome = await this.#decideAt(tip.at, intent, options.carry ?? []);
        if (outcome.kind === 'refused') throw outcome.error;
        if (outcome.kind === 'same') return { kind: 'same' as const, result: outcome.result, tip };
        options.check?.(outcome);
        const files: FileEdit[] = outcome.files;
        const oid = await this.store.commit([tip.at], files, this.meta(outcome.entry, intent.actor));
        const beside = (await options.beside?.(outcome)) ?? [];
        await options.beforeSwap?.(outcome);
        const swap = await this.store.swap([...this.advance(tip, oid, options.draft === true), ...beside]);
        if (swap.ok) {
          await noteChanges(this, outcome.changes);
          const draft = tip.draft !== null || options.draft ? oid : null;
          return {
            kind: 'written' as const,
            oid,
            tip: { book: draft ? tip.book : oid, draft, at: oid },
            enacted: outcome,
          };
        }
        await this.sleep(this.random() * 4 * Math.min(attempt + 1, 10));
      }
      throw new LedgerError('BUSY', 'too many processes write this ledger at once');
    });
  }

  async #decideAt(at: Oid, intent: Intent, carry: FileChange[]): Promise<Outcome> {
    const before = this.reader(at);
    const stamp = await this.stampOn(at);
    return this.decide(before, intent, stamp, new Overlay(before, carry));
  }

  /** Ref updates that move the local chain from `tip` to `oid`, holding for both of its refs. */
  advance(tip: Tip, oid: Oid, draft: boolean): RefUpdate[] {
    const { book, draft: draftRef } = this.names;
    if (tip.draft !== null || draft) {
      return [
        { ref: book, old: tip.book, new: tip.book },
        { ref: draftRef, old: tip.draft, new: oid },
      ];
    }
    return [
      { ref: book, old: tip.book, new: oid },
      { ref: draftRef, old: null, new: null },
    ];
  }
}
