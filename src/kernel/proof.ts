import { type Intent, intentText } from './entry.ts';

/** Namespace of our ssh signatures: one made for another purpose (a commit, a file) is none of an entry. */
export const SIGNATURE_NAMESPACE = 'ledgenter';

/** Longest signature that an entry carries, in UTF-16 units. */
export const MAX_SIGNATURE = 8192;

/**
 * What cryptography says of an entry's signature, found out outside of the laws. It speaks of a key, not of a name: whose
 * key it is, the ledger says.
 */
export type Proof =
  | { state: 'none' }
  /** Made over this very text by the key with this fingerprint. */
  | { state: 'good'; key: string }
  | { state: 'bad'; why: string }
  /** By an OpenPGP key that the ledger does not hold for the entry's actor, so nobody can say whether it is good. */
  | { state: 'stranger'; why: string }
  /** This machine lacks what it takes (gpg). */
  | { state: 'unchecked'; why: string };

/**
 * What is signed: the intent, so that the signature survives replay and combining, and the authority of the ledger it was
 * meant for (undefined: the repository itself). Ledgers of one name share genesis and laws: without it, what was signed
 * for one could be landed in another.
 */
export function signedText(intent: Intent, authority: string | undefined): string {
  return `ledgenter entry for ${authority ?? 'this repository'}\n${intentText(intent)}\n`;
}

/** What is signed where a person stands for something that writes no entry: never the text of an entry. */
export function actText(intent: Intent, authority: string | undefined): string {
  return `ledgenter act for ${authority ?? 'this repository'}\n${intentText(intent)}\n`;
}
