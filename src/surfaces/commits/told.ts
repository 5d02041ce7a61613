import { LedgerError } from '../../kernel/errors.ts';

/** What a person reads of what a hook did: lines on stderr, and whether git shall stop. */
export interface Told {
  said: string[];
  refused?: true;
}

/** A refusal of the ledger in one line, with the next command. */
export function lineOf(error: unknown): string {
  if (!(error instanceof LedgerError)) throw error;
  return `${error.message}; ${error.hint}`;
}
