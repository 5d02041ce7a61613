import * as z from 'zod/mini';
import { actor, idOf, key, limit, mark, time } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { type HistoryFilter, historyPort } from './ports.ts';

export const query = defineOperation({
  name: 'activity.query',
  kind: 'read',
  toolset: 'logbook',
  summary: 'The logbook, newest first: who did what, when, to which task',
  input: () =>
    z.strictObject({
      task_id: z.optional(idOf('task')),
      project: z.optional(key()),
      actor: z.optional(actor()),
      run_id: z.optional(idOf('run')),
      op: z.optional(
        mark(z.string().check(z.regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/, { error: 'is no operation (task.claim)' })), {
          machine: true,
          word: true,
        }),
      ),
      since: z.optional(time()),
      until: z.optional(time()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'task_id',
  aliases: [{ name: 'log', args: [] }],
  examples: [
    { cli: 'ledgenter log --limit 5', says: 'the last five entries' },
    { cli: 'ledgenter activity query <task_id>', says: 'all that was done to one task' },
  ],
  table: { rows: 'entries', columns: ['at', 'actor', 'says'], none: 'nothing happened' },
  async query(context, { limit: size, cursor, fields, run_id, ...rest }) {
    const filter: HistoryFilter = Object.fromEntries(
      Object.entries({ ...rest, run: run_id }).filter(([, value]) => value !== undefined),
    );
    const history = await context.use(historyPort);
    const page = { limit: size ?? PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { rows, ...counts } = await history.entries(filter, page);
    return { entries: rows.map(row => pick(row, fields, 'entry')), ...counts };
  },
});
