import { type Context, definePort } from '../../kernel/operation.ts';

/** Which entries of the book are asked for; everything that is given must hold. */
export interface HistoryFilter {
  /** Entries that changed this task or anything in its folder. */
  task_id?: string;
  /** Entries that changed this project or a task in it. */
  project?: string;
  actor?: string;
  run?: string;
  /** `task.claim`, or a room: `task`. */
  op?: string;
  /** Bounds on `at`, both included. */
  since?: string;
  until?: string;
}

/** One entry as the logbook shows it. */
export interface HistoryRow {
  /** Entry id, 64 hex digits. */
  entry: string;
  /** Commit that carries it. */
  oid: string;
  at: string;
  actor: string;
  run: string;
  op: string;
  /** What it did, as `git log` says it, without the actor. */
  says: string;
  /** Ids of the records it changed, with their letters; at most 20. */
  records: string[];
}

/** One entry with every task that it changed something of. */
export interface WalkedRow extends HistoryRow {
  tasks: readonly string[];
}

/** The history of the book, newest first. */
export interface History {
  /** `cursor` = what the page before answered. `total` counts all that match. */
  entries(
    filter: HistoryFilter,
    page: { limit: number; cursor?: string },
  ): Promise<{ rows: HistoryRow[]; total: number; cursor?: string }>;
  /** All entries, newest first, read only as far as the caller iterates. */
  walk(): Iterable<WalkedRow>;
}

export const historyPort = definePort<History>('history');

/** A new entry, as far as somebody who comes back is told of it. */
export interface RecentEntry {
  entry: string;
  actor: string;
  run: string;
  op: string;
  at: string;
  /** Of its input, where it names them. */
  task_id?: string;
  handoff_id?: string;
  status?: string;
  title?: string;
}

/** The newest entries of the book: cheap to ask, unlike the whole history. */
export interface Recent {
  newest: readonly RecentEntry[];
  /** Those behind an entry, newest first; `more` when it lies further back than is kept. */
  since(entry: string): { entries: readonly RecentEntry[]; more: boolean };
}

export const recentPort = definePort<Recent>('recent');

/** The context as it is at another commit of the book. */
export const contextAtPort = definePort<(commit: string) => Context>('context-at');
