import { MAX_TITLE } from '../../../kernel/fields.ts';
import type { Occurrence, Tally } from './report.ts';

/** Longest part of a text in UTF-8 bytes: under the limit of a field, so that a redaction that lengthens it still fits. */
export const MAX_PART = 60_000;
/** Longest title in characters, with the same reserve. */
const TITLE = MAX_TITLE - 20;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const BROKEN = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** NULs and halves of surrogate pairs, which no record can carry, become the replacement character. */
export function mend(text: string): string {
  return text.replace(BROKEN, '\ufffd');
}

/** Every string inside `value` mended; `broken` is called once where there was something to mend. */
export function mendAll(value: unknown, broken: () => void): unknown {
  if (typeof value === 'string') {
    const mended = mend(value);
    if (mended !== value) broken();
    return mended;
  }
  if (Array.isArray(value)) return value.map(item => mendAll(item, broken));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mend(key), mendAll(item, broken)]));
}

export const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** The text in parts that each fit a field, cut between lines where that is possible, never inside a character. */
export function parts(text: string, max = MAX_PART): string[] {
  const out: string[] = [];
  let rest = text;
  while (bytes(rest) > max) {
    const end = fitting(rest, max);
    const line = rest.lastIndexOf('\n', end - 1) + 1;
    const at = line > end / 2 ? line : end;
    out.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  if (rest.trim() !== '' || out.length === 0) out.push(rest);
  return out.filter(part => part.trim() !== '');
}

/** Characters (UTF-16 units) of `text` that fit into `max` bytes. */
function fitting(text: string, max: number): number {
  let size = 0;
  let end = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (size > max) break;
    end += char.length;
  }
  return end;
}

/** One line of at most {@link MAX_TITLE} characters, and the whole where that is something else. */
export function titleOf(given: string, tally: Tally, where: Occurrence): { title: string; whole?: string } {
  const line = given.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
  if (line === '') return { title: '(no title)' };
  const chars = [...line];
  const title = chars.length > MAX_TITLE ? `${chars.slice(0, TITLE).join('')}…` : line;
  if (title === given.trim()) return { title };
  tally.tell('title', { ...where, detail: title });
  return { title, whole: given.trim() };
}
