import type { RecordDef } from '../../kernel/record.ts';
import type { SearchIndex } from '../../rooms/searching.ts';
import type { Oid, Store } from '../../store/port.ts';
import { SearchIndexes } from './index.ts';

/**
 * The index of everything, and beside it one of each kind that is asked for alone: knowledge is looked up often and is
 * small, and must not wait until thousands of tasks are read. Words are weighed within what is searched.
 */
export class SearchShelves {
  readonly #store: Store;
  readonly #records: readonly RecordDef<unknown>[];
  readonly #folder: string | undefined;
  readonly #whole: SearchIndexes;
  readonly #single = new Map<string, SearchIndexes>();

  constructor(store: Store, records: readonly RecordDef<unknown>[], folder?: string) {
    this.#store = store;
    this.#records = records;
    this.#folder = folder;
    this.#whole = new SearchIndexes(store, records, folder);
  }

  at(tip: Oid, progress?: Parameters<SearchIndexes['at']>[1]): SearchIndex {
    const whole = this.#whole.at(tip, progress);
    return {
      kinds: whole.kinds,
      search: query => (this.#shelf(query.kinds)?.at(tip, progress) ?? whole).search(query),
    };
  }

  /** Undefined for several kinds, and for one whose title is its owner's: those are read together. */
  #shelf(kinds: readonly string[] | undefined): SearchIndexes | undefined {
    const [kind] = kinds ?? [];
    if (kind === undefined || kinds!.length > 1) return undefined;
    const known = this.#single.get(kind);
    if (known) return known;
    const def = this.#records.find(one => one.kind === kind && one.searched && !one.owner);
    if (!def) return undefined;
    const made = new SearchIndexes(this.#store, [def], this.#folder, `search-${kind}.json`);
    this.#single.set(kind, made);
    return made;
  }
}
