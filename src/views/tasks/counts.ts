import { STATUSES, type Status } from '../../rooms/tasks/record.ts';
import { type IndexRow, SECTIONS, sectionOf } from './row.ts';

/** Numbers of rows that hold at any time of day: by status (shown and hidden apart) and by section. */
export interface Counts {
  shown: number[];
  hidden: number[];
  sections: number[];
}

export function noCounts(): Counts {
  return { shown: STATUSES.map(() => 0), hidden: STATUSES.map(() => 0), sections: SECTIONS.map(() => 0) };
}

/** Adds `row` `times` times (-1 takes it out). */
export function tally(counts: Counts, row: IndexRow, times: number): void {
  const list = row.hidden ? counts.hidden : counts.shown;
  list[STATUSES.indexOf(row.status)]! += times;
  counts.sections[sectionOf(row)]! += times;
}

export function copyCounts({ shown, hidden, sections }: Counts): Counts {
  return { shown: [...shown], hidden: [...hidden], sections: [...sections] };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export function countOf(list: readonly number[], status: Status): number {
  return list[STATUSES.indexOf(status)] ?? 0;
}

/** True for counts that were read back whole. */
export function areCounts(value: unknown): value is Counts {
  const { shown, hidden, sections } = (value ?? {}) as Partial<Counts>;
  const good = (list: unknown, length: number) =>
    Array.isArray(list) && list.length === length && list.every(one => Number.isSafeInteger(one) && one >= 0);
  return good(shown, STATUSES.length) && good(hidden, STATUSES.length) && good(sections, SECTIONS.length);
}
