import { safeLine, safeText } from '../terminal.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const two = (number: number) => String(number).padStart(2, '0');

/** An instant in local time to the minute; any other text as it is, on one line. */
export function showText(text: string): string {
  if (!INSTANT.test(text)) return safeLine(text);
  const at = new Date(text);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function isPlain(value: unknown): value is string | number | boolean | null | undefined {
  return value === null || value === undefined || typeof value !== 'object';
}

/** A value on one line: names joined by commas, objects by what they are called. */
export function showLine(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return showText(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isPlain(value)) return String(value);
  if (Array.isArray(value)) return value.map(showLine).join(', ');
  return Object.entries(value)
    .filter(([, item]) => isPlain(item) && item !== null && item !== undefined)
    .map(([key, item]) => `${label(key)} ${showLine(item)}`)
    .join(', ');
}

/** `lease_until` → `lease until`. */
export function label(key: string): string {
  return safeLine(key).replace(/_/g, ' ');
}

/** A text of several lines, each set in by `indent`. */
export function showBlock(text: string, indent: string): string[] {
  return safeText(text)
    .trimEnd()
    .split('\n')
    .map(line => `${indent}${line}`.trimEnd());
}
