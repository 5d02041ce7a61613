import stringify from 'fast-json-stable-stringify';

/** Any JSON value. Objects never hold `undefined` once they passed {@link canonicalJson}. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Equal values give equal bytes in every clone: keys sorted, no white space, no `undefined`.
 * @throws TypeError for a non-finite number or a lone surrogate, which other JSON readers would change silently, and for
 * what is nested deeper than {@link MAX_NESTING}.
 */
export function canonicalJson(value: unknown): string {
  refuseLossy(value);
  const text = stringify(value);
  if (text === undefined) throw new TypeError('undefined is not JSON');
  return text;
}

/** The bytes of a record file: canonical JSON and one newline. */
export function recordText(value: unknown): string {
  return `${canonicalJson(value)}\n`;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** True when `text` has half a surrogate pair, which UTF-8 cannot carry. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** Lists and objects within each other. Where a stack ends differs between machines; what is canonical must not. */
const MAX_NESTING = 64;

function refuseLossy(value: unknown, depth = 0): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
  if (typeof value === 'string' && hasLoneSurrogate(value)) throw new TypeError('lone surrogate in a string');
  if (value === null || typeof value !== 'object') return;
  if (depth >= MAX_NESTING) throw new TypeError(`nested deeper than ${MAX_NESTING}`);
  if (Array.isArray(value)) {
    for (const item of value) refuseLossy(item === undefined ? Number.NaN : item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (hasLoneSurrogate(key)) throw new TypeError('lone surrogate in a key');
    if (item !== undefined) refuseLossy(item, depth + 1);
  }
}
