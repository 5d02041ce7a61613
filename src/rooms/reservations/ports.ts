import { definePort } from '../../kernel/operation.ts';

/** What git is about to commit in the caller's checkout. */
export interface Staged {
  /**
   * Paths whose content or place the commit changes, as git names them from the top of the work tree; of what was renamed
   * the old name too.
   * @throws LedgerError BAD_INPUT where there is no work tree, or more than can be looked at
   */
  paths(): Promise<string[]>;
}

export const stagedPort = definePort<Staged>('staged');
