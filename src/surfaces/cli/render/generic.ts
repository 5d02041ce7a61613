import { bold, type Style } from '../terminal.ts';
import { tableLines } from './table.ts';
import { isPlain, label, showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isRows = (value: unknown): value is Row[] => Array.isArray(value) && value.length > 0 && value.every(isRow);

/** Columns that hold sentences: they give way on a narrow terminal. */
const FLEXIBLE = new Set([
  'title',
  'text',
  'summary',
  'reason',
  'message',
  'says',
  'subject',
  'labels',
  'name',
  'detail',
  'snippet',
]);

/** A list of records as a table; only what fits on one line. */
export function rowsLines(rows: Row[], style: Style, columns?: readonly string[]): string[] {
  const keys =
    columns ?? [...new Set(rows.flatMap(row => Object.keys(row)))].filter(key => rows.every(row => !isRow(row[key])));
  const shown = keys.map(key => ({
    title: label(key),
    cells: rows.map(row => showLine(row[key])),
    flexible: FLEXIBLE.has(key),
  }));
  return tableLines(shown, style);
}

/** One record: its id and title, then a line a field, then its long texts and lists. */
export function cardLines(record: Row, style: Style, indent = ''): string[] {
  const { id, title, ...rest } = record;
  const lines: string[] = [];
  const head = [id, title].filter(part => typeof part === 'string').map(showLine);
  if (head.length > 0) lines.push(indent + bold(head.join('  '), style));
  const inner = head.length > 0 ? `${indent}  ` : indent;
  const entries = Object.entries(rest).filter(([, value]) => !isEmpty(value));
  const size = Math.min(20, Math.max(0, ...entries.filter(([, value]) => isShort(value)).map(([key]) => key.length)));
  for (const [key, value] of entries)
    if (isShort(value)) lines.push(`${inner}${label(key).padEnd(size)}  ${showLine(value)}`.trimEnd());
  for (const [key, value] of entries) if (!isShort(value)) lines.push(...sectionLines(key, value, style, inner));
  return lines;
}

function sectionLines(key: string, value: unknown, style: Style, indent: string): string[] {
  const heading = `${indent}${label(key)}:`;
  const inner = `${indent}  `;
  if (typeof value === 'string') return [heading, ...showBlock(value, inner)];
  if (isRows(value)) {
    const narrow = { ...style, width: style.width - inner.length };
    return [heading, ...rowsLines(value, narrow).map(line => inner + line)];
  }
  if (Array.isArray(value)) return [heading, ...value.map(item => `${inner}- ${showLine(item)}`)];
  return [heading, ...cardLines(value as Row, style, inner)];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Fits on a line of its own behind a label. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\n') && value.length <= 200;
  return isPlain(value) || (Array.isArray(value) && value.every(isPlain) && value.join(', ').length <= 200);
}

/** Any answer: its one record as a card, its lists as tables, the rest a line a field. */
export function genericLines(answer: Row, style: Style): string[] {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(answer)) {
    if (isRows(value)) lines.push(...rowsLines(value, style));
    else if (Array.isArray(value) && value.length === 0) lines.push(`no ${label(key)}`);
    else if (isRow(value))
      lines.push(...(value.id || value.title ? cardLines(value, style) : sectionLines(key, value, style, '')));
    else lines.push(...cardLines({ [key]: value }, style));
  }
  return lines;
}
