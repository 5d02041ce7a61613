import { isDeepStrictEqual } from 'node:util';
import { LedgerError } from '../../kernel/errors.ts';
import type { Bytes } from './bytes.ts';
import { bytesOf, textOf, unreadable } from './text.ts';

type Row = Record<string, unknown>;

type Plain = string | readonly string[];

/** A table of ours in a TOML file, of plain values. */
export interface TomlTable {
  /** `['mcp_servers', 'ledgenter']`; bare keys. */
  path: readonly [string, string];
  values: Readonly<Record<string, Plain>>;
  /** Stands above it as a comment. */
  remark: string;
}

interface Toml {
  parse(text: string): unknown;
}

/** Loaded when a file is to be edited. */
async function smolToml(): Promise<Toml> {
  const all = (await import('smol-toml')) as unknown as Toml & { default?: Toml };
  return all.default ?? all;
}

async function parse(text: string, file: string): Promise<Row> {
  const { parse } = await smolToml();
  try {
    return plain(parse(text)) as Row;
  } catch (error) {
    const { line, message } = error as { line?: number; message: string };
    throw unreadable(file, line ?? 1, `no TOML (${message.split('\n')[0]})`);
  }
}

/** Tables as ordinary objects, times as text: fit to be compared. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return { time: value.toISOString() };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

const tableIn = (root: Row, [outer, inner]: TomlTable['path']): Row | undefined =>
  (root[outer] as Row | undefined)?.[inner] as Row | undefined;

function without(root: Row, { path: [outer, inner] }: TomlTable): Row {
  const { [outer]: tables, ...rest } = root;
  const { [inner]: _ours, ...others } = (tables ?? {}) as Row;
  return Object.keys(others).length > 0 ? { ...rest, [outer]: others } : rest;
}

const show = (value: Plain): string =>
  typeof value === 'string' ? JSON.stringify(value).replace(/\u007f/g, '\\u007F') : `[${value.map(show).join(', ')}]`;

/** The file with the table in it, at its end; the same bytes when it says so already. Nothing else is written anew. */
export async function applyToml(file: string, bytes: Bytes, table: TomlTable): Promise<Buffer> {
  const { text, bom, eol } = textOf(bytes, file);
  const root = await parse(text, file);
  const now = tableIn(root, table.path);
  const wanted = Object.entries(table.values);
  if (bytes !== null && now && wanted.every(([name, value]) => isDeepStrictEqual(now[name], value))) return bytes;
  const lines = wanted.map(([name, value]) => `${name} = ${show(value)}`);
  const after = now
    ? replaceValues(text, table, eol)
    : append(text, [`# ${table.remark}`, header(table), ...lines], eol);
  const again = after === undefined ? undefined : await parse(after, file).catch(() => undefined);
  const good =
    again &&
    isDeepStrictEqual(without(again, table), without(root, table)) &&
    isDeepStrictEqual(tableIn(again, table.path), { ...now, ...table.values });
  if (!good) throw notEditable(file, table);
  return bytesOf({ text: after!, bom });
}

const header = ({ path }: Pick<TomlTable, 'path'>): string => `[${path.join('.')}]`;

function append(text: string, lines: string[], eol: string): string {
  const gap = text === '' || text.endsWith(`${eol}${eol}`) ? '' : text.endsWith('\n') ? eol : eol + eol;
  return text + gap + lines.join(eol) + eol;
}

