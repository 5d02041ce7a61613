import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { RecordDef } from '../../kernel/record.ts';
import type { SearchHit, SearchIndex, SearchQuery } from '../../rooms/searching.ts';
import type { Oid, Store } from '../../store/port.ts';
import { checkText } from '../check.ts';
import { writeWhole } from '../files.ts';
import type { Engine, Found } from './engine.ts';
import { type Facets, facetsOf, Searchable, textOf } from './searchable.ts';

/** Raised whenever the same record is indexed otherwise: terms, synonyms, fields, form of the file. */
const VERSION = 1;
/** Records changed since the file was written; past it a new one is. */
const MAX_BEHIND = 100;
/** Files asked for in one batch. */
const BATCH = 500;

interface State {
  tip: Oid;
  engine: Engine;
  /** Path → what a search can be narrowed by. */
  facets: Map<string, Facets>;
  /** Changes since the file. */
  behind: number;
}

/** First line of the file, behind its check number. */
interface Head {
  version: number;
  tip: Oid;
  /** Check number of the rest. */
  check: string;
  facets: [string, Facets][];
}

type Progress = ((done: number, total: number | undefined, what: string) => void) | undefined;

/**
 * The index of all texts of the ledger in one file of `folder` (memory only without). A later tip is reached by the
 * difference of the trees; what is missing, damaged, of another version or of a tip that is gone is built anew.
 */
