import type { Law } from '../kernel/law.ts';
import type { Operation } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';

/** One folder of the office: what it keeps, what is lawful there, what can be done. */
export interface Room {
  name: string;
  records: readonly RecordDef<unknown>[];
  laws: readonly Law[];
  operations: readonly Operation[];
}

/** A definition with its record type forgotten, as lists of definitions hold it. */
export function plain<R>(def: RecordDef<R>): RecordDef<unknown> {
  return def as unknown as RecordDef<unknown>;
}

/** A definition as `By.newId` and `WriteOperation.target` take it. */
export function any<R>(def: RecordDef<R>): RecordDef<never> {
  return def as unknown as RecordDef<never>;
}
