import * as z from 'zod/mini';
import { mark, word } from '../kernel/fields.ts';

/** Items of a list answered when the caller names no limit. */
export const PAGE = 20;
/** Free text longer than this many characters is cut in answers that show several things. */
export const CUT = 2_000;

/** `cursor` and `fields`, as every list takes them; `limit` comes beside. */
export const pageFields = () => ({
  cursor: z.optional(mark(z.string().check(z.maxLength(512)), { machine: true })),
  fields: z.optional(z.array(mark(word(), { machine: true, word: true })).check(z.maxLength(40))),
});

/** The asked-for fields of a row, its name always among them; the row itself when none were asked for. */
export function pick<R extends object>(row: R, fields: string[] | undefined, name: string): Partial<R> {
  if (!fields) return row;
  const kept = Object.entries(row).filter(([key]) => key === name || fields.includes(key));
  return Object.fromEntries(kept) as Partial<R>;
}

/** One page of rows that are sorted by `name`; the cursor is the name of the last row of the page before. */
export function keyedPage<R extends object>(
  rows: readonly R[],
  name: keyof R & string,
  page: { limit?: number | undefined; cursor?: string | undefined },
): { items: R[]; total: number; cursor?: string } {
  const { cursor } = page;
  const from = cursor === undefined ? 0 : rows.findIndex(row => String(row[name]) > cursor);
  const start = from < 0 ? rows.length : from;
  const items = rows.slice(start, start + (page.limit ?? PAGE));
  const more = start + items.length < rows.length;
  return { items, total: rows.length, ...(more ? { cursor: String(items.at(-1)![name]) } : {}) };
}

/** Cuts `text` between characters; undefined when it is short enough. */
export function cut(text: string, max = CUT): string | undefined {
  if (text.length <= max) return undefined;
  const end = /[\ud800-\udbff]/.test(text[max - 1]!) ? max - 1 : max;
  return `${text.slice(0, end)}…`;
}

/** One page of rows by the time in `time`, newest first; the cursor is the time and id of the last row of the page before. */
export function newestPage<R extends { id: string }>(
  rows: readonly R[],
  time: keyof R & string,
  page: { limit?: number | undefined; cursor?: string | undefined },
): { items: R[]; total: number; cursor?: string } {
  const place = (row: R): string => `${String(row[time])} ${row.id}`;
  const sorted = [...rows].sort((a, b) => (place(a) < place(b) ? 1 : -1));
  const from = page.cursor === undefined ? 0 : sorted.findIndex(row => place(row) < page.cursor!);
  const start = from < 0 ? sorted.length : from;
  const items = sorted.slice(start, start + (page.limit ?? PAGE));
  const more = start + items.length < sorted.length;
  return { items, total: rows.length, ...(more ? { cursor: place(items.at(-1)!) } : {}) };
}
