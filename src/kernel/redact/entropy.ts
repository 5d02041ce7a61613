const WORDS_OF_MANUALS =
  /^(?:x{3,512}|\*{3,512}|\.{3,512}|-{3,512}|_{3,512}|changeme|change[-_]me|placeholder|redacted|example|undefined|null|none|true|false)$/i;
const TEMPLATE = /<[^<>]{0,64}>|^\$|\$[{(]|\{\{|%[A-Z_]{2,64}%|\.\.\.|…|your[-_ ]|[-_]here$|x{6}|\*{3}/i;

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

/**
 * Mean length of the runs of one kind (a word with or without its capital, capitals, digits): words, identifiers and
 * numbers have long ones, random text changes its kind every two or three characters.
 */
function meanRun(text: string): number {
  const runs = text.match(/[A-Z]?[a-z]{1,512}|[A-Z]{1,512}|[0-9]{1,512}/g) ?? [];
  return runs.length === 0 ? 0 : runs.reduce((sum, run) => sum + run.length, 0) / runs.length;
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}(?:T|$)/;
/** Paths, dotted and colon-separated names, host names, versions. */
const PARTED = /^[\w-]{1,64}(?:[./:][\w-]{1,64}){2,32}$/;

/**
 * True when a value that is assigned to a name such as `api_key` is probably random: hex of 32 digits or more, or letters
 * and digits in a mix that no identifier, version, date, path or sentence has.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 12 || isTemplate(value) || DATE_TIME.test(value)) return false;
  const hex = value.replace(/-/g, '');
  if (/^[a-f0-9]{32,512}$/i.test(hex)) return entropyOf(hex) > 2.5;
  const digits = /[0-9]/.test(value);
  const letters = /[A-Za-z]/.test(value);
  if (!letters || (!digits && (value.length < 20 || !/[a-z]/.test(value) || !/[A-Z]/.test(value)))) return false;
  const limit = PARTED.test(value) ? 2 : digits ? 3.2 : 2.6;
  return entropyOf(value) >= (value.length < 20 ? 3 : 3.3) && meanRun(value) <= limit;
}

/** True when a value that is assigned to a name such as `password` is one a person or a generator would choose. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 8 || isTemplate(value)) return false;
  if (looksRandom(value)) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter(kind => kind.test(value)).length;
  return kinds >= 3 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && entropyOf(value) >= 2.5;
}
