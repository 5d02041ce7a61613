import { type Fields, isEmpty, isMap, textOf, told } from '../common/fields.ts';

/** Versions of the files themselves, which say nothing about the work. */
const BOOKKEEPING = new Set(['schema_version', 'object_type', 'file_version']);

/** A record as text: all its fields that say something, and its body where that says more than they do. */
export function rendered(heading: string, fields: Fields, body: string, leave: readonly string[] = []): string {
  const lines = Object.entries(fields)
    .filter(([name]) => !BOOKKEEPING.has(name) && !leave.includes(name))
    .flatMap(([name, value]) => told(name, compact(value)));
  const text = `${heading}\n${lines.join('\n')}`;
  return saysMore(body, `${text}\n${leave.map(name => String(fields[name])).join('\n')}`)
    ? `${text}\n\n${body.trim()}`
    : text;
}

/** Values with people and tools as one line each, and without bookkeeping. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (!isMap(value)) return value;
  const person = textOf(value, 'actor_name');
  if (person !== undefined) return named(person, value, ['actor_name']);
  const tool = textOf(value, 'harness_id') === undefined ? undefined : textOf(value, 'name');
  if (tool !== undefined) return named(tool, value, ['name']);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !BOOKKEEPING.has(name))
      .map(([name, item]) => [name, compact(item)]),
  );
}

function named(name: string, fields: Fields, leave: readonly string[]): string {
  const more = Object.entries(fields)
    .filter(([key, value]) => !leave.includes(key) && !BOOKKEEPING.has(key) && !isEmpty(value))
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return key === 'actor_type' || key === 'kind' || key === 'role' ? text : `${key} ${text}`;
    });
  return more.length === 0 ? name : `${name} (${more.join(', ')})`;
}

/** True when a body has a line that the fields do not: most bodies only repeat them for people. */
function saysMore(body: string, text: string): boolean {
  const words = (line: string): string => line.trim().replace(/^(?:[-*] (?:\[.\] )?)/, '');
  const there = new Set(text.split('\n').flatMap(line => [words(line), words(line).replace(/^[\w ]+: /, '')]));
  return body
    .split('\n')
    .map(words)
    .some(line => line !== '' && !line.startsWith('#') && !there.has(line));
}

/** The name in the first field that holds a person. */
export function personIn(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const found = isMap(value) ? textOf(value, 'actor_name') : textOf(fields, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
