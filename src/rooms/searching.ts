import { definePort, refuse } from '../kernel/operation.ts';

/** What to look for, and where. */
export interface SearchQuery {
  text: string;
  /** Kinds of record; default every kind that says what is searched of it. */
  kinds?: readonly string[] | undefined;
  /** Kind within the kind: `runbook`. */
  sort?: string | undefined;
  tags?: readonly string[] | undefined;
  project?: string | undefined;
  /** What is archived or superseded too. */
  all?: boolean | undefined;
  limit: number;
}

/** One find, best first in a list; never a whole body. */
export interface SearchHit {
  kind: string;
  id: string;
  /** The record that it belongs to (a note's task). */
  owner?: { kind: string; id: string };
  title: string;
  /** Where its body says it. */
  snippet?: string;
  sort?: string;
  tags?: readonly string[];
  project?: string;
  /** Archived or superseded. */
  hidden?: true;
}

/** The search index (views/), at the tip that the context's view reads; derived and disposable. */
export interface SearchIndex {
  /** Kinds of record that can be searched, in order of name. */
  readonly kinds: readonly string[];
  search(query: SearchQuery): Promise<{ hits: SearchHit[]; total: number }>;
}

export const searchIndex = definePort<SearchIndex>('search');

/** @throws LedgerError BAD_INPUT for a kind that is not searched */
export function needKinds(index: SearchIndex, kinds: readonly string[] | undefined): void {
  const unknown = kinds?.find(kind => !index.kinds.includes(kind));
  if (unknown !== undefined)
    refuse('BAD_INPUT', `${unknown} is not searched: kind is one of ${index.kinds.join(', ')}`, {
      hint: 'ledgenter search --help',
    });
}
