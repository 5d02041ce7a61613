import { termsOf } from './terms.ts';
import { wordsOf } from './words.ts';

/** Characters of a snippet. */
const WIDTH = 160;

/**
 * The passage of a text that has most of the terms, on one line; its beginning when it has none. Undefined for a blank text.
 * @param terms what a search found in the record
 */
export function snippetOf(text: string, terms: readonly string[]): string | undefined {
  const wanted = new Set(terms);
  const hits: { start: number; end: number; terms: string[] }[] = [];
  for (const { start, end } of wordsOf(text)) {
    const found = termsOf(text.slice(start, end)).filter(term => wanted.has(term));
    if (found.length > 0) hits.push({ start, end, terms: found });
  }
  let best = { start: 0, count: 0 };
  for (const [at, { start }] of hits.entries()) {
    const seen = new Set<string>();
    for (let next = at; next < hits.length && hits[next]!.end - start <= WIDTH; next++)
      for (const term of hits[next]!.terms) seen.add(term);
    if (seen.size > best.count) best = { start, count: seen.size };
  }
  return passage(text, best.start);
}

/** From the beginning of the sentence or line where it is near, else a few words before. */
function passage(text: string, at: number): string | undefined {
  const before = text.slice(Math.max(0, at - WIDTH / 3), at);
  const begins = Math.max(before.lastIndexOf('\n'), before.search(/[.!?]\s+[^.!?]*$/)) + 1;
  const back = begins > 0 ? before.length - begins : at <= WIDTH / 3 ? at : before.length - before.indexOf(' ') - 1;
  const start = at - back;
  const cut = text.slice(start, start + WIDTH).replace(/[\ud800-\udbff]$/, '');
  const whole = start + cut.length >= text.length;
  const words = whole ? cut : cut.replace(/\s+\S*$/, '');
  const line = words.replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return `${start > 0 && begins === 0 ? '…' : ''}${line}${whole ? '' : '…'}`;
}
