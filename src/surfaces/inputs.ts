import * as z from 'zod/mini';
import { defOf, infoOf } from '../kernel/fields.ts';
import type { Operation } from '../kernel/operation.ts';

/** What a person types for a field: one value, several, or JSON for anything deeper. */
export type InputKind = 'string' | 'integer' | 'number' | 'boolean' | 'json';

/** One field of an operation's input, as a surface needs to know it. */
export interface InputField {
  /** Name in the input and in JSON: `acceptance_criteria`. */
  name: string;
  /** Name on the command line, without dashes: `acceptance-criteria`. */
  flag: string;
  kind: InputKind;
  required: boolean;
  /** Takes several values: the flag may be repeated. */
  many: boolean;
  /** Its values hold no commas, so several may be written with commas between them. */
  commas: boolean;
  /** `null` empties it: on the command line the empty string. */
  nullable: boolean;
  /** The values it takes, where they are a closed list. */
  choices?: string[];
  /** Each item is an object; where a plain string will do for one, the property it becomes. */
  textProperty?: string;
  /** Long text: `$EDITOR` is offered. */
  long: boolean;
  /** The form of the value, in words. */
  form?: string;
  /** Free text, or one that is piped in, as opposed to an id, a time, a word of a closed list. */
  free: boolean;
  /** Record kind whose id it holds. */
  id?: string;
  actor: boolean;
  description?: string;
  /** Paths in a repository, from its top. */
  inRepo: boolean;
  /** Typed, it is the path of a file that has the text. */
  file: boolean;
}

interface Shape {
  kind: InputKind;
  many: boolean;
  nullable: boolean;
  optional: boolean;
  choices?: string[];
  item?: z.ZodMiniType;
}

interface Def {
  type: string;
  innerType?: z.ZodMiniType;
  element?: z.ZodMiniType;
  in?: z.ZodMiniType;
  options?: z.ZodMiniType[];
  entries?: Record<string, string>;
  values?: unknown[];
  format?: string;
  shape?: Record<string, z.ZodMiniType>;
}

const def = (schema: z.ZodMiniType): Def => defOf(schema) as Def;
const INTEGER_FORMATS = new Set(['safeint', 'int32', 'uint32']);

function shapeOf(schema: z.ZodMiniType): Shape {
  const own = def(schema);
  switch (own.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'catch':
      return { ...shapeOf(own.innerType!), optional: true };
    case 'nullable':
      return { ...shapeOf(own.innerType!), nullable: true };
    case 'nonoptional':
    case 'readonly':
      return shapeOf(own.innerType!);
    case 'pipe':
      return shapeOf(own.in!);
    case 'array': {
      const item = shapeOf(own.element!);
      return { ...item, many: true, nullable: false, optional: false, item: own.element! };
    }
    case 'enum':
      return plain('string', Object.values(own.entries!).map(String));
    case 'literal':
      return plain('string', own.values!.map(String));
    case 'number':
      return plain(own.format && INTEGER_FORMATS.has(own.format) ? 'integer' : 'number');
    case 'string':
      return plain('string');
    case 'boolean':
      return plain('boolean');
    case 'union': {
      // A union of one type and null is that type; any other is written as JSON.
      const options = own.options!.filter(option => def(option).type !== 'null');
      const only = options.length === 1 ? shapeOf(options[0]!) : plain('json');
      return { ...only, nullable: only.nullable || options.length < own.options!.length };
    }
    default:
      return plain('json');
  }
}

function plain(kind: InputKind, choices?: string[]): Shape {
  return { kind, many: false, nullable: false, optional: false, ...(choices ? { choices } : {}) };
}

/** The property a plain string stands for: an object whose only required property is a string (`{text, check?}`). */
function textProperty(schema: z.ZodMiniType): string | undefined {
  const { shape } = def(schema);
  if (!shape) return undefined;
  const required = Object.entries(shape).filter(([, field]) => !shapeOf(field).optional);
  const [only] = required;
  return required.length === 1 && only && shapeOf(only[1]).kind === 'string' ? only[0] : undefined;
}

/** Description of a schema, where one was registered with zod. */
function describe(schema: z.ZodMiniType): string | undefined {
  const here = z.globalRegistry.get(schema)?.description;
  const inner = def(schema).innerType;
  return here ?? (inner ? describe(inner) : undefined);
}

const cache = new WeakMap<Operation, InputField[]>();

/** The fields of an operation's input in the order of its schema. */
export function inputFields(operation: Operation): InputField[] {
  const known = cache.get(operation);
  if (known) return known;
  const { shape } = def(operation.input() as z.ZodMiniType);
  if (!shape) throw new TypeError(`the input of ${operation.name} is no object`);
  const fields = Object.entries(shape).map(([name, schema]) => fieldOf(name, schema));
  cache.set(operation, fields);
  return fields;
}

function fieldOf(name: string, schema: z.ZodMiniType): InputField {
  const shape = shapeOf(schema);
  const info = infoOf(schema);
  const text = shape.item && shape.kind === 'json' ? textProperty(shape.item) : undefined;
  const description = describe(schema);
  const words = shape.kind === 'string' && !shape.choices && !info.actor;
  const free = words && (!info.machine || info.piped === true);
  return {
    name,
    flag: name.replace(/_/g, '-'),
    kind: shape.kind,
    required: !shape.optional,
    many: shape.many,
    commas: shape.many && shape.kind !== 'json' && (!free || info.word === true),
    nullable: shape.nullable,
    ...(shape.choices ? { choices: shape.choices } : {}),
    ...(text ? { textProperty: text } : {}),
    long: info.long === true,
    ...(info.form ? { form: info.form } : {}),
    free,
    ...(info.id ? { id: info.id } : {}),
    actor: info.actor === true,
    inRepo: info.inRepo === true,
    file: info.file === true,
    ...(description ? { description } : {}),
  };
}
