/**
 * About how many tokens a language model reads in a text; more rather than fewer. Words cost by their length, figures by
 * threes, other scripts a token a character; test/rooms/brief.test.ts holds it against a real tokenizer.
 */
export function roughTokens(text: string): number {
  let total = 0;
  for (const [part] of text.matchAll(/[A-Za-z]+|[0-9]+|\s+|[\u0021-\u007e]|[^\u0000-\u007f]/gu)) {
    if (/^[A-Za-z]/.test(part)) total += Math.ceil(part.length / 6);
    else if (/^[0-9]/.test(part)) total += Math.ceil(part.length / 3);
    else if (/^\s/.test(part)) total += part === ' ' ? 0 : 1;
    else total += part.codePointAt(0)! > 127 ? 1 : 0.5;
  }
  return Math.ceil(total);
}
