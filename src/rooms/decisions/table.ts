import type { Context } from '../../kernel/operation.ts';
import { cut } from '../lists.ts';
import { defineTable, type Named, tables } from '../rows.ts';
import { type Decision, decisionRecord } from './record.ts';

/** Characters of the choice that a row keeps. */
const CHOICE = 240;

/** A decision as lists show it. */
export interface DecisionRow {
  title: string;
  /** The choice, cut. */
  choice: string;
  by: string;
  at: string;
  supersedes?: string;
  paths?: string[];
  repo?: string;
  project?: string;
  task_ids?: string[];
}

export const decisionTable = defineTable<Decision, DecisionRow>({
  def: decisionRecord,
  version: 1,
  row({ choice, rationale: _why, options: _weighed, ...rest }) {
    return JSON.parse(JSON.stringify({ ...rest, choice: cut(choice, CHOICE) ?? choice })) as DecisionRow;
  },
});

export type Ruling = Named<DecisionRow>;

/** All decisions, newest first, and which decision superseded each that is history. */
export async function decisions(context: Context): Promise<{ rows: Ruling[]; by: Map<string, string> }> {
  const rows = await (await context.use(tables)).rows(decisionTable);
  const by = new Map(rows.flatMap(({ id, supersedes }) => (supersedes === undefined ? [] : [[supersedes, id]])));
  return { rows: rows.sort(newest), by };
}

/** Rulings that hold now, newest first. */
export async function rulings(context: Context): Promise<Ruling[]> {
  const { rows, by } = await decisions(context);
  return rows.filter(({ id }) => !by.has(id));
}

const newest = (a: Ruling, b: Ruling): number => (a.at + a.id < b.at + b.id ? 1 : -1);
