import type * as z from 'zod/mini';
import type { Rulebook } from '../book/rulebook.ts';
import { hasLoneSurrogate } from '../kernel/canonical.ts';
import { LedgerError } from '../kernel/errors.ts';
import { defOf, infoOf } from '../kernel/fields.ts';
import { MIN_PREFIX, prefixBody } from '../kernel/ids.ts';
import { cliWords, type Operation } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';
import { redactText } from '../kernel/redact/text.ts';
import type { View } from '../kernel/view.ts';

/** @throws LedgerError BAD_INPUT naming the field, what is wrong with it, and the help to read. */
export function parseInput(operation: Operation, input: unknown): { [key: string]: unknown } {
  const parsed = operation.input().safeParse(input ?? {});
  if (parsed.success) return parsed.data as { [key: string]: unknown };
  const issue = parsed.error.issues[0]!;
  throw new LedgerError('BAD_INPUT', `${operation.name}: ${describe(issue, input)}`, {
    hint: `ledgenter ${cliWords(operation).join(' ')} --help`,
    details: { field: issue.path.join('.') },
  });
}

/** Longest idempotency key, in UTF-16 units, as an entry can carry it. */
const MAX_KEY = 200;

/**
 * An idempotency key and the actor's name go into the entry as they are, where everybody reads them for ever.
 * @throws LedgerError BAD_INPUT for a key that no entry can carry, or either that has the form of a secret
 */
export function checkNames(actor: string, key: string | undefined): void {
  if (key !== undefined && (key.trim() === '' || key.length > MAX_KEY || hasLoneSurrogate(key)))
    throw new LedgerError('BAD_INPUT', `an idempotency key has 1 to ${MAX_KEY} characters`);
  for (const [what, name] of [
    ['the idempotency key', key],
    ['the name of the actor', actor],
  ] as const) {
    if (name !== undefined && redactText(name).count > 0)
      throw new LedgerError('BAD_INPUT', `${what} looks like a secret or a home path, not like a name`);
  }
}

interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
  expected?: string;
  keys?: string[];
  values?: unknown[];
  maximum?: number | bigint;
  minimum?: number | bigint;
  origin?: string;
}

/** One clause a person understands, from zod's issue: field, problem. */
function describe(raw: z.core.$ZodIssue, input: unknown): string {
  const issue = raw as unknown as Issue;
  const field = issue.path.length > 0 ? `"${issue.path.map(String).join('.')}"` : 'the input';
  const missing = valueAt(input, issue.path) === undefined;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown ${issue.keys!.length > 1 ? 'keys' : 'key'} ${issue.keys!.map(key => JSON.stringify(key)).join(', ')}`;
    case 'invalid_type':
      return missing ? `${field} is missing` : `${field} must be ${article(issue.expected ?? 'another type')}`;
    case 'invalid_value':
      return `${field} must be one of ${(issue.values ?? []).map(String).join(', ')}`;
    case 'too_big':
      return tooBig(field, issue);
    case 'too_small':
      return tooSmall(field, issue);
    default:
      return `${field} ${issue.message === 'Invalid input' ? 'is not valid' : issue.message}`;
  }
}

/** What a bound of zod counts, by what it bounds; of a number nothing. */
const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

function tooBig(field: string, { origin = '', maximum }: Issue): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `${field} is more than ${maximum}`;
  return `${field} has more than ${maximum} ${unit}${Number(maximum) === 1 ? '' : 's'}`;
}

function tooSmall(field: string, { origin = '', minimum }: Issue): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `${field} is less than ${minimum}`;
  return Number(minimum) === 1 ? `${field} is empty` : `${field} has less than ${minimum} ${unit}s`;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** What the resolving of names needs. */
export interface Names {
  rulebook: Rulebook;
  view: View;
  actor: string;
}

/**
 * Whole ids for prefixes, the actor for `me`, all through the input, so that an entry says exactly what it means. The id
 * of a sub-record is looked for in the record that the input names as its owner.
 */
export async function resolveNames(
  schema: z.ZodMiniType,
  input: { [key: string]: unknown },
  names: Names,
): Promise<{ [key: string]: unknown }> {
  return (await resolve(schema, input, { ...names, input })) as { [key: string]: unknown };
}

async function resolve(
  schema: z.ZodMiniType,
  value: unknown,
  names: Names & { input: { [key: string]: unknown } },
): Promise<unknown> {
  if (value === undefined || value === null) return value;
  const info = infoOf(schema);
  if (typeof value === 'string') {
    if (info.id) return resolveId(info.id, value, names, await ownerOf(info.id, names));
    return info.actor && value.toLowerCase() === 'me' ? names.actor : value;
  }
  const def = unwrap(schema);
  if (Array.isArray(value)) {
    if (!def.element) return value;
    return Promise.all(value.map(item => resolve(def.element!, item, names)));
  }
  if (typeof value === 'object' && def.shape) {
    const out: { [key: string]: unknown } = {};
    for (const [key, item] of Object.entries(value)) {
      const field = def.shape[key];
      out[key] = field ? await resolve(field, item, names) : item;
    }
    return out;
  }
  return value;
}

function unwrap(schema: z.ZodMiniType): ReturnType<typeof defOf> {
  const def = defOf(schema);
  return def.innerType ? unwrap(def.innerType) : def;
}

/** The owner of a sub-record that the input names; undefined for a kind that nothing owns. @throws LedgerError BAD_INPUT when it names none */
async function ownerOf(
  kind: string,
  { input, ...names }: Names & { input: { [key: string]: unknown } },
): Promise<string | undefined> {
  const owner = names.rulebook.kind(kind)?.owner?.kind;
  if (owner === undefined) return undefined;
  const given = input[`${owner}_id`];
  if (typeof given === 'string') return resolveId(owner, given, names);
  throw new LedgerError('BAD_INPUT', `a ${kind} is named with its ${owner}: ${owner}_id is missing`);
}

/**
 * @param owner id of the record that owns those of this kind
 * @throws LedgerError NOT_FOUND, AMBIGUOUS, BAD_INPUT
 */
export async function resolveId(
  kind: string,
  text: string,
  { rulebook, view }: Names,
  owner?: string,
): Promise<string> {
  const def = rulebook.kind(kind);
  if (!def?.letter) return text;
  const body = prefixBody(def.letter, text);
  const find =
    owner === undefined ? `ledgenter ${def.command ?? kind} query` : `ledgenter ${def.owner!.kind} get ${owner}`;
  if (body === undefined) {
    throw new LedgerError(
      'NOT_FOUND',
      `no ${kind} ${JSON.stringify(text.slice(0, 40))}: an id is ${def.letter}-… with at least ${MIN_PREFIX} characters`,
      {
        hint: find,
      },
    );
  }
  const found = await matching(view, def, body, owner);
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new LedgerError('NOT_FOUND', `no ${kind} begins with ${def.letter}-${body}`, { hint: find });
  const shown = found.slice(0, 5).join(', ');
  throw new LedgerError('AMBIGUOUS', `${def.letter}-${body} is the beginning of ${found.length} ${kind}s: ${shown}`, {
    details: { candidates: found.slice(0, 20) },
  });
}

async function matching(view: View, def: RecordDef<unknown>, body: string, owner?: string): Promise<string[]> {
  if (owner === undefined) return view.matching(def, body);
  return (await view.ids(def, owner)).filter(id => id.startsWith(`${def.letter}-${body}`));
}
