import { definePort } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';

/**
 * What lists of one kind of record need of each: a small row, never a body. Only for kinds with a top folder of their
 * own whose rows fit in memory (handoffs, decisions, runs); tasks have an index of their own.
 */
export interface Table<R, Row extends object> {
  def: RecordDef<R>;
  /** Tells two tables of one kind apart. */
  name?: string;
  /** Raised whenever `row` changes what it answers: older files are built anew. */
  version: number;
  /** A function of the record alone; undefined leaves it out. */
  row(record: R, id: string): Row | undefined;
}

export type Named<Row> = Row & { id: string };

export function defineTable<R, Row extends object>(table: Table<R, Row>): Table<R, Row> {
  if (table.def.owner) throw new TypeError(`${table.def.kind}: only kinds with a top folder have a table`);
  return table;
}

/** The rows of all records of a kind at the tip that the context's view reads, sorted by id; derived and disposable. */
export interface Tables {
  rows<R, Row extends object>(table: Table<R, Row>): Promise<Named<Row>[]>;
}

export const tables = definePort<Tables>('tables');
