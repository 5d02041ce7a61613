import * as z from 'zod/mini';
import { LedgerError } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { clonePort } from '../site.ts';
import { sync } from '../sync.ts';

export const syncOperation = defineOperation({
  name: 'sync',
  toolset: 'ledger',
  kind: 'act',
  summary: 'Fetch what others wrote, replay what waits here on top, push it',
  input: () =>
    z.strictObject({
      background: z.optional(z.boolean()),
    }),
  examples: [{ cli: 'ledgenter sync', says: 'carry everything both ways, now' }],
  async act(context, input) {
    const clone = await context.use(clonePort);
    if (clone.self)
      return { landed: 0, received: 0, waiting: 0, parked: [], note: 'no remote: this repository decides' };
    const report = await sync(clone, {
      joinOnly: input.background === true,
      ...(context.signal ? { signal: context.signal } : {}),
      ...(context.progress ? { progress: context.progress } : {}),
    });
    const { ok, reason, ...rest } = report;
    if (ok || report.queued) return { ...rest, ...(reason ? { note: reason } : {}) };
    throw new LedgerError('UNREACHABLE', `not synced: ${reason ?? 'the remote is busy'}`, { details: { ...rest } });
  },
});
