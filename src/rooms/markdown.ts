/**
 * Texts of others inside a Markdown document: they are shown, and start nothing in it. What would open a tag or load a
 * picture loses its meaning; the rest of a text's own Markdown stays as it was written.
 */
function tame(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]/gu, char => (char === '\n' || char === '\t' ? char : ''))
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/!\[/g, '!\\[');
}

/** One line of text. */
export function inline(text: string): string {
  return tame(text.replace(/\s+/g, ' ').trim());
}

/** A title or name that Markdown reads as nothing but itself. */
export function literal(text: string): string {
  return inline(text).replace(/([*_`[\]|#~])/g, '\\$1');
}

/** A text of several lines, set off from what is around it. */
export function quoted(text: string, indent = ''): string[] {
  return tame(text.trimEnd())
    .split('\n')
    .map(line => `${indent}> ${line}`.trimEnd());
}

/** `2026-03-02T09:00:00.000Z` → `2026-03-02 09:00 UTC`. */
export function day(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** A word in a fixed face; what is no plain word is shown as text. */
export function code(text: string): string {
  return /^[^`\n]+$/.test(text) ? `\`${tame(text)}\`` : literal(text);
}
