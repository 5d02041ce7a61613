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
