import { definePort } from '../../kernel/operation.ts';
import type { PrState, RefType } from '../tasks/record.ts';

/** A code ref as lists show it, with the task it belongs to. */
export interface CodeRow {
  id: string;
  task_id: string;
  ref_type: RefType;
  sha?: string;
  name?: string;
  url?: string;
  /** As it was given: a slug, a fingerprint or an address. */
  repo?: string;
  live: boolean;
  state?: PrState;
  moved_to?: string;
  at: string;
}

export interface CodeFilter {
  task_id?: string | undefined;
  ref_type?: RefType | undefined;
  live?: boolean | undefined;
  /** One repository, by any of its names; a pull request that names none is in the one of its own name. */
  repo?: string | readonly string[] | undefined;
  state?: PrState | undefined;
  /** A commit id, or the beginning of one. */
  sha?: string | undefined;
}

/** The derived, disposable index of code refs (views/), at the tip the context's view reads. */
export interface CodeIndex {
  /** Rows of type commit whose sha is one of these (whole, or either is the beginning of the other, 7 or more characters). */
  bySha(shas: readonly string[]): Promise<CodeRow[]>;
  /** All that match, newest first; `total` counts them, `cursor` goes on after a page. */
  query(
    filter: CodeFilter,
    page: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<{ rows: CodeRow[]; total: number; cursor?: string }>;
  /** All that match, newest first. */
  rows(filter: CodeFilter): Promise<CodeRow[]>;
}

export const codeIndex = definePort<CodeIndex>('code-index');

/** A commit of the checkout, without its author's address. */
export interface SiteCommit {
  sha: string;
  /** When it was written (author's time), UTC. */
  at: string;
  author: string;
  subject: string;
  message: string;
}

/** The checkout that the caller stands in, as git knows it; bounded in time and size. */
export interface CodeSite {
  /** Name of the trailer that names a task (switch `ledgenter.trailer`). */
  trailer: string;
  /** The history is cut off: what is older counts as of the commit it is cut at. */
  shallow: boolean;
  /**
   * A path as the caller writes it (from their folder) → as the repository calls it.
   * @throws LedgerError BAD_INPUT outside of the work tree, NO_REPOSITORY without one
   */
  file(text: string): { path: string; exists: boolean };
  /** Whole ids of what a name of one commit means; undefined when it means none. */
  commit(name: string): Promise<string | undefined>;
  /** What the history says of commits; those that are not here (a shallow clone) are left out. */
  commits(shas: readonly string[]): Promise<SiteCommit[]>;
  /** Who last changed each of these lines of the file as it lies in the work tree; null: nobody has committed it. */
  blame(path: string, from: number, to: number): Promise<{ line: number; sha: string | null }[]>;
  /** The last commits that changed a file (under its older names too) or a folder, newest first. */
  history(path: string, limit: number): Promise<SiteCommit[]>;
}

export const codeSite = definePort<CodeSite>('code-site');
