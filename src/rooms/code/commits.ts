import { definePort } from '../../kernel/operation.ts';

/** A commit of the code, as a check of its trailers needs it. */
export interface CodeCommit {
  oid: string;
  /** More than one: a merge. */
  parents: number;
  message: string;
}

/** The history of the checkout; implemented in the surfaces. */
export interface CodeHistory {
  /** Name of the trailer that names a task (switch `ledgenter.trailer`). */
  trailer: string;
  /**
   * The commits of `<base>..<head>`, newest first.
   * @throws LedgerError NOT_FOUND when an end of the range is not here, TOO_LARGE for more than 5,000 commits
   */
  between(range: string): Promise<CodeCommit[]>;
}

export const codeHistory = definePort<CodeHistory>('code-history');
