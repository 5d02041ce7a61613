import type { RecordDef, Searched } from '../../kernel/record.ts';
import { cut } from '../../rooms/lists.ts';
import type { Text } from './engine.ts';

/** Characters of a body that are indexed: what is behind them is not found. */
const MAX_BODY = 20_000;

/** Where in the ledger a text is. */
export interface Place {
  kind: string;
  id: string;
  /** Path of the record that it belongs to. */
  owner?: string;
}

/** What a search can be narrowed by, kept for every record. */
export interface Facets extends Place {
  sort?: string;
  tags?: readonly string[];
  project?: string;
  hidden?: true;
  replaces?: string;
}

/** The kinds of record that say what is searched of them. */
export class Searchable {
  /** Names of the kinds, in order. */
  readonly kinds: readonly string[];
  /** Top folders that hold them. */
  readonly rooms: readonly string[];
  readonly #byRoom = new Map<string, RecordDef<unknown>[]>();

  constructor(records: readonly RecordDef<unknown>[]) {
    const searched = records.filter(def => def.searched);
    this.kinds = searched.map(({ kind }) => kind).sort();
    for (const def of searched) {
      const { room } = def.owner ?? def;
      this.#byRoom.set(room, [...(this.#byRoom.get(room) ?? []), def]);
    }
    this.rooms = [...this.#byRoom.keys()].sort();
  }

  /** Undefined when nothing at the path is searched. */
  place(path: string): Place | undefined {
    const found = this.#at(path);
    if (!found) return undefined;
    const { def, id, parent } = found;
    return { kind: def.kind, id, ...(def.owner && parent !== undefined ? { owner: def.owner.path(parent) } : {}) };
  }

  /** What is searched of the record with this text; undefined for what is no record of its kind (`verify` names it). */
  read(path: string, text: string | undefined): Searched | undefined {
    if (text === undefined) return undefined;
    try {
      return this.#at(path)?.def.searched?.(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  #at(path: string): { def: RecordDef<unknown>; id: string; parent?: string } | undefined {
    for (const def of this.#byRoom.get(path.slice(0, path.indexOf('/'))) ?? []) {
      const at = def.at(path);
      if (at) return { def, ...at };
    }
    return undefined;
  }
}

export function textOf(path: string, { title = '', body = '', tags = [] }: Searched): Text {
  return { id: path, title, tags: tags.join(' '), body: cut(body, MAX_BODY) ?? body };
}

export function facetsOf(place: Place, { sort, tags, project, hidden, replaces }: Searched): Facets {
  return {
    ...place,
    ...(sort === undefined ? {} : { sort }),
    ...(tags?.length ? { tags } : {}),
    ...(project === undefined ? {} : { project }),
    ...(hidden ? { hidden } : {}),
    ...(replaces === undefined ? {} : { replaces }),
  };
}
