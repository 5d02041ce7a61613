import { canonicalReference } from '../../../kernel/intake.ts';
import { redactText } from '../../../kernel/redact/text.ts';

/** Most characters of an excerpt, and of a title. */
export const MAX_EXCERPT = 280;
const MAX_TITLE = 200;
/** So much of a text is looked at for a title or an excerpt, in UTF-16 units: the redactor must see more than is kept. */
const LOOKED_AT = 16_384;

/** What an item of a channel is taken for: nothing else of its text gets any further. */
export interface Item {
  /** Where it stands in what was read: `row 3`, `item 2`; '' for the only one. */
  at: string;
  /** As the channel writes it; undefined where it says none. */
  ref?: string | undefined;
  title?: string | undefined;
  /** Its text, for who asks for an excerpt. */
  body?: string | undefined;
  /** Why it is none, as a clause. */
  problem?: string;
}

/** Reads one form of a channel. What is wrong with one item is told in it; what is wrong with all of it is thrown. */
export type Reader = (text: string) => Item[];

type Fields = { readonly [name: string]: unknown };

export const own = (fields: Fields | undefined, name: string): unknown =>
  fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;

export function object(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The JSON values in a text: one, the items of one list, or one a line. @throws SyntaxError where it is none of them */
export function jsonItems(given: string): { at: string; value: unknown }[] {
  const text = given.replace(/^\uFEFF/, '');
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, index }]));
    if (lines.length < 2) throw error;
    return lines.map(({ line, index }) => ({ at: `line ${index + 1}`, value: JSON.parse(line) as unknown }));
  }
  if (!Array.isArray(whole)) return [{ at: '', value: whole }];
  return whole.map((value, index) => ({ at: `item ${index + 1}`, value }));
}

/** A title as a task has one: one line, without what cannot be seen, cut at a word where it is too long; undefined where nothing is left. */
export function titleFrom(text: string | undefined): string | undefined {
  const line = oneLine(redactText((text ?? '').slice(0, LOOKED_AT)).text);
  return line === '' ? undefined : cut(line, MAX_TITLE);
}

/** The beginning of a text. Redacted before it is cut: half a secret is none that a redactor knows. */
export function excerptFrom(text: string | undefined): string | undefined {
  const line = oneLine(redactText((text ?? '').slice(0, LOOKED_AT)).text);
  return line === '' ? undefined : cut(line, MAX_EXCERPT);
}

const oneLine = (text: string): string =>
  text
    // Control and format characters, among them those that turn the direction of what follows, and halves of pairs.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, letter => (/^[\u200c\u200d]+$/.test(letter) ? letter : ' '))
    .replace(/\s+/g, ' ')
    .trim();

function cut(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const kept = letters.slice(0, most - 1).join('');
  const word = kept.lastIndexOf(' ');
  return `${(word > kept.length * 0.8 ? kept.slice(0, word) : kept).trimEnd()}…`;
}

/** The reference behind the address of a page whose number the channel says too; a page of another kind is none. */
export function numbered(url: unknown, number: unknown): { ref: string } | { problem: string } {
  if (typeof url !== 'string' || url.length > 2_048) return { problem: 'has no address' };
  const found = canonicalReference(url);
  if ('problem' in found) return { problem: `has an address that ${found.problem}` };
  const same = Number.isSafeInteger(number) && new RegExp(`[#!/]${String(number)}$`).test(found.ref);
  return same ? found : { problem: 'has an address that is not that of its number' };
}
