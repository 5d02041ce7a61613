import { nextDay } from './fields.ts';
import type { Zones } from './ports.ts';
import { length, type Span, within } from './spans.ts';
import type { Told } from './told.ts';

export const GROUPS = ['actor', 'project', 'task', 'label', 'day', 'week'] as const;
export type Group = (typeof GROUPS)[number];

/** What of one session falls into one day, or into the whole window where no day is asked for. */
export interface Cell {
  told: Told;
  day?: string;
  week?: string;
  worked: Span[];
  counted: Span[];
  /** What corrections add here, ms. */
  added: number;
}

/** ISO 8601: the week of the year that has the day's Thursday, `2026-W01`. */
export function weekOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7));
  const year = at.getUTCFullYear();
  const week = Math.ceil(((at.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** Cuts a session at the bounds of the window and, where they are asked for, at every midnight of the zone. */
export function cellsOf(told: Told, window: Span, days: { zones: Zones; tz: string } | undefined): Cell[] {
  const { span, worked, counted, added } = told.measured;
  // What a correction adds stands where the session ended: its last moment, not the midnight after it.
  const last = span[1] > span[0] ? span[1] - 1 : span[1];
  const cell = (part: Span): Cell => ({
    told,
    worked: within(worked, part),
    counted: within(counted, part),
    added: last >= part[0] && last < part[1] ? added : 0,
  });
  if (!days) return [cell(window)];
  const { zones, tz } = days;
  const cells: Cell[] = [];
  const first = zones.dayOf(Math.max(span[0], window[0]), tz);
  for (let day = first, begins = zones.startOf(day, tz); begins <= last && begins < window[1]; ) {
    const ends = zones.startOf(nextDay(day), tz);
    const one = cell([Math.max(begins, window[0]), Math.min(ends, window[1])]);
    const empty = one.added === 0 && length(one.worked) === 0;
    if (!empty || (cells.length === 0 && ends > last)) cells.push({ ...one, day, week: weekOf(day) });
    day = nextDay(day);
    begins = ends;
  }
  return cells;
}
