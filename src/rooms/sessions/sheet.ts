import { type Cell, cellsOf, type Group } from './cells.ts';
import type { Zones } from './ports.ts';
import { length, type Span, union } from './spans.ts';
import type { Told } from './told.ts';

/** Sums in ms, exact. */
export interface Sums {
  sessions: number;
  /** Of them, still open: counted to now. */
  open: number;
  /** Sum of the sessions as they were, without what was paused. */
  measured_ms: number;
  /** What corrections make of it. */
  correction_ms: number;
  /** Measured and corrected. */
  total_ms: number;
  /** What of it one actor had in several sessions at once. */
  overlap_ms: number;
  /** The total with every moment of an actor once. */
  once_ms: number;
  /** Of the total, on tasks of projects that are billed. */
  billable_ms: number;
  /** The total, rounded as was asked. */
  rounded_ms?: number;
}

export type SheetRow = { [group: string]: string | boolean | number | undefined } & Sums;

export interface Sheet {
  rows: SheetRow[];
  total: Sums;
  /** Total by kind of actor. */
  by_kind: { [kind: string]: number };
}

interface Rows {
  keys: Record<string, string | boolean>;
  cells: Cell[];
}

/** To the nearest multiple, half of one up. */
export const rounded = (ms: number, to: number): number => Math.floor(ms / to + 0.5) * to;

function sumsOf(cells: readonly Cell[], round: number | undefined): Sums {
  const sessions = new Set(cells.map(({ told }) => told.session));
  const open = new Set<Told['session']>();
  const spans = new Map<string, Span[]>();
  let [measured_ms, added, billable_ms] = [0, 0, 0];
  for (const { told, worked, counted, added: more } of cells) {
    measured_ms += length(worked);
    added += more;
    if (told.billable) billable_ms += length(counted) + more;
    if (told.measured.open) open.add(told.session);
    const own = spans.get(told.session.actor) ?? [];
    own.push(...counted);
    spans.set(told.session.actor, own);
  }
  let [counted, once] = [0, 0];
  for (const each of spans.values()) {
    counted += length(each);
    once += length(union(each));
  }
  const total_ms = counted + added;
  return {
    sessions: sessions.size,
    open: open.size,
    measured_ms,
    correction_ms: total_ms - measured_ms,
    total_ms,
    overlap_ms: counted - once,
    once_ms: once + added,
    billable_ms,
    ...(round === undefined ? {} : { rounded_ms: rounded(total_ms, round) }),
  };
}

/** Names of the groups that a cell counts in: several where a task has several labels. */
function keysOf({ told, day, week }: Cell, by: readonly Group[]): Record<string, string | boolean>[] {
  const { session, kind, project = '', title = '', billable, labels } = told;
  const each: Record<Group, Record<string, string | boolean>[]> = {
    actor: [{ actor: session.actor, kind }],
    project: [{ project, billable }],
    task: [{ task_id: session.task_id, title }],
    label: (labels.length > 0 ? labels : ['']).map(label => ({ label })),
    day: [{ day: day ?? '' }],
    week: [{ week: week ?? '' }],
  };
  return by.reduce<Record<string, string | boolean>[]>(
    (keys, group) => keys.flatMap(key => each[group].map(more => ({ ...key, ...more }))),
    [{}],
  );
}

/** Adds sessions up. Label by label a session counts once for each of its task's labels; the total has it once. */
export function sheetOf(
  told: readonly Told[],
  {
    by,
    window,
    round,
    zones,
    tz,
  }: { by: readonly Group[]; window: Span; round?: number | undefined; zones: Zones; tz: string },
): Sheet {
  const days = by.includes('day') || by.includes('week') ? { zones, tz } : undefined;
  const cells = told.flatMap(one => cellsOf(one, window, days));
  const groups = new Map<string, Rows>();
  for (const cell of cells) {
    for (const keys of keysOf(cell, by)) {
      const name = JSON.stringify(Object.values(keys));
      const rows = groups.get(name) ?? { keys, cells: [] };
      rows.cells.push(cell);
      groups.set(name, rows);
    }
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const rows = sorted.map(({ keys, cells: own }): SheetRow => ({ ...keys, ...sumsOf(own, round) }));
  const by_kind: Sheet['by_kind'] = {};
  for (const { told: one, counted, added } of cells)
    by_kind[one.kind] = (by_kind[one.kind] ?? 0) + length(counted) + added;
  const total = sumsOf(cells, undefined);
  // The foot of a rounded sheet is the sum of what stands above it; of labels each session would be in it several times.
  const foot = rows.reduce((sum, row) => sum + (row.rounded_ms ?? 0), 0);
  const rounds =
    round === undefined ? {} : { rounded_ms: by.includes('label') ? rounded(total.total_ms, round) : foot };
  return { rows, total: { ...total, ...rounds }, by_kind };
}
