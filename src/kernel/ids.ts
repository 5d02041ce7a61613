import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson } from './canonical.ts';

/** Crockford's base32 alphabet, lower case: no i, l, o, u (https://www.crockford.com/base32.html). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Characters of an id after its letter: 50 bits, a collision chance of 1e-6 at 47,000 records of a kind. */
export const ID_LENGTH = 10;
/** Shortest prefix of an id that a surface accepts. */
export const MIN_PREFIX = 4;

const utf8 = new TextEncoder();

/** SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  let hex = '';
  for (const byte of sha256(utf8.encode(text))) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** `<letter>-<10 base32>` of what makes a record itself; the same `parts` give the same id in every clone. */
export function recordId(letter: string, ...parts: string[]): string {
  const digest = sha256(utf8.encode(canonicalJson([letter, ...parts])));
  let bits = 0;
  let held = 0;
  let out = '';
  for (const byte of digest) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && out.length < ID_LENGTH) {
      bits -= 5;
      out += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
    if (out.length === ID_LENGTH) break;
  }
  return `${letter}-${out}`;
}

const ID_BODY = new RegExp(`^[${ALPHABET}]{${ID_LENGTH}}$`);
const PREFIX_BODY = new RegExp(`^[${ALPHABET}]{${MIN_PREFIX},${ID_LENGTH}}$`);

/** True for a whole id of the kind with this letter. */
export function isId(letter: string, text: string): boolean {
  return text.startsWith(`${letter}-`) && ID_BODY.test(text.slice(letter.length + 1));
}

/**
 * The part of an id or prefix after the letter, lower-cased, with Crockford's look-alikes mended (O→0, I and L→1);
 * undefined when `text` cannot be a prefix (≥ 4 characters) of an id with this letter.
 */
export function prefixBody(letter: string, text: string): string | undefined {
  let body = text.trim().toLowerCase();
  if (body.startsWith(`${letter}-`)) body = body.slice(letter.length + 1);
  body = body.replace(/o/g, '0').replace(/[il]/g, '1');
  return PREFIX_BODY.test(body) ? body : undefined;
}
