import type { TaskFilter } from '../../rooms/tasks/ports.ts';
import type { Status } from '../../rooms/tasks/record.ts';
import { ASSIGNED, FINISHED, type IndexRow, POOL, SECTION_STATUSES } from './row.ts';

/** Bytes that a line must (or must not) contain to match; where there are `others`, one of them all. */
export interface Needle {
  bytes: Buffer;
  present: boolean;
  others?: readonly Buffer[];
}

/** How to search one section for a filter. */
export interface Probe {
  section: number;
  needles: Needle[];
  /** The needles say it all: a line need not be parsed to be counted. */
  exact: boolean;
}

/** True when the row is what the filter asks for, the clock (`ready`) left aside. */
export function matches(filter: TaskFilter, row: IndexRow): boolean {
  if (row.hidden && !filter.all) return false;
  if (filter.status && !filter.status.includes(row.status)) return false;
  if (filter.project !== undefined && row.project !== filter.project) return false;
  if (filter.projects && (row.project === undefined || !filter.projects.includes(row.project))) return false;
  if (filter.finished_since !== undefined && !(row.finished_at && row.finished_at >= filter.finished_since))
    return false;
  if (filter.parent !== undefined && row.parent !== filter.parent) return false;
  if (filter.child && row.parent === undefined) return false;
  if (filter.holder !== undefined && row.hold?.actor !== filter.holder) return false;
  if (filter.assignee === 'unassigned' ? row.assignee !== undefined : mismatch(filter.assignee, row.assignee)) {
    return false;
  }
  if (filter.labels && !filter.labels.every(label => row.labels.includes(label))) return false;
  const title = filter.text === undefined ? '' : row.title.toLowerCase();
  return words(filter.text).every(word => title.includes(word));
}

const mismatch = (wanted: string | undefined, found: string | undefined) => wanted !== undefined && wanted !== found;
const words = (text: string | undefined): string[] => (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);

/**
 * One probe a section that can hold matches. A quoted needle stands at the row's own field only: quotes inside JSON
 * strings are escaped, and rows are written with their fields in one order.
 */
export function probes(filter: TaskFilter, sections: readonly number[]): Probe[] {
  const out: Probe[] = [];
  for (const section of sections) {
    const possible = SECTION_STATUSES[section]!;
    const wanted = possible.filter(status => !filter.status || filter.status.includes(status));
    if (wanted.length === 0) continue;
    const all = wanted.length === possible.length;
    const needles = fieldNeedles(filter, section);
    if (!needles) continue;
    if (!all && wanted.length === 1) needles.push(has(`"status":${JSON.stringify(wanted[0] as Status)}`));
    const plain = !filter.labels?.length && filter.finished_since === undefined && words(filter.text).length === 0;
    const exact = (all || wanted.length === 1) && plain;
    out.push({ section, needles, exact });
  }
  return out;
}

/** Undefined when the section can hold no match; what all its rows have or lack needs no needle. */
function fieldNeedles(filter: TaskFilter, section: number): Needle[] | undefined {
  const { project, projects, parent, child, holder, assignee, labels, all, finished_since } = filter;
  const needles: Needle[] = [];
  const unassigned = assignee === 'unassigned';
  if (section === POOL ? assignee !== undefined && !unassigned : section === ASSIGNED && unassigned) return undefined;
  if (projects?.length === 0 || (finished_since !== undefined && section !== FINISHED)) return undefined;
  if (!all && section !== POOL && section !== ASSIGNED) needles.push(lacks('"hidden":true'));
  if (project !== undefined) needles.push(has(`"project":${JSON.stringify(project)}`));
  const [first, ...others] = (projects ?? []).map(one => has(`"project":${JSON.stringify(one)}`));
  if (first) needles.push({ ...first, others: others.map(({ bytes }) => bytes) });
  if (parent !== undefined) needles.push(has(`"parent":${JSON.stringify(parent)}`));
  if (child) needles.push(has('"parent":"'));
  if (holder !== undefined) needles.push(has(`"hold":{"actor":${JSON.stringify(holder)}`));
  if (unassigned && section !== POOL) needles.push(lacks('"assignee":"'));
  if (assignee !== undefined && !unassigned) needles.push(has(`"assignee":${JSON.stringify(assignee)}`));
  for (const label of labels ?? []) needles.push(has(JSON.stringify(label)));
  return needles;
}

const has = (text: string): Needle => ({ bytes: Buffer.from(text), present: true });
const lacks = (text: string): Needle => ({ bytes: Buffer.from(text), present: false });

/**
 * A test of lines of `bytes` in rising order: each needle is searched for once along the whole run, by native code,
 * instead of once a line.
 */
export function lineTest(bytes: Buffer, needles: readonly Needle[]): (start: number, end: number) => boolean {
  const tests = needles.map(({ bytes: one, others = [], present }) => {
    const finders = [one, ...others].map(needle => finder(bytes, needle));
    return (start: number, end: number) => finders.some(next => next(start) < end) === present;
  });
  return (start, end) => tests.every(test => test(start, end));
}

/** Where the needle stands next, from rising places on. */
function finder(bytes: Buffer, needle: Buffer): (start: number) => number {
  let next = -1;
  return start => {
    if (next < start) {
      const found = bytes.indexOf(needle, start);
      next = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return next;
  };
}

/** One line alone. */
export function passes(line: Buffer, needles: readonly Needle[]): boolean {
  return needles.every(
    ({ bytes, others = [], present }) => [bytes, ...others].some(needle => line.includes(needle)) === present,
  );
}

/** How often `needle` stands in `bytes`. */
export function occurrences(bytes: Buffer, needle: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) count++;
  return count;
}
