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
  phrases ??= phraseTable();
  const out: string[] = [];
  const stems: string[] = [];
  for (const { terms, stems: parts } of wordsOf(text)) {
    out.push(...terms);
    stems.push(...parts);
  }
  for (const [at, first] of stems.entries()) {
    for (const { rest, group } of phrases.get(first) ?? []) {
      if (rest.every((part, next) => stems[at + 1 + next] === part)) out.push(group);
    }
  }
  return out;
}

export const isGroup = (term: string): boolean => term.startsWith(GROUP);
