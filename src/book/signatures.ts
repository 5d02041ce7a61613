import type { Entry, Intent } from '../kernel/entry.ts';
import type { Transition } from '../kernel/law.ts';
import { type Proof, signedText } from '../kernel/proof.ts';
import { View } from '../kernel/view.ts';
import { allowedKeys } from '../rooms/actors/standing.ts';
import { ledgerRecord } from '../rooms/ledger/record.ts';
import type { Oid } from '../store/port.ts';
import type { Book } from './book.ts';
import { isEntry } from './entry.ts';
import { CommitReader } from './reader.ts';

/** Signs what one actor writes. */
export interface Signer {
  actor: string;
  /** An armored signature over the text. @throws LedgerError NOT_SIGNED */
  sign(text: string): Promise<string>;
}

/**
 * Says what a signature over a text proves. OpenPGP is looked at against `keyring` (armored public keys) alone. Never
 * throws: a hostile signature is an answer.
 */
export type Checker = (text: string, signature: string, keyring: readonly string[]) => Promise<Proof>;

/** The remote that an entry on this state is meant for. */
export async function authorityAt(view: View): Promise<string | undefined> {
  return (await view.get(ledgerRecord, 'ledger'))?.authority;
}

/** What the signature of an entry proves between two states. */
export async function prove(checker: Checker | undefined, entry: Entry, before: View, after: View): Promise<Proof> {
  const { signature, intent } = entry;
  if (signature === undefined) return { state: 'none' };
  if (!checker) return { state: 'unchecked', why: 'nothing checks signatures here' };
  const keys = await allowedKeys({ before, after, entry });
  const keyring = keys.filter(({ type }) => type === 'gpg').map(({ key }) => key);
  return checker(signedText(intent, await authorityAt(before)), signature, keyring);
}

/** An entry of the book between its two states, and what its signature proves there. */
export type Witnessed = Omit<Transition, 'changes'>;

/** Undefined for a commit that is no entry. @throws LedgerError BAD_LEDGER when the commit is missing */
export async function witnessedAt(book: Book, oid: Oid): Promise<Witnessed | undefined> {
  const { commit, entry } = await book.entryAt(oid);
  const [parent] = commit.parents;
  if (!isEntry(entry) || parent === undefined) return undefined;
  const at = (commit: Oid): View => new View(new CommitReader(book.store, commit));
  const [before, after] = [at(parent), at(oid)];
  return { before, after, entry, proof: await prove(book.checker, entry, before, after) };
}

/** Signatures that were made before: an entry that is decided anew is the same entry, and nobody touches a key twice. */
export class Signatures {
  readonly #signer: Signer;
  readonly #made = new WeakMap<Intent, { text: string; signature: Promise<string> }>();

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  /** True when this actor's entries are signed, and this one is not yet. */
  waits(intent: Intent): boolean {
    return intent.actor === this.#signer.actor && !this.#made.has(intent);
  }

  /** The signature of an entry of this actor, undefined for that of another. @throws LedgerError NOT_SIGNED */
  async of(intent: Intent, authority: string | undefined): Promise<string | undefined> {
    if (intent.actor !== this.#signer.actor) return undefined;
    const text = signedText(intent, authority);
    let made = this.#made.get(intent);
    if (made?.text !== text) {
      made = { text, signature: this.#signer.sign(text) };
      this.#made.set(intent, made);
    }
    return made.signature;
  }

  /** A signature over any other text. */
  sign(text: string): Promise<string> {
    return this.#signer.sign(text);
  }
}
