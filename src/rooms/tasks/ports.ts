import { definePort } from '../../kernel/operation.ts';
import type { Status } from './record.ts';

/** A task as lists show it: never a body. */
export interface TaskRow {
  id: string;
  title: string;
  status: Status;
  priority: number;
  assignee?: string;
  project?: string;
  parent?: string;
  labels: string[];
  due_on?: string;
  start_on?: string;
  created_at: string;
  updated_at: string;
  /** Dependencies that are not done yet. */
  waits_for: string[];
  hold?: { actor: string; run: string; lease_until: string };
  /** Needs an accepted plan before it is ready, and has none. */
  needs_plan?: boolean;
  /** Was done before it was entered. */
  recorded?: boolean;
}

export interface TaskFilter {
  status?: Status[];
  /** Only tasks that can be claimed at `now`. */
  ready?: boolean;
  project?: string;
  /** In any of these projects. */
  projects?: string[];
  /** Only tasks that were done or cancelled at this time or later. */
  finished_since?: string;
  /** An actor, or `unassigned`. */
  assignee?: string;
  labels?: string[];
  parent?: string;
  /** Only tasks that have a parent. */
  child?: boolean;
  holder?: string;
  /** Words that the title must all contain, case-insensitively. */
  text?: string;
  /** Imported tombstones too. */
  all?: boolean;
}

/** Why a task cannot be claimed now; empty = ready. */
export interface Obstacle {
  kind: 'status' | 'held' | 'dependency' | 'start_on' | 'plan' | 'assigned';
  text: string;
}

/** The derived, disposable index of tasks (views/), at the tip the context's view reads. */
export interface TaskIndex {
  counts(now: number): Promise<Record<Status | 'ready' | 'unassigned_ready' | 'all', number>>;
  /** Rows in claim order (priority, due, age, id), `cursor` = id after which to go on. `total` counts all that match. */
  query(
    filter: TaskFilter,
    page: { limit: number; cursor?: string; now: number },
  ): Promise<{ rows: TaskRow[]; total: number; cursor?: string }>;
  /** Ready tasks in claim order, read only as far as the caller iterates; mine first, then unassigned, never another's. */
  claimable(filter: TaskFilter & { actor: string }, now: number): AsyncIterable<TaskRow>;
  explain(id: string, now: number): Promise<Obstacle[]>;
  row(id: string): Promise<TaskRow | undefined>;
}

/** A claim of this run, as this clone knows it: renewals are not in the book. */
export interface HeldClaim {
  id: string;
  lease_until: string;
  provisional?: boolean;
}

/** What the exchange knows and does about this run's own claims. */
export interface Claims {
  /** Live claims of this run and its ancestors. */
  held(): Promise<HeldClaim[]>;
  /**
   * Moves the end of the lease on `id`, `lease` ms from now (default: as long as before).
   * @throws LedgerError NOT_HOLDER when this run does not hold it, LEASE_LAPSED or CLAIM_LOST when it held it, UNREACHABLE
   */
  renew(id: string, lease?: number): Promise<{ lease_until: string }>;
}

export const claims = definePort<Claims>('claims');

/** The task that this worktree is about, as somebody said with `task activate`; in no book. */
export interface ActiveTask {
  /** Its id; undefined when none is active here, or it is in no ledger that this worktree looks at. */
  id(): Promise<string | undefined>;
}

export const activeTask = definePort<ActiveTask>('active-task');

export const taskIndex = definePort<TaskIndex>('task-index');
