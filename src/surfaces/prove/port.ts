import type { Witnessed } from '../../book/signatures.ts';
import { definePort } from '../../kernel/operation.ts';
import type { Desk } from '../../store/desk.ts';
import type { Environment } from '../../store/git/index.ts';

/** Where checks run, and whose word this clone of the ledger takes for them. */
export interface ProvingGround {
  /** Absolute path of the checkout that the caller stands in; undefined in a bare repository and outside of all. */
  root: string | undefined;
  /** The folder that the caller stands in, as the caller spells it. */
  cwd: string;
  env: Environment;
  desk: Desk;
  /** @throws LedgerError NOT_SIGNED where entries are to be signed and git names no key that could */
  maySign(): Promise<void>;
  /** An entry of the book with what its signature proves; undefined for a commit that is none. */
  witnessed(commit: string): Promise<Witnessed | undefined>;
}

export const provingPort = definePort<ProvingGround>('proving');
