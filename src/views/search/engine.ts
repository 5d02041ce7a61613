/** Loaded by `import()` only: nothing but searches pays for the package and the tables. */
import MiniSearch, { type Options, type SearchOptions } from 'minisearch';
import { isGroup, termsOf, weighedTerms } from './terms.ts';

export { snippetOf } from './snippet.ts';

/** What is indexed of one record. */
export interface Text {
  id: string;
  title: string;
  tags: string;
  body: string;
}

export interface Found {
  id: string;
  score: number;
  /** Terms of the text that answered. */
  terms: string[];
}

const OPTIONS: Options<Text> = {
  fields: ['title', 'tags', 'body'],
  idField: 'id',
  tokenize: termsOf,
  // Done by tokenize already, with the words beside each other in sight.
  processTerm: term => term,
};

/** Scores are told to so many digits: sums of the same numbers in another order differ behind them. */
const DIGITS = 6;

/** Weights of fields and of words that are only near, found with one half of fixtures/search: see docs/SEARCH.md. */
const TUNED: SearchOptions = {
  bm25: { k: 1.2, b: 0.5, d: 1 },
  boost: { title: 2, tags: 3, body: 1 },
  prefix: term => !isGroup(term) && term.length >= 3,
  fuzzy: term => (!isGroup(term) && /^\p{L}{5,}$/u.test(term) ? 0.2 : false),
  maxFuzzy: 2,
  weights: { prefix: 0.2, fuzzy: 0.2 },
};
/** Of a term in a question beside a plain word: a part of a name, a group of synonyms. */
const WEIGHTS = { part: 0.5, group: 0.5 };
/** How much of a question a text speaks of counts by its square root; a group of synonyms counts as so much of a word. */
const COVERED = 0.3;

/** The inverted index of texts. A function of the texts that are in it: in which order they came changes no answer. */
export class Engine {
  readonly #index: MiniSearch<Text>;

  constructor(json?: string) {
    this.#index = json === undefined ? new MiniSearch(OPTIONS) : MiniSearch.loadJSON(json, OPTIONS);
  }

  add(text: Text): void {
    this.#index.add(text);
  }

  /** @param text what was added, to the letter */
  remove(text: Text): void {
    this.#index.remove(text);
  }

  /** Best first; equal ones by id. */
  search(query: string, accept: (id: string) => boolean): Found[] {
    const weights = weighedTerms(query, WEIGHTS);
    return this.#index
      .search(query, {
        ...TUNED,
        tokenize: () => [...weights.keys()],
        boostTerm: term => weights.get(term)!,
        filter: ({ id }) => accept(id),
      })
      .map(({ id, score, terms, queryTerms }) => {
        const covered = queryTerms.reduce((sum, term) => sum + (isGroup(term) ? COVERED : 1), 0);
        // The package multiplies by the number of terms; that rewards long questions' common words too much.
        const fair = (score / queryTerms.length) * Math.sqrt(covered);
        return { id: String(id), score: Number(fair.toPrecision(DIGITS)), terms };
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  toJSON(): string {
    return JSON.stringify(this.#index);
  }
}
