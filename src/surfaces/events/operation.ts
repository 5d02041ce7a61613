import * as z from 'zod/mini';
import { actor, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

export const eventExport = defineOperation({
  name: 'event.export',
  kind: 'act',
  enters: true,
  cliOnly: true,
  summary: 'Write what agents said as files that other programs read: a line an event, a status and a page a session',
  input: () =>
    z.strictObject({
      dir: mark(z.string().check(z.minLength(1), z.maxLength(4_000)), { machine: true, form: 'a folder' }),
      agent: z.optional(actor()),
    }),
  positional: 'dir',
  examples: [{ cli: 'ledgenter event export telemetry', says: 'telemetry/<agent>/<date>.jsonl grows by what is new' }],
  async act(context, input) {
    const { exportEvents } = await import('./export.ts');
    return exportEvents(context, input);
  },
});
