/** One kind of secret: a fact about a token format from its issuer's public documentation. */
export interface RedactionRule {
  /** Stands in the text instead of the secret: `[redacted:<name>]`. Lower case, digits and `-`. */
  readonly name: string;
  /** What it is, for docs. */
  readonly what: string;
  /** Public documentation of the format. */
  readonly source: string;
  /** The rule runs only when the lower-cased text contains one of these: ASCII, lower case, at least two characters. */
  readonly keys: readonly string[];
  /** Or, for tokens without a fixed beginning: when it has this many letters, digits, `_` and `-` in a row. */
  readonly run?: number;
  /**
   * Global; group 1, where there is one, stays. Every quantifier is bounded and the pattern has at most one way to match
   * a character, so that a hostile text costs linear time (test/kernel/redaction-rules.test.ts checks the form).
   */
  readonly pattern: RegExp;
  /** What stands there then; default `[redacted:<name>]`. */
  readonly instead?: string;
  /** A last look at what would be taken out; absent = always. */
  readonly accept?: (secret: string, kept: string) => boolean;
}

/** What stands instead of a secret. */
export function placeholder(name: string): string {
  return `[redacted:${name}]`;
}

/**
 * A text that begins with what {@link placeholder} gives: it was dealt with. Not only one that is nothing else: a rule that
 * takes anything up to a space would eat its own placeholder and what follows it, pass after pass.
 */
export const PLACEHOLDER = /^\[redacted:[a-z0-9-]{1,64}\]/;

/**
 * Where a token may begin: not inside a word, but right after an escape of JSON (`\n`) or of a URL (`%3D`), whose last
 * letter only looks like part of a word.
 */
export const START = '(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt])|(?<=%[0-9A-Fa-f]{2}))';
/** As {@link START}, and not after any of `chars` (a character class's inside): for tokens with punctuation in them. */
export const startNotAfter = (chars: string): string => `(?:(?<![A-Za-z0-9${chars}])|(?<=\\\\[bfnrt]))`;
/** As {@link START}, for patterns that need something after a long run: one start a run keeps them linear. */
export const RUN_START = '(?:(?<![A-Za-z0-9_-])|(?<=\\\\[bfnrt])|(?<=%[0-9A-Fa-f]{2}))';

/** A rule whose tokens begin with a fixed text that nothing else begins with. */
export function token(name: string, what: string, source: string, keys: string[], pattern: string): RedactionRule {
  return { name, what, source, keys, pattern: new RegExp(pattern, 'g'), accept: isNoFiller };
}

/**
 * A rule for tokens without a shape of their own: only what is assigned to a name that says whose it is
 * (`HEROKU_API_KEY=…`, `"heroku.api-key": "…"`) is taken.
 */
export function assigned(
  name: string,
  what: string,
  source: string,
  keys: string[],
  names: string,
  value: string,
): RedactionRule {
  const pattern = new RegExp(`(${names}${ASSIGN})${value}`, 'gi');
  return { name, what, source, keys, pattern, accept: isNoFiller };
}

/** Between a name and its value: quotes, an arrow, a colon or an equals sign, Markdown's bold and code marks. */
export const ASSIGN = '[\\\\"\'`*\\]]{0,4}[ \\t]{0,3}(?:=>|:=|={1,2}|:)[ \\t]{0,3}[*]{0,2}[ \\t]{0,2}[\\\\"\'`]{0,4}';

/** `sk-xxxxxxxx` and `••••` in a manual are no secrets. */
export function isNoFiller(secret: string): boolean {
  return !/(?:x{8}|X{8}|\*{4}|\.{4})$/.test(secret);
}
