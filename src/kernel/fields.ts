import * as z from 'zod/mini';
import { hasLoneSurrogate } from './canonical.ts';
import { isKey } from './record.ts';
import { isDate, parseDuration, parseInstant } from './time.ts';

/**
 * What a field of an input means, beyond its JSON type. Every string that is not marked as a machine's (id, enum, time,
 * oid, number) is free text: it is normalised and redacted before it is hashed.
 */
export interface FieldInfo {
  /** Holds an id (or prefix) of this record kind, resolved to a whole id before the intent is made. */
  id?: string;
  /** Holds an actor: `me` is resolved. `unassigned` is kept where `unassigned` is set. */
  actor?: boolean;
  unassigned?: boolean;
  /** A key: it names a record and must stay itself, so the redactor refuses it instead of changing it. */
  key?: boolean;
  /** The record kind that a key names, where the field is not called like it. */
  of?: string;
  /** Names something outside (a branch, a remote): it must stay itself, so what looks like a secret is refused. */
  verbatim?: boolean;
  /** Not free text but a closed form (id, enum, number, time): never redacted. */
  machine?: boolean;
  /** Comes out of a file or a pipe and is read, not kept: `-` is stdin, and no redactor looks at it. */
  piped?: boolean;
  /** On a command line it is the path of the file that has the text; no tool of a server shows it. */
  file?: boolean;
  /** Long text: `$EDITOR` is offered on a terminal. */
  long?: boolean;
  /** The form of the value, for help: `2026-01-31`. */
  form?: string;
  /** A path or pattern in a repository, from its top; typed on a command line it counts from the caller's folder. */
  inRepo?: boolean;
  /** A short word: a list of them may be written with commas. */
  word?: boolean;
}

const infos = new WeakMap<object, FieldInfo>();

/** Marks a schema; the mark is found through `optional`, `array`, `nullable` and `default`. */
export function mark<S extends z.ZodMiniType>(schema: S, info: FieldInfo): S {
  infos.set(schema, info);
  return schema;
}

interface Def {
  type: string;
  innerType?: z.ZodMiniType;
  element?: z.ZodMiniType;
  shape?: Record<string, z.ZodMiniType>;
}
/** The definition behind a schema, as zod's own tools read it (`_zod.def`). */
export function defOf(schema: z.ZodMiniType): Def {
  return (schema as unknown as { _zod: { def: Def } })._zod.def;
}

/** The mark of a field, seen through its wrappers; `{}` for plain free text. */
export function infoOf(schema: z.ZodMiniType): FieldInfo {
  const own = infos.get(schema);
  if (own) return own;
  const def = defOf(schema);
  const inner = def.innerType ?? (def.type === 'array' ? def.element : undefined);
  return inner ? infoOf(inner) : {};
}

export const MAX_TITLE = 200;
/** Longest free text, in UTF-8 bytes. */
export const MAX_TEXT = 65_536;

const clean = (text: string): boolean => !hasLoneSurrogate(text) && !text.includes('\u0000');
const bytes = (text: string): number => new TextEncoder().encode(text).length;

const cleanText = z.refine<string>(clean, { error: 'has a NUL or half a surrogate pair' });

/** One line, ≤ 200 characters, not blank. */
export const title = () =>
  z.string().check(
    z.refine(text => text.trim() !== '', { error: 'is empty' }),
    z.refine(text => [...text].length <= MAX_TITLE, { error: `is longer than ${MAX_TITLE} characters` }),
    z.refine(text => !/[\r\n\u2028\u2029]/.test(text), { error: 'has a line break' }),
    cleanText,
  );

/** Free text, ≤ 64 KB, not blank. */
export const text = () =>
  mark(
    z.string().check(
      z.refine(value => value.trim() !== '', { error: 'is empty' }),
      z.refine(value => bytes(value) <= MAX_TEXT, { error: 'is longer than 64 KB' }),
      cleanText,
    ),
    { long: true },
  );

/** A short word of a person's: label, key of a batch, host name. */
export const word = (max = 64) =>
  mark(
    z.string().check(
      z.refine(value => value.trim() !== '', { error: 'is empty' }),
      z.refine(value => [...value].length <= max, { error: `is longer than ${max} characters` }),
      z.refine(value => !/[\r\n]/.test(value), { error: 'has a line break' }),
      cleanText,
    ),
    { word: true },
  );

/** The id of a record, or a unique prefix of 4 or more characters. */
export const idOf = (kind: string) => mark(z.string().check(z.maxLength(64)), { id: kind, machine: true });

/** An actor's name, or `me`. */
export const actor = (options: { unassigned?: boolean } = {}) =>
  mark(z.string().check(z.minLength(1), z.maxLength(64)), { actor: true, ...options });

/** A key: lower-cased, legal on every file system. */
export const key = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const lower = value.trim().toLowerCase();
        if (!isKey(lower))
          ctx.issues.push({ code: 'custom', message: 'is no key: a-z 0-9 . _ -, at most 64 characters', input: value });
        return lower;
      }),
    ),
    { key: true },
  );

export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  mark(z.enum(values), { machine: true });

/** RFC 3339 with any offset; kept as UTC with milliseconds. */
export const time = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const parsed = parseInstant(value);
        if (!parsed)
          ctx.issues.push({ code: 'custom', message: 'is no RFC 3339 time (2026-01-31T09:00:00Z)', input: value });
        return parsed ?? value;
      }),
    ),
    { machine: true, form: 'a time: 2026-01-31T09:00:00Z' },
  );

export const date = () =>
  mark(z.string().check(z.refine(isDate, { error: 'is no date (2026-01-31)' })), {
    machine: true,
    form: 'a day: 2026-01-31',
  });

/** Longest text of a duration, in UTF-16 units. */
export const MAX_DURATION = 64;

export const duration = () =>
  mark(
    z.string().check(
      z.maxLength(MAX_DURATION),
      z.refine(value => (parseDuration(value) ?? 0) > 0, { error: 'is no duration (90s, 15m, 1h)' }),
    ),
    { machine: true, form: 'a duration: 90s, 15m, 1h' },
  );

export const oid = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{7,64}$/, { error: 'is no commit id' })), { machine: true });

export const limit = () => z.optional(z.int().check(z.minimum(1), z.maximum(200)));
