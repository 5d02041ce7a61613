import { definePort } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';

/**
 * What lists of one kind of record need of each: a small row, never a body. Only for kinds whose rows fit in memory
 * (handoffs, decisions, runs, code refs); tasks have an index of their own.
 */
export interface Table<R, Row extends object> {
  def: RecordDef<R>;
  /** Tells two tables of one kind apart. */
  name?: string;
  /** Raised whenever `row` changes what it answers: older files are built anew. */
  version: number;
  /** A function of the record and its place alone; undefined leaves it out. `owner`: of a sub-record. */
  row(record: R, id: string, owner?: string): Row | undefined;
}

export type Named<Row> = Row & { id: string };

export function defineTable<R, Row extends object>(table: Table<R, Row>): Table<R, Row> {
  return table;
}

/** The top folder in which all records of a kind lie. */
export function topFolder(def: RecordDef<never>): string {
  return def.owner ? topFolder(def.owner as RecordDef<never>) : def.room;
}

/** The rows of all records of a kind at the tip that the context's view reads, sorted by id; derived and disposable. */
export interface Tables {
  rows<R, Row extends object>(table: Table<R, Row>): Promise<Named<Row>[]>;
}

export const tables = definePort<Tables>('tables');
