import { definePort } from '../../kernel/operation.ts';

/** Where the code that is released lies. */
export interface Releasing {
  /** Folder of the checkout. @throws LedgerError NO_REPOSITORY outside of one */
  readonly cwd: string;
}

export const releasingPort = definePort<Releasing>('releasing');
