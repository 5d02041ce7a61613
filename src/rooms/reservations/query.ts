import * as z from 'zod/mini';
import { limit } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { graceOf } from '../ledger/grace.ts';
import { newestPage, pageFields, pick } from '../lists.ts';
import { repoName } from '../repos/fields.ts';
import { defineTable, tables } from '../rows.ts';
import { reservedPaths, slot } from './fields.ts';
import { isOwn, type Known, liveAt, meeting } from './live.ts';
import { newBudget, patternOf } from './overlap.ts';
import { type Reservation, reservationRecord } from './record.ts';
import { scopeHere, scopeOf } from './scope.ts';
import { shown, stateOf } from './show.ts';

/** All reservations there ever were, for who asks for those that are over too. */
export const reservationTable = defineTable<Reservation, Reservation>({
  def: reservationRecord,
  version: 1,
  row: record => record,
});

export const query = defineOperation({
  name: 'reserve.query',
  kind: 'read',
  summary: 'List who keeps which paths and slots until when; paths: what overlaps these; all: with what is over',
  input: () =>
    z.strictObject({
      paths: z.optional(reservedPaths()),
      slot: z.optional(slot()),
      repo: z.optional(repoName()),
      mine: z.optional(z.boolean()),
      all: z.optional(z.boolean()),
      limit: limit(),
      ...pageFields(),
    }),
  examples: [
    { cli: 'ledgenter reserve query', says: 'what is reserved now' },
    { cli: 'ledgenter reserve query --paths src/parser', says: 'who is at work in there' },
    { cli: 'ledgenter reserve query --slot deploy', says: 'who deploys' },
  ],
  table: {
    rows: 'reservations',
    columns: ['id', 'by', 'until', 'state', 'repo', 'task_id', 'slot', 'paths', 'reason'],
    none: 'nothing is reserved',
  },
  async query(context, { paths, slot: named, repo, mine, all, ...given }) {
    const { view, who, now } = context;
    const grace = await graceOf(view);
    const found = all ? await everything(context) : await living(context, grace);
    // Paths are of a repository: the one that was named, else the one the caller stands in.
    const scope =
      repo === undefined ? paths && { repo: await scopeHere(context) } : { repo: await scopeOf(view, repo) };
    const wanted = paths?.map(patternOf);
    const budget = newBudget();
    const rows = found.filter(
      ({ record }) =>
        (named === undefined || record.slot === named) &&
        (!scope || (record.slot === undefined && record.repo === scope.repo)) &&
        (!mine || isOwn(record, who)) &&
        (!wanted || meeting(record, wanted, budget) !== undefined),
    );
    const { items, ...rest } = newestPage(
      rows.map(one => shown(one, all ? stateOf(one.record, now, grace) : undefined)),
      'since',
      given,
    );
    return { reservations: items.map(row => pick(row, given.fields, 'id')), ...rest };
  },
});

async function living({ view, now }: Context, grace: number): Promise<Known[]> {
  const found: Known[] = [];
  for await (const one of liveAt(view, now, grace)) found.push(one);
  return found;
}

async function everything(context: Context): Promise<Known[]> {
  const rows = await (await context.use(tables)).rows(reservationTable);
  return rows.map(({ id, ...record }) => ({ id, record }));
}
