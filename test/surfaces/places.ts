import type * as z from 'zod/mini';
import { type FieldInfo, infoOf } from '../../src/kernel/fields.ts';

type Schema = z.ZodMiniType;
interface Def {
  type: string;
  innerType?: Schema;
  element?: Schema;
  shape?: Record<string, Schema>;
  options?: Schema[];
  in?: Schema;
  valueType?: Schema;
}

/** A way into an input: names of fields, 0 for the first of a list. */
export type Path = readonly (string | 0)[];

/** A place of an input that holds a string. */
export interface Place {
  path: Path;
  /** What its field says of itself. */
  info: FieldInfo;
}

/** Every place of an input where a string may stand. */
export function places(schema: Schema, path: Path = [], above: FieldInfo = {}): Place[] {
  const { def } = (schema as unknown as { _zod: { def: Def } })._zod;
  const own = infoOf(schema);
  const info = Object.keys(own).length > 0 ? own : above;
  if (def.type === 'string') return [{ path, info }];
  if (def.shape) return Object.entries(def.shape).flatMap(([name, field]) => places(field, [...path, name]));
  if (def.element) return places(def.element, [...path, 0], info);
  if (def.valueType) return places(def.valueType, [...path, 'any'], info);
  const inner = [def.innerType, def.in, ...(def.options ?? [])].filter(one => one !== undefined);
  return inner.flatMap(one => places(one, path, info));
}

/** A copy of `input` with `value` at `path`; what the way leads through is made where it is missing. */
export function withAt(input: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step === 0) {
    const [first, ...others] = Array.isArray(input) ? input : [];
    return [withAt(first, rest, value), ...others];
  }
  const object = (input ?? {}) as { [key: string]: unknown };
  return { ...object, [step]: withAt(object[step], rest, value) };
}
