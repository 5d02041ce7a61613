import type * as z from 'zod/mini';
import { recordText } from './canonical.ts';
import { ID_LENGTH, isId } from './ids.ts';
import type { FileChange } from './view.ts';

/** What a search finds of a record: its texts, and what a search can be narrowed by. */
export interface Searched {
  /** Left out by what has none of its own (a note): its owner's is shown. */
  title?: string | undefined;
  body?: string | undefined;
  /** Labels, tags: as telling as a title. */
  tags?: readonly string[] | undefined;
  project?: string | undefined;
  /** What kind of its kind it is: `runbook`, `question`. */
  sort?: string | undefined;
  /** Found only where all is asked for: archived, withdrawn. */
  hidden?: boolean | undefined;
  /** Id of the record of its kind that is history since this one, and found only where all is asked for. */
  replaces?: string | undefined;
}

/** How a record is named and where its file lies in the tree of the book. */
export interface RecordSpec<R> {
  /** `task`, `note`: also the name of its id in inputs, `<kind>_id`. */
  kind: string;
  /** First word of its commands, where it is not the kind: `reserve query` lists reservations. */
  command?: string;
  /** First letter of its ids (`t` → `t-7k3qz0m4xv`). Records named by a key instead of an id leave it out. */
  letter?: string;
  /** Top folder (`tasks`), or for a sub-record the folder inside its owner's (`notes`). */
  room: string;
  /** File name inside the record's own folder (`task.json`); without it the record is the file `<id>.json`. */
  file?: string;
  /** Record kind that owns this one: its files lie in the owner's folder. */
  owner?: RecordDef<unknown>;
  schema: () => z.ZodMiniType<R>;
  /** Once written, never changed or removed (law `append-only`). */
  appendOnly?: boolean;
  /** True when the id follows from the record itself, as a law of its room checks; else it follows from the entry. */
  derived?(record: R): boolean;
  /** Largest file of a record, in UTF-16 units; default 262,144. */
  maxSize?: number;
  /** Can be held by a claim: has the field `hold` (see `Hold`). */
  holdable?: boolean;
  /** True when the record is finished: nothing claims it, and a claim ref left on it may be swept. */
  final?(record: R): boolean;
  /** What searches find of it, a function of the record alone; kinds without it are not searched. */
  searched?(record: R): Searched | undefined;
  /**
   * True for a sub-record that anyone may add (`before` undefined) or change so while another holds its owner: nothing
   * that the holder relies on is another then.
   */
  besideHold?(record: R, before: R | undefined): boolean;
}

export interface RecordDef<R> extends RecordSpec<R> {
  letter: string;
  /** Path of a record's file. @throws RangeError when `id` is not an id or key of this kind (it never reaches a path). */
  path(id: string, parent?: string): string;
  /** Folder that lists the records: the owner's sub-folder, or the room of an unfanned kind. */
  folder(parent?: string): string;
  /** Folder that lists ids sharing the first two characters of `body`. */
  fanFolder(body: string): string;
  /** The id behind a name in {@link folder}. */
  idOfName(name: string): string | undefined;
  /** The id (and owner) of the record at `path`, undefined when the path is not of this kind. */
  at(path: string): { id: string; parent?: string } | undefined;
  put(id: string, record: R, parent?: string): FileChange;
  remove(id: string, parent?: string): FileChange;
}

/** Keys (projects, actors): lower case, legal on every file system, no `..`, ≤ 64 characters. */
export const KEY = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
/** Names that Windows refuses as file names. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;

export function isKey(text: string): boolean {
  return KEY.test(text) && !text.includes('..') && !DEVICE.test(text);
}

/** One definition a record: schema, id letter, place in the tree. */
export function defineRecord<R>(spec: RecordSpec<R>): RecordDef<R> {
  if (spec.owner && !spec.owner.file) throw new TypeError(`${spec.kind}: its owner has no folder of its own`);
  const letter = spec.letter ?? '';
  const fanned = letter !== '' && spec.owner === undefined;
  const suffix = spec.file ? `/${spec.file}` : '.json';
  const check = (id: string): string => {
    const good = letter ? isId(letter, id) : isKey(id);
    if (!good) throw new RangeError(`not the id of a ${spec.kind}: ${JSON.stringify(id)}`);
    return letter ? id.slice(letter.length + 1) : id;
  };
  const ownerFolder = (parent: string | undefined): string => {
    const path = spec.owner!.path(parent ?? '');
    return path.slice(0, path.lastIndexOf('/'));
  };
  const folder = (parent?: string): string => (spec.owner ? `${ownerFolder(parent)}/${spec.room}` : spec.room);
  const path = (id: string, parent?: string): string => {
    const body = check(id);
    const fan = fanned ? `${body[0]}/${body[1]}/` : '';
    return `${folder(parent)}/${fan}${body}${suffix}`;
  };
  const def: RecordDef<R> = {
    ...spec,
    letter,
    path,
    folder,
    fanFolder: body => `${spec.room}/${body[0]}/${body[1]}`,
    idOfName(name) {
      const body = spec.file ? name : name.endsWith('.json') ? name.slice(0, -5) : '';
      const id = letter ? `${letter}-${body}` : body;
      return (letter ? isId(letter, id) : isKey(id)) ? id : undefined;
    },
    at(file) {
      if (!file.endsWith(suffix)) return undefined;
      const parts = file.slice(0, file.length - suffix.length).split('/');
      const body = parts.at(-1)!;
      if (letter && body.length !== ID_LENGTH) return undefined;
      const id = letter ? `${letter}-${body}` : body;
      let parent: string | undefined;
      if (spec.owner) {
        // The owner's folder ends in the owner's own id body.
        const owner = parts.at(-3);
        if (owner === undefined) return undefined;
        parent = spec.owner.letter ? `${spec.owner.letter}-${owner}` : owner;
      }
      try {
        return path(id, parent) === file ? { id, ...(parent === undefined ? {} : { parent }) } : undefined;
      } catch {
        return undefined; // not an id: path() refuses it
      }
    },
    put: (id, record, parent) => ({ path: path(id, parent), text: recordText(record) }),
    remove: (id, parent) => ({ path: path(id, parent), text: null }),
  };
  return def;
}
