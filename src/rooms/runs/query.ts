import * as z from 'zod/mini';
import { actor, idOf, limit, mark } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { type Named, tables } from '../rows.ts';
import { type RunRow, runTable } from './ports.ts';

type Row = Named<RunRow> & { depth?: number };

export const query = defineOperation({
  name: 'run.query',
  kind: 'read',
  summary: 'List runs, newest first; with parent: the tree of runs below one',
  input: () =>
    z.strictObject({
      parent: z.optional(idOf('run')),
      series: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
      actor: z.optional(actor()),
      open: z.optional(z.boolean()),
      abandoned: z.optional(z.boolean()),
      limit: limit(),
      ...pageFields(),
    }),
  examples: [
    { cli: 'ledgenter run query --open', says: 'who is at work now' },
    { cli: 'ledgenter run query --series night --limit 5', says: 'the last ticks of a night shift' },
  ],
  table: {
    rows: 'runs',
    columns: ['id', 'started_at', 'ended_at', 'kind', 'series', 'actor'],
    none: 'no such run',
  },
  async query(context, { parent, series, actor: who, open, abandoned, limit: size = PAGE, cursor, fields }) {
    const all = await (await context.use(tables)).rows(runTable);
    const rows = (parent === undefined ? newestFirst(all) : below(parent, all)).filter(
      row =>
        (series === undefined || row.series === series) &&
        (who === undefined || row.actor === who.toLowerCase()) &&
        (open === undefined || (row.ended_at === undefined) === open) &&
        (abandoned === undefined || (row.abandoned === true) === abandoned),
    );
    const at = cursor === undefined ? -1 : rows.findIndex(row => row.id === cursor);
    if (cursor !== undefined && at < 0) refuse('BAD_INPUT', 'the cursor is not one that this list gave');
    const page = rows.slice(at + 1, at + 1 + size);
    const more = at + 1 + size < rows.length;
    return {
      runs: page.map(row => pick(row, fields, 'id')),
      total: rows.length,
      ...(more ? { cursor: page.at(-1)!.id } : {}),
    };
  },
});

function newestFirst(rows: readonly Named<RunRow>[]): Row[] {
  return [...rows].sort((a, b) => (a.started_at > b.started_at ? -1 : a.started_at < b.started_at ? 1 : 0));
}

/** The runs below one, each behind the run that started it, with how deep it stands. */
function below(parent: string, rows: readonly Named<RunRow>[]): Row[] {
  const children = new Map<string, Named<RunRow>[]>();
  for (const row of newestFirst(rows)) {
    if (row.parent !== undefined) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  }
  const out: Row[] = [];
  const seen = new Set([parent]);
  const visit = (id: string, depth: number): void => {
    for (const row of children.get(id) ?? []) {
      if (seen.has(row.id)) continue; // a law forbids a ring; a forged one ends here
      seen.add(row.id);
      out.push({ ...row, depth });
      visit(row.id, depth + 1);
    }
  };
  visit(parent, 1);
  return out;
}
