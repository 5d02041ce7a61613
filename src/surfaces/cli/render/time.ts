import type { Group } from '../../../rooms/sessions/cells.ts';
import type { Sheet, Sums } from '../../../rooms/sessions/sheet.ts';
import { GROUP_COLUMNS, headText, shownSum, timeColumns } from '../../../rooms/sessions/written.ts';
import { bold, type Style } from '../terminal.ts';
import { genericLines } from './generic.ts';
import { tableLines } from './table.ts';
import { label, showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

/** `timesheet`: a row a group and the sum below; a CSV or Markdown sheet as it is. */
export function timesheetLines(answer: Row, style: Style): string[] {
  const { csv, markdown, report } = answer;
  if (report !== undefined) return showBlock(JSON.stringify(report, null, 2), '');
  const text = csv ?? markdown;
  if (typeof text === 'string') return showBlock(text, '');
  if (!Array.isArray(answer.rows)) return genericLines(answer, style);
  const rows = answer.rows as (Row & Sums)[];
  const sums = answer.sums as Sums;
  const by = answer.by as Group[];
  if (rows.length === 0) return ['no work session'];
  const times = timeColumns({ rows, total: sums } as unknown as Sheet);
  const names = [...new Set(by.flatMap(group => GROUP_COLUMNS[group]))];
  const columns = [
    ...names.map((name, index) => ({
      title: label(name),
      cells: [...rows.map(row => showLine(row[name]) || '–'), index === 0 ? 'total' : ''],
      flexible: name === 'title' || name === 'label',
    })),
    ...times.map(({ name, title }) => ({
      title,
      cells: aligned([...rows, sums].map(row => shownSum(name, row[name]))),
    })),
  ];
  const lines = tableLines(columns, style);
  const last = lines.pop()!;
  const more = typeof answer.more_rows === 'number' ? [`and ${answer.more_rows} rows more: --format csv`] : [];
  const stray =
    typeof answer.stray_corrections === 'number'
      ? [`${answer.stray_corrections} corrections name no session and are not counted`]
      : [];
  const remarks = Array.isArray(answer.remarks) ? (answer.remarks as unknown[]).map(showLine) : [];
  const head = headText(answer as unknown as Parameters<typeof headText>[0]);
  return [head, ...lines, ...more, bold(last, style), ...remarks, ...stray];
}

/** Figures stand right. */
function aligned(cells: string[]): string[] {
  const width = Math.max(...cells.map(cell => cell.length));
  return cells.map(cell => cell.padStart(width));
}
