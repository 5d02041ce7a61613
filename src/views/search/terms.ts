import { SYNONYMS } from './synonyms.ts';
import { stem, wordsOf } from './words.ts';

/** Begins a term that stands for a group of synonyms: no word or name of a text begins so. */
const GROUP = '~';

/** Stem → phrases that begin with it, longest first: the stems that follow, and the group that the whole stands for. */
let phrases: Map<string, { rest: readonly string[]; group: string }[]> | undefined;

function phraseTable(): Map<string, { rest: readonly string[]; group: string }[]> {
  const table = new Map<string, { rest: readonly string[]; group: string }[]>();
  for (const [at, words] of SYNONYMS.entries()) {
    for (const word of words) {
      const [first, ...rest] = word.split(' ').map(part => stem(part.toLowerCase()));
      const known = table.get(first!) ?? [];
      known.push({ rest, group: `${GROUP}${at}` });
      table.set(first!, known);
    }
  }
  return table;
}

/** Every term of a text: stems, names whole and in parts, and the groups of synonyms that it speaks of. */
export function termsOf(text: string): string[] {
  const words = [...wordsOf(text)];
  return [...words.flatMap(({ terms }) => terms), ...groupsOf(words.flatMap(({ stems }) => stems))];
}

/** The terms of a question, each once, and what each weighs beside a plain word. */
export function weighedTerms(text: string, weights: { part: number; group: number }): Map<string, number> {
  const words = [...wordsOf(text)];
  const out = new Map<string, number>();
  const put = (term: string, weight: number) => out.set(term, Math.max(weight, out.get(term) ?? 0));
  for (const { terms, stems, name } of words)
    for (const term of terms) put(term, name && stems.includes(term) ? weights.part : 1);
  for (const group of groupsOf(words.flatMap(({ stems }) => stems))) put(group, weights.group);
  return out;
}

function groupsOf(stems: readonly string[]): string[] {
  phrases ??= phraseTable();
  const out: string[] = [];
  for (const [at, first] of stems.entries()) {
    for (const { rest, group } of phrases.get(first) ?? []) {
      if (rest.every((part, next) => stems[at + 1 + next] === part)) out.push(group);
    }
  }
  return out;
}

export const isGroup = (term: string): boolean => term.startsWith(GROUP);
