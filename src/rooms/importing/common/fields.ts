import { isDate, parseInstant } from '../../../kernel/time.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A field's text, undefined where it is blank, absent or no text. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The texts of a list; a single text is a list of one. */
export function textsOf(fields: Fields, name: string): string[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return [value].flat().filter((item): item is string => typeof item === 'string' && item.trim() !== '');
}

/** The maps in a list. */
export function mapsOf(fields: Fields, name: string): Fields[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return Array.isArray(value) ? value.filter(isMap) : [];
}

export const isMap = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A stored time of what a field says: RFC 3339, or `YYYY-MM-DD HH:MM[:SS]` or a day, which are UTC. */
export function timeOf(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  const text = given.trim();
  if (isDate(text)) return parseInstant(`${text}T00:00:00Z`);
  const [, day, clock, seconds] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?$/.exec(text) ?? [];
  return parseInstant(day === undefined ? text : `${day}T${clock}${seconds ?? ':00'}Z`);
}

/** True for what says nothing: null, blank, an empty list or map. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** Levels that are told as lists; what lies deeper is told as JSON. */
const MAX_LEVELS = 6;

/** A value as lines of a list for people; what says nothing is left out. */
export function told(name: string, value: unknown, indent = ''): string[] {
  if (isEmpty(value)) return [];
  if (indent.length >= MAX_LEVELS * 2) return [`${indent}- ${name}: ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    const items = value.filter(item => !isEmpty(item));
    const plain = items.every(item => typeof item !== 'object' && !String(item).includes('\n'));
    if (plain && items.join(', ').length < 200) return [`${indent}- ${name}: ${items.join(', ')}`];
    return [`${indent}- ${name}:`, ...items.flatMap(item => toldItem(item, `${indent}  `))];
  }
  if (isMap(value)) {
    return [`${indent}- ${name}:`, ...Object.entries(value).flatMap(([key, item]) => told(key, item, `${indent}  `))];
  }
  const text = String(value);
  if (!text.includes('\n')) return [`${indent}- ${name}: ${text}`];
  return [`${indent}- ${name}:`, '', ...text.split('\n').map(line => `${indent}  ${line}`), ''];
}

function toldItem(item: unknown, indent: string): string[] {
  if (!isMap(item)) {
    const text = Array.isArray(item) ? JSON.stringify(item) : String(item);
    return [`${indent}- ${text.replaceAll('\n', `\n${indent}  `)}`];
  }
  const parts = Object.entries(item).filter(([, value]) => !isEmpty(value));
  const short = parts.map(([key, value]) => `${key}: ${[value].flat().join(', ')}`).join('; ');
  const plain = parts.every(([, value]) => [value].flat().every(one => typeof one !== 'object'));
  if (plain && short.length < 300 && !short.includes('\n')) return [`${indent}- ${short}`];
  const [first = '', ...others] = parts.flatMap(([key, value]) => told(key, value, `${indent}  `));
  return [`${indent}- ${first.trimStart().replace(/^- /, '')}`, ...others];
}
