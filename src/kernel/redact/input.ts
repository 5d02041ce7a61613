import * as z from 'zod/mini';
import { LedgerError } from '../errors.ts';
import { defOf, type FieldInfo, infoOf } from '../fields.ts';
import { normaliseText, normaliseTitle } from '../normalise.ts';
import { type RedactOptions, redactText } from './text.ts';

/** The parts of zod's definitions that a walk over parsed values needs. */
interface Def {
  type: string;
  innerType?: z.ZodMiniType;
  element?: z.ZodMiniType;
  shape?: Record<string, z.ZodMiniType>;
  catchall?: z.ZodMiniType;
  keyType?: z.ZodMiniType;
  valueType?: z.ZodMiniType;
  items?: z.ZodMiniType[];
  rest?: z.ZodMiniType | null;
  options?: z.ZodMiniType[];
  left?: z.ZodMiniType;
  right?: z.ZodMiniType;
  in?: z.ZodMiniType;
  out?: z.ZodMiniType;
  getter?: () => z.ZodMiniType;
}

/**
 * Normalises and redacts every string of a parsed input whose field is not marked `machine`, keys of records too. What the
 * schema does not describe is free text. The input itself is not changed.
 * @throws LedgerError BAD_INPUT when a name (an actor, a key, a branch, which must stay itself) has the form of a secret.
 */
export function redactInput<I>(
  schema: z.ZodMiniType<I>,
  input: I,
  options: RedactOptions = {},
): { input: I; count: number } {
  const walk = new Walk(options);
  return { input: walk.value(schema as z.ZodMiniType, input, {}, '') as I, count: walk.count };
}

/**
 * Refuses names of an input as it was given that have the form of a secret: a key is lower-cased when it is parsed, and a
 * secret in lower case is still one, but looks like none.
 * @throws LedgerError BAD_INPUT
 */
export function refuseSecretNames(schema: z.ZodMiniType<unknown>, given: unknown): void {
  new Walk({}, true).value(schema as z.ZodMiniType, given, {}, '');
}

class Walk {
  count = 0;
  readonly #options: RedactOptions;
  readonly #namesOnly: boolean;

  constructor(options: RedactOptions, namesOnly = false) {
    this.#options = options;
    this.#namesOnly = namesOnly;
  }

  value(schema: z.ZodMiniType | undefined, value: unknown, above: FieldInfo, path: string): unknown {
    const own = schema ? infoOf(schema) : {};
    const info = Object.keys(own).length > 0 ? own : above;
    if (info.machine || value === null || value === undefined) return value;
    const def: Def = schema ? defOf(schema) : { type: 'unknown' };
    const inner = innerOf(def, value);
    if (inner) return this.value(inner, value, info, path);
    if (typeof value === 'string') return this.#string(value, info, path);
    if (typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        this.value(def.element ?? def.items?.[index] ?? def.rest ?? undefined, item, info, `${path}[${index}]`),
      );
    }
    if (def.type === 'intersection') {
      return this.value(def.right, this.value(def.left, value, info, path), info, path);
    }
    return this.#object(def, value as Record<string, unknown>, info, path);
  }

  #object(def: Def, value: Record<string, unknown>, info: FieldInfo, path: string): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const known = def.shape && Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      const name = known ? key : free(this.value(def.keyType, key, {}, `${path} key`) as string, out, value);
      const field = known ?? def.valueType ?? def.catchall;
      // defineProperty: a key `__proto__` of a record is data like any other.
      Object.defineProperty(out, name, {
        value: this.value(field, item, known ? {} : info, path === '' ? name : `${path}.${name}`),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return out;
  }

  #string(value: string, info: FieldInfo, path: string): string {
    const named = info.actor || info.key || info.verbatim;
    if (this.#namesOnly && !named) return value;
    const clean = info.long ? normaliseText(value) : normaliseTitle(value);
    const { text, count } = redactText(clean, this.#options);
    if (count > 0 && named) {
      throw new LedgerError('BAD_INPUT', `${path || 'input'}: looks like a secret or a home path, not like a name`);
    }
    this.count += count;
    return text;
  }
}

/** A key that redaction made equal to another gets a number: no value is lost. */
function free(key: string, out: object, input: object): string {
  if (!Object.hasOwn(out, key)) return key;
  for (let n = 2; ; n++) {
    const numbered = `${key}-${n}`;
    if (!Object.hasOwn(out, numbered) && !Object.hasOwn(input, numbered)) return numbered;
  }
}

/** The schema inside a wrapper, a pipe or a union that describes a parsed `value`; undefined when there is none inside. */
function innerOf(def: Def, value: unknown): z.ZodMiniType | undefined {
  if (def.getter) return def.getter();
  if (def.type === 'pipe') return def.out && defOf(def.out).type !== 'transform' ? def.out : def.in;
  return def.innerType ?? def.options?.find(option => z.safeParse(option, value).success);
}
