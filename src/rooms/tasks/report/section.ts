import type { Context } from '../../../kernel/operation.ts';
import { cut } from '../../lists.ts';
import type { Task } from '../record.ts';

/** What a report is about. */
export interface Subject {
  context: Context;
  id: string;
  task: Task;
}

/**
 * One section of the report on a task. A section is added by its file and one line in `index.ts`; nothing else knows
 * what there is.
 */
export interface Section<D = unknown> {
  /** Its field in the JSON. */
  key: string;
  /** Its heading in Markdown; the first one has none. */
  title?: string;
  /** What is told, bounded in size; undefined: there is nothing, and no heading either. */
  read(subject: Subject): Promise<D | undefined> | D | undefined;
  /** The same as lines of Markdown. */
  lines(data: D): string[];
}

export function defineSection<D>(section: Section<D>): Section {
  return section as unknown as Section;
}

/** Items of one section, and characters of one text: what is cut says so. */
export const MAX_ITEMS = 100;
const MAX_TEXT = 4_000;

export const short = (text: string): string => cut(text, MAX_TEXT) ?? text;

export interface Items<T> {
  items: T[];
  /** How many more there are. */
  left_out?: number;
}

/** The first of them, or the last; undefined for none. */
export function some<T>(all: readonly T[], end: 'first' | 'last' = 'first'): Items<T> | undefined {
  if (all.length === 0) return undefined;
  const items = end === 'first' ? all.slice(0, MAX_ITEMS) : all.slice(-MAX_ITEMS);
  return { items, ...(items.length < all.length ? { left_out: all.length - items.length } : {}) };
}

/** A line an item, and how many were left out. */
export function listed<T>({ items, left_out }: Items<T>, line: (item: T) => string | string[]): string[] {
  return [...items.flatMap(line), ...(left_out ? ['', `${left_out} more left out.`] : [])];
}

/** Records with their ids, oldest first. */
export function byTime<R extends { at: string }>(all: readonly { id: string; record: R }[]): (R & { id: string })[] {
  const flat = all.map(({ id, record }) => ({ ...record, id }));
  return flat.sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
}