export class SearchIndexes {
  readonly #store: Store;
  readonly #records: Searchable;
  readonly #folder: string | undefined;
  readonly #file: string;
  #state: State | undefined;
  /** One look at a time: the index moves from tip to tip in place. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, records: readonly RecordDef<unknown>[], folder?: string, file = 'search.json') {
    this.#store = store;
    this.#records = new Searchable(records);
    this.#folder = folder;
    this.#file = file;
  }

  at(tip: Oid, progress?: Progress): SearchIndex {
    return {
      kinds: this.#records.kinds,
      search: query => {
        const turn = this.#turn.then(() => this.#search(tip, query, progress));
        this.#turn = turn.catch(() => {});
        return turn;
      },
    };
  }

  async #search(tip: Oid, query: SearchQuery, progress: Progress): Promise<{ hits: SearchHit[]; total: number }> {
    const { engine, facets } = await this.#stateAt(tip, progress);
    const replaced = new Set([...facets.values()].flatMap(({ replaces }) => replaces ?? []));
    const isHidden = ({ hidden, id }: Facets) => hidden === true || replaced.has(id);
    const found = engine.search(query.text, path => {
      const own = facets.get(path)!;
      return (query.all || !isHidden(own)) && matches(own, query, facets);
    });
    const best = found.slice(0, query.limit);
    return { hits: await this.#shown(tip, best, facets, isHidden), total: found.length };
  }

  async #shown(
    tip: Oid,
    found: readonly Found[],
    facets: ReadonlyMap<string, Facets>,
    isHidden: (facets: Facets) => boolean,
  ): Promise<SearchHit[]> {
    const { snippetOf } = await import('./engine.ts');
    const paths = found.flatMap(({ id }) => [id, facets.get(id)!.owner ?? id]);
    const texts = await this.#store.readBlobs(paths.map(path => `${tip}:${path}`));
    return found.map(({ id: path, terms }, at) => {
      const { id, kind, owner, sort, tags, project } = facets.get(path)!;
      const own = this.#records.read(path, texts[2 * at]);
      const above = owner === undefined ? undefined : this.#records.read(owner, texts[2 * at + 1]);
      const snippet = snippetOf(own?.body ?? '', terms);
      const place = owner === undefined ? undefined : this.#records.place(owner);
      return {
        kind,
        id,
        ...(place ? { owner: { kind: place.kind, id: place.id } } : {}),
        title: own?.title ?? above?.title ?? '',
        ...(snippet === undefined ? {} : { snippet }),
        ...(sort === undefined ? {} : { sort }),
        ...(tags ? { tags } : {}),
        ...(project === undefined ? {} : { project }),
        ...(isHidden(facets.get(path)!) ? { hidden: true as const } : {}),
      };
    });
  }

  async #stateAt(tip: Oid, progress: Progress): Promise<State> {
    const known = this.#state ?? (await this.#load());
    this.#state = undefined; // half moved when anything below fails
    const state = (known && (await this.#moved(known, tip, progress))) ?? (await this.#built(tip, progress));
    if (state.behind > MAX_BEHIND) {
      this.#keep(state);
      state.behind = 0;
    }
    this.#state = state;
    return state;
  }

  /** Undefined when the old tip is gone from the repository, or the index does not fit it. */
  async #moved(state: State, tip: Oid, progress: Progress): Promise<State | undefined> {
    if (state.tip === tip) return state;
    try {
      return await this.#laid(state, state.tip, tip, progress);
    } catch (error) {
      if (error instanceof LedgerError) return undefined;
      throw error;
    }
  }

  async #built(tip: Oid, progress: Progress): Promise<State> {
    const { Engine } = await import('./engine.ts');
    const empty: State = { tip, engine: new Engine(), facets: new Map(), behind: 0 };
    const state = await this.#laid(empty, null, tip, progress);
    return { ...state, behind: Number.POSITIVE_INFINITY };
  }

  async #laid(state: State, from: Oid | null, tip: Oid, progress: Progress): Promise<State> {
    const { engine, facets } = state;
    const changes = [];
    for (const room of this.#records.rooms) changes.push(...(await this.#store.diff(from, tip, room)));
    const found = changes.filter(({ path }) => this.#records.place(path) !== undefined);
    for (let at = 0; at < found.length; at += BATCH) {
      const batch = found.slice(at, at + BATCH);
      const oids = batch.flatMap(({ before, after }) => [before, after]).filter(oid => oid !== null);
      const texts = await this.#store.readBlobs(oids);
      const byOid = new Map(oids.map((oid, index) => [oid, texts[index]]));
      for (const { path, before, after } of batch) {
        const place = this.#records.place(path)!;
        const old = before === null ? undefined : this.#records.read(path, byOid.get(before));
        const now = after === null ? undefined : this.#records.read(path, this.#needed(path, byOid.get(after)));
        if (old && facets.delete(path)) engine.remove(textOf(path, old));
        if (now) {
          engine.add(textOf(path, now));
          facets.set(path, facetsOf(place, now));
        }
      }
      progress?.(Math.min(at + BATCH, found.length), found.length, 'records indexed');
    }
    return { tip, engine, facets, behind: state.behind + found.length };
  }

  #needed(path: string, text: string | undefined): string {
    if (text === undefined) throw new LedgerError('BAD_LEDGER', `${path} cannot be read`);
    return text;
  }

  async #load(): Promise<State | undefined> {
    if (this.#folder === undefined) return undefined;
    try {
      const text = readFileSync(join(this.#folder, this.#file), 'utf8');
      const head = text.slice(0, text.indexOf('\n'));
      const body = text.slice(head.length + 1);
      const { version, tip, check, facets } = JSON.parse(head.slice(9)) as Head;
      if (head.slice(0, 9) !== `${checkText(head.slice(9))} ` || check !== checkText(body)) return undefined;
      if (version !== VERSION) return undefined;
      const { Engine } = await import('./engine.ts');
      return { tip, engine: new Engine(body), facets: new Map(facets), behind: 0 };
    } catch {
      return undefined; // missing, torn, of another form: built anew
    }
  }

  #keep({ tip, engine, facets }: State): void {
    if (this.#folder === undefined) return;
    const body = engine.toJSON();
    const head = JSON.stringify({ version: VERSION, tip, check: checkText(body), facets: [...facets] } satisfies Head);
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeWhole(this.#folder, this.#file, [Buffer.from(`${checkText(head)} ${head}\n${body}`)]);
    } catch {
      // a folder that cannot be written leaves the answer as it is
    }
  }
}

function matches(
  own: Facets,
  { kinds, sort, tags, project }: SearchQuery,
  facets: ReadonlyMap<string, Facets>,
): boolean {
  const above = own.owner === undefined ? undefined : facets.get(own.owner);
  return (
    (!kinds || kinds.includes(own.kind)) &&
    (sort === undefined || own.sort === sort) &&
    (tags ?? []).every(tag => own.tags?.includes(tag)) &&
    (project === undefined || (own.project ?? above?.project) === project.toLowerCase())
  );
}
