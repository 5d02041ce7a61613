/** Characters of one resource, about 8,000 tokens: what a host puts before its model without asking. */
export const MAX_RESOURCE = 32_000;

/**
 * The JSON of an answer in at most `max` characters: the longest texts and lists are cut, all alike, until it fits, and
 * `truncated` says so.
 */
export function fitJson(answer: { [key: string]: unknown }, max = MAX_RESOURCE): string {
  const whole = JSON.stringify(answer);
  if (whole.length <= max) return whole;
  for (let texts = 4_000, items = 100; texts >= 30; texts /= 2, items = Math.ceil(items / 2)) {
    const cut = JSON.stringify({ ...(shorten(answer, texts, items) as object), truncated: true });
    if (cut.length <= max) return cut;
  }
  return JSON.stringify({ ok: answer.ok, truncated: true, fields: Object.keys(answer).slice(0, 50) });
}

/** A text in at most `max` characters, with a last line that says when it was cut. */
export function fitText(text: string, max = MAX_RESOURCE): string {
  const note = `\n\n(cut: ${text.length} characters)\n`;
  return text.length <= max ? text : `${between(text, max - note.length - 1)}…${note}`;
}

function shorten(value: unknown, texts: number, items: number): unknown {
  if (typeof value === 'string') return value.length > texts ? `${between(value, texts)}…` : value;
  if (Array.isArray(value)) return value.slice(0, items).map(item => shorten(item, texts, items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item, texts, items)]));
}

/** The first `end` UTF-16 units, one fewer where the cut would halve a character. */
function between(text: string, end: number): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text[end - 1] ?? '') ? end - 1 : end);
}
