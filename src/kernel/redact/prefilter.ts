import type { RedactionRule } from './rule.ts';

/** A key and the number of the rule it belongs to. */
type Keyed = readonly [key: string, rule: number];

/**
 * Tells in one pass over a text which rules have one of their keys in it: a `String.includes` for each of 250 keys took
 * 230 µs on 2 KB, this takes 10.
 */
export class Prefilter {
  readonly #rules: readonly RedactionRule[];
  /** Keys by their first two characters, as `first * 128 + second`. */
  readonly #byPair: (Keyed[] | undefined)[] = new Array(128 * 128);

  constructor(rules: readonly RedactionRule[]) {
    this.#rules = rules;
    for (const [rule, { keys }] of rules.entries()) {
      for (const key of keys) {
        const pair = key.charCodeAt(0) * 128 + key.charCodeAt(1);
        const keyed = this.#byPair[pair] ?? [];
        this.#byPair[pair] = keyed;
        keyed.push([key, rule]);
      }
    }
  }

  /** One byte a rule: 1 where `lower` (a text in lower case) contains one of its keys. */
  hits(lower: string): Uint8Array {
    const hits = new Uint8Array(this.#rules.length);
    let before = 128;
    let run = 0;
    let longest = 0;
    for (let at = 0; at < lower.length; at++) {
      const code = lower.charCodeAt(at);
      if (code < 128 && before < 128) {
        const keyed = this.#byPair[before * 128 + code];
        if (keyed)
          for (const [key, rule] of keyed) if (hits[rule] === 0 && lower.startsWith(key, at - 1)) hits[rule] = 1;
      }
      before = code;
      if (isRun(code)) run++;
      else {
        if (run > longest) longest = run;
        run = 0;
      }
    }
    if (run > longest) longest = run;
    for (const [rule, { run: needed }] of this.#rules.entries()) {
      if (needed !== undefined && longest >= needed) hits[rule] = 1;
    }
    return hits;
  }
}

/** a-z 0-9 _ - */
function isRun(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95 || code === 45;
}
