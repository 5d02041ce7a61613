import * as z from 'zod/mini';
import { actor, choice, idOf, limit, time } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { newestPage, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { EVENTS } from './line.ts';
import { eventsOf } from './table.ts';

export const query = defineOperation({
  name: 'event.query',
  kind: 'read',
  summary: 'What agents said they did, newest first; landed false: it waits here for the next sync',
  input: () =>
    z.strictObject({
      agent: z.optional(actor()),
      event: z.optional(z.array(choice(EVENTS)).check(z.maxLength(EVENTS.length))),
      task_id: z.optional(taskId()),
      run_id: z.optional(idOf('run')),
      since: z.optional(time()),
      until: z.optional(time()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'agent',
  examples: [{ cli: 'ledgenter event query --event error', says: 'what went wrong lately' }],
  table: {
    rows: 'events',
    columns: ['ts', 'agent', 'event', 'task_id', 'source', 'summary'],
    none: 'no agent said anything',
  },
  async query(context, { agent, event, task_id, run_id, since, until, fields, ...page }) {
    const asked = { agent: agent?.toLowerCase(), run: run_id, task: task_id, since, until };
    const found = (await eventsOf(context, asked)).filter(one => !event || event.includes(one.event));
    const { items, ...counts } = newestPage(found, 'ts', page);
    return { events: items.map(one => pick(one, fields, 'id')), ...counts };
  },
});
