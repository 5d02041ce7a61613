const WORDS_OF_MANUALS =
  /^(?:x{3,512}|\*{3,512}|\.{3,512}|-{3,512}|_{3,512}|changeme|change[-_]me|placeholder|redacted|example|undefined|null|none|true|false)$/i;
const TEMPLATE = /[<>{}$]|%[A-Z_]{2,64}%|\.\.\.|…|your[-_ ]|[-_]here$|x{6}|\*{3}/i;

/** Shannon entropy in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** True for what a manual writes where a secret would stand: `<token>`, `${TOKEN}`, `your-key-here`, `xxxx`. */
export function isTemplate(value: string): boolean {
  return WORDS_OF_MANUALS.test(value) || TEMPLATE.test(value);
}

/** How often a text goes from letter to digit or back: words and numbers do it rarely, random text all the time. */
function switches(text: string): number {
  return text.match(/[A-Za-z][0-9]|[0-9](?=[A-Za-z])/g)?.length ?? 0;
}

/**
 * True when a value that is assigned to a name such as `api_key` is probably random: hex of 32 digits or more, or letters
 * and digits in a mix that no identifier, version, date, path or sentence has.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 12 || isTemplate(value)) return false;
  const hex = value.replace(/-/g, '');
  if (/^[a-f0-9]{32,512}$/i.test(hex)) return entropyOf(hex) > 2.5;
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^[\w-]{1,64}(?:[./:][\w-]{1,64}){2,32}$/.test(value) && switches(value) < 6) return false;
  return entropyOf(value) >= (value.length < 20 ? 3 : 3.3) && switches(value) >= 3;
}

/** True when a value that is assigned to a name such as `password` is one a person or a generator would choose. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 8 || isTemplate(value)) return false;
  if (looksRandom(value)) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter(kind => kind.test(value)).length;
  return kinds >= 3 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && entropyOf(value) >= 2.5;
}
