import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { batchId, batchRecord, MAX_EVENTS, rowSchema, takenFields } from './record.ts';

/** Lands what a clone spooled, written by a sync: one entry, however many agents said however much. */
export const land = defineOperation({
  name: 'event.land',
  kind: 'write',
  internal: true,
  summary: 'Land the agent events that were spooled since the last sync',
  input: () =>
    z.strictObject({
      ...takenFields(),
      events: z.array(rowSchema()).check(z.minLength(1), z.maxLength(MAX_EVENTS)),
    }),
  examples: [{ cli: 'ledgenter sync', says: 'what waits in the spool is landed first' }],
  subject: ({ events }) => `landed ${events.length} agent ${events.length === 1 ? 'event' : 'events'}`,
  async decide(view, { spool, from, to, events }, { actor, at }) {
    const id = batchId({ spool, from });
    const known = await view.get(batchRecord, id);
    if (known) return { same: { event_batch_id: id, to: known.to } };
    const files = [batchRecord.put(id, { spool, from, to, events, by: actor, at })];
    return { files, result: { event_batch_id: id, to } };
  },
});
