/** Ids, the marks between fields of JSON, words, figures, blanks, other marks, other scripts. */
const PARTS = /[a-z]-[0-9a-z]{10}(?![0-9a-z])|["{}[\],:]+|\p{Script=Latin}+|[0-9]+|\s+|[!-~]|[^!-~]/gu;

/**
 * About how many tokens a language model reads in a JSON text, rather too many than too few. Measured: an id costs nine,
 * marks that stand together one, figures one for three, other scripts one a character, emoji three;
 * test/e2e/brief.test.ts holds it against a real tokenizer.
 */
export function roughTokens(text: string): number {
  let total = 0;
  for (const [part] of text.matchAll(PARTS)) total += tokensOf(part);
  return Math.ceil(total);
}

function tokensOf(part: string): number {
  if (/^[a-z]-/.test(part)) return 9.3;
  if (/^["{}[\],:]/.test(part)) return Math.max(1, part.length / 5);
  if (/^[A-Za-z]+$/.test(part)) return Math.ceil(part.length / 5.5);
  if (/^[0-9\p{Script=Latin}]/u.test(part)) return Math.ceil(part.length / 3);
  if (/^\s/.test(part)) return part === ' ' ? 0 : 1;
  if (/^[!-~]/.test(part)) return 0.7;
  return part.length > 1 ? 3 : 1.1;
}
