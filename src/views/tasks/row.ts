import { isId } from '../../kernel/ids.ts';
import { epochMs, instant, isDate } from '../../kernel/time.ts';
import type { TaskRow } from '../../rooms/tasks/ports.ts';
import { FINAL, STATUSES, type Status } from '../../rooms/tasks/record.ts';

/** A row as the index keeps it: what lists show, and what it takes to bring `waits_for` up to date. */
export interface IndexRow extends TaskRow {
  depends_on: string[];
  /** When it was done or cancelled; only then. */
  finished_at?: string;
  /** Has the label of imported tombstones: in no list unless asked for. */
  hidden?: true;
}

/** The label that hides a task from lists. */
export const HIDING_LABEL = 'tombstone';

/**
 * Where a row stands in the base file. `assigned` and `pool` are ready whatever the time; `timed` is ready or not by
 * the clock (a lease, a start day) or hidden; `waiting` is live and not ready at any time; `finished` is over.
 */
export const SECTIONS = ['assigned', 'pool', 'timed', 'waiting', 'finished'] as const;
export const ASSIGNED = 0;
export const POOL = 1;
export const TIMED = 2;
export const WAITING = 3;
export const FINISHED = 4;

/** Statuses that a row of a section can have. */
export const SECTION_STATUSES: readonly (readonly Status[])[] = [
  ['open'],
  ['open'],
  ['open', 'in_progress'],
  ['open', 'in_progress', 'blocked', 'in_review'],
  FINAL,
];

/** Nothing claims it until somebody opens it again. */
export function isFinished(status: Status): boolean {
  return FINAL.includes(status);
}

/** Lets those go on that depend on it: done, not cancelled. What was called off did not happen. */
export function isDone(status: Status | undefined): boolean {
  return status === 'done';
}

const isText = (value: unknown): value is string => typeof value === 'string';
const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every(isText) ? value : undefined;

/**
 * The row of a task's file, with every dependency still waited for; undefined when the file is no task. The book may
 * hold records of a newer format, or forged ones: only what lists need is looked at, and nothing of it is trusted.
 */
export function readTask(id: string, text: string): IndexRow | undefined {
  let task: Record<string, unknown>;
  try {
    task = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (task === null || typeof task !== 'object') return undefined;
  const { title, status, priority } = task;
  const labels = texts(task.labels);
  const depends = texts(task.depends_on);
  if (!isText(title) || !STATUSES.includes(status as Status) || !labels || !depends) return undefined;
  if (!Number.isInteger(priority) || (priority as number) < 0 || (priority as number) > 4) return undefined;
  if (!isText(task.created_at) || !isText(task.updated_at)) return undefined;
  const waived = texts(task.waived ?? []) ?? [];
  const depends_on = depends.filter(other => isId('t', other) && !waived.includes(other));
  const hold = task.hold as Record<string, unknown> | undefined;
  const held = hold && isText(hold.actor) && isText(hold.run) && isText(hold.lease_until);
  return arranged({
    id,
    title,
    status: status as Status,
    priority: priority as number,
    ...(isText(task.assignee) ? { assignee: task.assignee } : {}),
    ...(isText(task.project) ? { project: task.project } : {}),
    ...(isText(task.parent) ? { parent: task.parent } : {}),
    labels,
    ...(isText(task.due_on) ? { due_on: task.due_on } : {}),
    ...(isText(task.start_on) ? { start_on: task.start_on } : {}),
    created_at: task.created_at,
    updated_at: task.updated_at,
    depends_on,
    waits_for: depends_on,
    ...(held ? { hold: { actor: hold.actor, run: hold.run, lease_until: hold.lease_until } as TaskRow['hold'] } : {}),
    ...(task.plan_required === true && task.plan === undefined ? { needs_plan: true } : {}),
    ...(task.recorded === true ? { recorded: true } : {}),
    ...(isFinished(status as Status) && isText(task.finished_at) ? { finished_at: task.finished_at } : {}),
    ...(labels.includes(HIDING_LABEL) ? { hidden: true } : {}),
  } as IndexRow);
}

/** A finished task waits for nothing any more, whatever becomes of its dependencies. */
function arranged(row: IndexRow): IndexRow {
  return isFinished(row.status) ? { ...row, waits_for: [] } : row;
}

/** The same row waiting for those of its dependencies that `waits` names. */
export function waitingFor(row: IndexRow, waits: (id: string) => boolean): IndexRow {
  return isFinished(row.status) ? row : { ...row, waits_for: row.depends_on.filter(waits) };
}

/** The row as the port shows it. */
export function shown(row: IndexRow): TaskRow {
  const { depends_on: _, hidden: __, finished_at: ___, ...rest } = row;
  return rest;
}

export function sectionOf(row: IndexRow): number {
  if (isFinished(row.status)) return FINISHED;
  const able = (row.status === 'open' || row.status === 'in_progress') && row.waits_for.length === 0 && !row.needs_plan;
  if (!able) return WAITING;
  if (row.status === 'in_progress' || row.start_on !== undefined || row.hidden) return TIMED;
  return row.assignee === undefined ? POOL : ASSIGNED;
}

/** True when nobody holds the row's task at `now` (ms): no lease, or one past its end and the grace (ms). */
export function isUnheld(row: TaskRow, now: number, grace: number): boolean {
  if (row.status !== 'in_progress' || !row.hold) return true;
  const until = epochMs(row.hold.lease_until);
  return Number.isNaN(until) || until + grace < now;
}

export function hasStarted(row: TaskRow, now: number): boolean {
  return row.start_on === undefined || row.start_on <= instant(now).slice(0, 10);
}

/** Can be claimed at `now` (ms) by whom it belongs to. */
export function isReady(row: IndexRow, now: number, grace: number): boolean {
  const able = (row.status === 'open' || row.status === 'in_progress') && row.waits_for.length === 0 && !row.needs_plan;
  return able && hasStarted(row, now) && isUnheld(row, now, grace);
}

/** Nobody's: never assigned, or its holder's lease ran out (then anyone may take it over). */
export function isFree(row: TaskRow): boolean {
  return row.assignee === undefined || row.status === 'in_progress';
}

const NO_DATE = '9999-99-99';
const NO_TIME = '9999-99-99T99:99:99.999Z';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Length of every sort key; the id is its last {@link ID_SIZE} characters. */
export const KEY_SIZE = 47;
export const ID_SIZE = 12;

/** Claim order as ASCII of one length: priority, due day, creation, id. */
export function sortKey(row: TaskRow): string {
  const due = row.due_on !== undefined && isDate(row.due_on) ? row.due_on : NO_DATE;
  const created = INSTANT.test(row.created_at) ? row.created_at : NO_TIME;
  return `${row.priority}${due}${created}${row.id}`;
}
