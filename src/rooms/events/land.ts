import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { apart, batchId, batchRecord, isSameStart, MAX_EVENTS, rowSchema, takenFields } from './record.ts';

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
    let [name, start, rows] = [spool, from, events];
    // Each step ends a batch that the book has, or leaves a name that another clone has lines of its own under.
    for (;;) {
      const id = batchId({ spool: name, from: start });
      const known = await view.get(batchRecord, id);
      if (!known) {
        const files = [batchRecord.put(id, { spool: name, from: start, to, events: rows, by: actor, at })];
        return { files, result: { event_batch_id: id, to } };
      }
      if (!isSameStart(known.events, rows)) name = apart(name, rows[0]!);
      else if (known.to >= to || known.events.length >= rows.length) return { same: { event_batch_id: id, to } };
      else [start, rows] = [known.to, rows.slice(known.events.length)];
    }
  },
});
