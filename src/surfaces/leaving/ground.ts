import { definePort } from '../../kernel/operation.ts';

/** Where somebody leaves. */
export interface LeavingGround {
  ledger: string;
  /** Folder of the checkout, and the common git dir of its repository. */
  checkout: string;
  commonDir: string;
  /** Common git dir of the repository that keeps the book: another one where the checkout has a home. */
  book: string;
}

export const leavingPort = definePort<LeavingGround>('leaving-ground');
