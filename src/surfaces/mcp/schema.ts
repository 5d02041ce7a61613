import * as z from 'zod/mini';
import { defOf, infoOf } from '../../kernel/fields.ts';
import type { Operation } from '../../kernel/operation.ts';

type Schema = { [key: string]: unknown };

/** Says nothing: every host assumes it, or the operation's own check says it better. */
const NOISE = new Set(['$schema', 'additionalProperties', 'default', 'maxItems', 'maxLength', 'minLength']);

/** The JSON Schema of an operation's input as tools/list shows it: an object, as short as it can be. */
export function inputSchema(operation: Operation): { type: 'object'; [key: string]: unknown } {
  const schema = operation.input() as z.ZodMiniType;
  const full = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  // A file is named on a command line; a host sends what it would say.
  for (const [name, field] of Object.entries(defOf(schema).shape ?? {}))
    if (infoOf(field).file) delete full.properties?.[name];
  return { type: 'object', ...(shorten(full) as Schema) };
}

function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  const out: Schema = {};
  for (const [key, item] of Object.entries(value)) {
    if (NOISE.has(key) && !isSchema(item)) continue;
    if ((key === 'maximum' || key === 'minimum') && Math.abs(Number(item)) >= Number.MAX_SAFE_INTEGER) continue;
    if (key === 'const') out.enum = [item];
    else if (key === 'required' && Array.isArray(item) && item.length === 0) continue;
    else out[key] = key === 'properties' ? properties(item as Schema) : shorten(item);
  }
  if (out.enum && out.type === 'string') delete out.type;
  return nullable(out);
}

/** `properties` maps names that may be called like a keyword. */
function properties(fields: Schema): Schema {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shorten(field)]));
}

/** A schema in the place of a keyword's value is kept (`additionalProperties` of a record). */
function isSchema(item: unknown): boolean {
  return typeof item === 'object' && item !== null && Object.keys(item).length > 0;
}

/** `anyOf: [{type: x, …}, {type: null}]` → `{type: [x, null], …}`. */
function nullable(schema: Schema): Schema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const other = (anyOf as Schema[]).find(option => option.type !== 'null');
  if (!other || !(anyOf as Schema[]).some(option => option.type === 'null') || typeof other.type !== 'string')
    return schema;
  return { ...rest, ...other, type: [other.type, 'null'] };
}
