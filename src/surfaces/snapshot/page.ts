import type { Json } from '../../kernel/canonical.ts';
import { line, quote } from './text.ts';

/** A record of a page: the one that it is about, or one in its folder. */
export interface PageRecord {
  kind: string;
  id: string;
  record: { [key: string]: Json };
}

/** Longest page, in UTF-16 units; what lies in the folder of a record beyond it is counted. */
const MAX_PAGE = 1 << 20;
/** Longer than this, or of several lines, a text is a section of its own. */
const SHORT = 120;

/** The page of a record: its short fields as a list, its texts as quotations, then what belongs to it. Same record, same page. */
export function pageOf(about: PageRecord, parts: readonly PageRecord[]): string {
  const { kind, id, record } = about;
  const { title, ...rest } = record;
  const lines = [`# ${typeof title === 'string' ? line(title) : id}`, '', `- ${kind}: ${id}`];
  lines.push(...fieldsOf(rest, '##'));
  let size = lines.reduce((sum, text) => sum + text.length, 0);
  let kept = 0;
  for (const part of inOrder(parts)) {
    const own = ['', `## ${part.kind} ${part.id}`, '', ...fieldsOf(part.record, '###')];
    size += own.reduce((sum, text) => sum + text.length, 0);
    if (size > MAX_PAGE) break;
    lines.push(...own);
    kept++;
  }
  if (kept < parts.length) lines.push('', `${parts.length - kept} more are left out: ledgenter ${kind} get ${id}`);
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** By kind, then by when they were made, where they say it. */
function inOrder(parts: readonly PageRecord[]): PageRecord[] {
  const key = ({ kind, id, record }: PageRecord): string => `${kind} ${record.at ?? record.created_at ?? ''} ${id}`;
  return [...parts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function fieldsOf(record: { [key: string]: Json }, heading: string): string[] {
  const short: string[] = [];
  const long: string[] = [];
  for (const [name, value] of Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isEmpty(value)) continue;
    if (typeof value === 'string' && (value.length > SHORT || value.includes('\n')))
      long.push('', `${heading} ${name}`, '', quote(value));
    else if (Array.isArray(value) && value.some(item => typeof item !== 'string' || item.length > SHORT))
      long.push('', `${heading} ${name}`, '', ...value.map(item => `- ${shown(item)}`));
    else short.push(`- ${name}: ${shown(value)}`);
  }
  return [...short, ...long];
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Any value in one line. */
function shown(value: Json): string {
  if (typeof value === 'string') return line(value);
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => `${name}: ${shown(item as Json)}`)
      .join('; ');
  return String(value);
}