/** The lines of a file; `quoted`: those that begin inside a string of several lines. */
function linesOf(text: string): { lines: string[]; quoted: boolean[] } {
  const lines = text.split(/(?<=\n)/);
  let inside = false;
  const quoted = lines.map(line => {
    const now = inside;
    if ((line.match(/"{3}|'{3}/g) ?? []).length % 2 === 1) inside = !inside;
    return now;
  });
  return { lines, quoted };
}

/**
 * Sets the values in the table that is there, where each stands on one line, and takes out what is undefined; undefined
 * when one does not.
 */
function replaceValues(
  text: string,
  { path, values }: { path: TomlTable['path']; values: Record<string, Plain | undefined> },
  eol: string,
): string | undefined {
  const { lines, quoted } = linesOf(text);
  const at = lines.findIndex((line, index) => !quoted[index] && line.trim() === header({ path }));
  if (at < 0) return undefined;
  const end = lines.findIndex((line, index) => index > at && !quoted[index] && /^\s*\[/.test(line));
  const own = lines.slice(at + 1, end < 0 ? undefined : end);
  for (const [name, value] of Object.entries(values)) {
    const line = own.findIndex(one => new RegExp(`^\\s*${name}\\s*=`).test(one));
    const shown = value === undefined ? [] : [`${name} = ${show(value)}${eol}`];
    if (line < 0) own.unshift(...shown);
    else own.splice(line, 1, ...shown);
  }
  const head = lines[at]!.endsWith('\n') ? lines[at]! : `${lines[at]}${eol}`;
  return [...lines.slice(0, at), head, ...own, ...(end < 0 ? [] : lines.slice(end))].join('');
}

export async function hasToml(file: string, bytes: Bytes, { path }: TomlTable): Promise<boolean> {
  return tableIn(await parse(textOf(bytes, file).text, file), path) !== undefined;
}

/** The file without the table and the tables below it; what others wrote stays. */
export async function withdrawToml(file: string, bytes: Buffer, before: Bytes, table: TomlTable): Promise<Buffer> {
  const { text, bom, eol } = textOf(bytes, file);
  const root = await parse(text, file);
  if (tableIn(root, table.path) === undefined) return bytes;
  const was = tableIn(await parse(textOf(before, file).text, file), table.path);
  const after = was
    ? replaceValues(text, { ...table, values: valuesOf(was, table) }, eol)
    : cutTables(text, table, eol);
  const again = after === undefined ? undefined : await parse(after, file).catch(() => undefined);
  if (after === undefined || !again || !isDeepStrictEqual(without(again, table), without(root, table)))
    throw notEditable(file, table);
  return bytesOf({ text: after, bom });
}

/** What a person's own table said before ours took its place; undefined where it said nothing. */
function valuesOf(was: Row, { values }: TomlTable): Record<string, Plain | undefined> {
  return Object.fromEntries(Object.keys(values).map(name => [name, was[name] as Plain | undefined]));
}

function cutTables(text: string, table: TomlTable, eol: string): string {
  const [outer, inner] = table.path;
  const ours = new RegExp(`^\\s*\\[\\[?\\s*${outer}\\s*\\.\\s*${inner}\\s*[.\\]]`);
  const out: string[] = [];
  const { lines, quoted } = linesOf(text);
  let inside = false;
  // Remarks above the next table belong to it, those between two values of ours go with them.
  let remarks: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!quoted[index] && /^\s*\[/.test(line)) {
      if (inside) out.push(...remarks);
      inside = ours.test(line);
      if (inside && out.at(-1)?.trim() === `# ${table.remark}`) out.pop();
      remarks = [];
    }
    if (!inside) out.push(line);
    else if (!quoted[index] && (/^\s*#/.test(line) || (remarks.length > 0 && line.trim() === ''))) remarks.push(line);
    else if (line.trim() !== '') remarks = [];
  }
  if (inside) out.push(...remarks);
  const kept = out.join('');
  const removedEnd = kept.endsWith(eol + eol) && !text.endsWith(eol + eol);
  return removedEnd ? kept.slice(0, -eol.length) : kept;
}

function notEditable(file: string, table: TomlTable): LedgerError {
  return new LedgerError(
    'BAD_INPUT',
    `${header(table)} in ${file} is written in a way that cannot be edited; it was left alone`,
    {
      hint: `edit ${header(table)} in ${file} by hand`,
    },
  );
}
