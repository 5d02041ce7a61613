/** Words of a header in another character set (RFC 2047): `=?charset?B|Q?text?=`. */
const ENCODED = /=\?([^?\s]{1,40})\?([bq])\?([^?\s]{0,1000})\?=/gi;

/** The text of a header; blanks between two encoded words are none, and what cannot be decoded stays as it is. */
export function decodeWords(value: string): string {
  // A letter may be split over two words, so neighbours of one set and form are decoded together.
  const joined = value
    .replace(/(=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,1000}\?=)[ \t]+(?==\?[^?\s]{1,40}\?[bq]\?)/gi, '$1')
    .replace(/(?:=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,1000}\?=)+/gi, run);
  return joined;
}

function run(words: string): string {
  let out = '';
  let open: { charset: string; bytes: number[] } | undefined;
  const close = (): void => {
    if (open) out += inCharset(Uint8Array.from(open.bytes), open.charset);
    open = undefined;
  };
  for (const [, named, form, text] of words.matchAll(ENCODED)) {
    const charset = named!.split('*')[0]!.toLowerCase();
    const bytes = form!.toLowerCase() === 'b' ? fromBase64(text!) : fromQuoted(text!.replaceAll('_', ' '));
    if (open?.charset !== charset) close();
    open ??= { charset, bytes: [] };
    open.bytes.push(...bytes);
  }
  close();
  return out;
}

/** Bytes of a text whose characters are bytes. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0) & 0xff);

/** What is no base64 in it is passed over, as RFC 2045 asks. */
export function fromBase64(text: string): Uint8Array {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = clean.slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0));
  return bytesOf(atob(whole.padEnd(Math.ceil(whole.length / 4) * 4, '=')));
}

/** Quoted-printable, of a body (RFC 2045) or a word of a header; characters beyond it are taken as UTF-8. */
export function fromQuoted(text: string): Uint8Array {
  const joined = text.replace(/=[ \t]*\n/g, '');
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, hex, letter] of joined.matchAll(/=([0-9a-f]{2})|([\s\S])/giu)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else bytes.push(...encoder.encode(letter!));
  }
  return Uint8Array.from(bytes);
}

/** A set that nobody knows is read as UTF-8: better a title with a question mark than no task. */
export function inCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
