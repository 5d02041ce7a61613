import { literal } from '../markdown.ts';
import type { Group } from './cells.ts';
import { clockText } from './fields.ts';
import type { Sheet, SheetRow, Sums } from './sheet.ts';

/** The columns that a group stands in. */
export const GROUP_COLUMNS: Readonly<Record<Group, readonly string[]>> = {
  actor: ['actor', 'kind'],
  project: ['project', 'billable'],
  task: ['task_id', 'title'],
  label: ['label'],
  day: ['day'],
  week: ['week'],
};

const SUMS = ['measured_ms', 'correction_ms', 'total_ms', 'overlap_ms', 'once_ms', 'billable_ms'] as const;

const columnsOf = (by: readonly Group[]): string[] => [...new Set(by.flatMap(group => GROUP_COLUMNS[group]))];

const said = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? ''));

/**
 * A cell of text in CSV. A spreadsheet reads what begins with one of these as a formula and would run it: an apostrophe
 * before it makes it text. Numbers are ours and go as they are.
 */
export function csvCell(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = said(value).replace(/\0/g, '');
  const safe = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]|^\s|\s$|^'/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Hours to six decimals: a second is 0.000278 of one. */
const hours = (ms: number): number => Number((ms / 3_600_000).toFixed(6));

/** RFC 4180 with a head line, no foot: programs add up themselves. Times are hours and, to be exact, milliseconds. */
export function sheetCsv({ rows }: Sheet, by: readonly Group[], round: boolean): string {
  const names = columnsOf(by);
  const head = [...names, 'sessions', 'open', 'hours', ...(round ? ['rounded_hours'] : []), ...SUMS];
  const line = (row: SheetRow) => [
    ...names.map(name => row[name] ?? ''),
    row.sessions,
    row.open,
    hours(row.total_ms),
    ...(round ? [hours(row.rounded_ms ?? 0)] : []),
    ...SUMS.map(name => row[name]),
  ];
  return [head, ...rows.map(line)].map(cells => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** Columns of times that say something: those without corrections or overlaps leave them out. */
export function timeColumns({ rows, total }: Sheet): { name: keyof Sums; title: string }[] {
  const some = (name: keyof Sums) => [total, ...rows].some(row => (row[name] ?? 0) !== 0);
  return [
    { name: 'sessions', title: 'sessions' },
    ...(some('open') ? [{ name: 'open' as const, title: 'open' }] : []),
    ...(some('correction_ms')
      ? [
          { name: 'measured_ms' as const, title: 'measured' },
          { name: 'correction_ms' as const, title: 'corrected' },
        ]
      : []),
    { name: 'total_ms', title: 'time' },
    ...(total.rounded_ms === undefined ? [] : [{ name: 'rounded_ms' as const, title: 'rounded' }]),
    ...(some('overlap_ms')
      ? [
          { name: 'overlap_ms' as const, title: 'at once' },
          { name: 'once_ms' as const, title: 'counted once' },
        ]
      : []),
    ...(some('billable_ms') ? [{ name: 'billable_ms' as const, title: 'billable' }] : []),
  ];
}

/** A sum as people read it. */
export const shownSum = (name: keyof Sums, value: number | undefined): string =>
  name.endsWith('_ms') ? clockText(value ?? 0) : String(value ?? 0);

/** What has to be said below a sheet. */
export function remarksOf({ total, by_kind }: Sheet, by: readonly Group[]): string[] {
  const kinds = Object.entries(by_kind).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...(kinds.length > 1 ? [kinds.map(([kind, ms]) => `${kind} ${clockText(ms)}`).join(', ')] : []),
    ...(total.open > 0
      ? [`${total.open} of the sessions ${total.open === 1 ? 'is' : 'are'} open: counted to now`]
      : []),
    ...(total.overlap_ms > 0
      ? [
          `${clockText(total.overlap_ms)} was in several sessions at once; counted once it is ${clockText(total.once_ms)}`,
        ]
      : []),
    ...(by.includes('label') ? ['a task with several labels counts for each of them, in the total once'] : []),
  ];
}

export function sheetMarkdown(sheet: Sheet, by: readonly Group[], head: string): string {
  const names = columnsOf(by);
  const times = timeColumns(sheet);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const sums = (row: Sums) => times.map(({ name }) => shownSum(name, row[name]));
  return [
    `# Timesheet`,
    '',
    head,
    '',
    line([...names.map(name => name.replace(/_/g, ' ')), ...times.map(({ title }) => title)]),
    line([...names.map(() => '---'), ...times.map(() => '---:')]),
    ...sheet.rows.map(row => line([...names.map(name => literal(said(row[name]))), ...sums(row)])),
    line([
      ...names.map((_, index) => (index === 0 ? '**total**' : '')),
      ...sums(sheet.total).map(text => `**${text}**`),
    ]),
    ...remarksOf(sheet, by).flatMap(text => ['', text]),
    '',
  ].join('\n');
}

/** What the sheet is of, in one line. */
export function headText({
  since,
  until,
  tz,
  as_of,
}: {
  since?: string;
  until?: string;
  tz: string;
  as_of: string;
}): string {
  const bounds = [...(since ? [`from ${since}`] : []), ...(until ? [`until ${until}`] : [])].join(' ');
  return `${bounds === '' ? 'All sessions' : `Sessions ${bounds}`}, days in ${tz}, as of ${as_of}.`;
}
