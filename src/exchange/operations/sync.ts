import * as z from 'zod/mini';
import { LedgerError } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { runBackground } from '../background.ts';
import type { Clone } from '../clone.ts';
import { arrivalsPort, clonePort } from '../site.ts';
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
    await (await context.use(arrivalsPort)).look();
    if (clone.self) {
      await clone.landing?.();
      return { landed: 0, received: 0, waiting: 0, parked: [], note: 'no remote: this repository decides' };
    }
    if (input.background) return background(clone);
    const report = await sync(clone, {
      ...(context.signal ? { signal: context.signal } : {}),
      ...(context.progress ? { progress: context.progress } : {}),
    });
    const { ok, reason, ...rest } = report;
    if (ok || report.queued) return { ...rest, ...(reason ? { note: reason } : {}) };
    throw new LedgerError('UNREACHABLE', `not synced: ${reason ?? 'the remote is busy'}`, { details: { ...rest } });
  },
});

/** The detached process behind a command's writes: nobody waits for it, nobody reads what it says. */
async function background(clone: Clone): Promise<{ [key: string]: unknown }> {
  await runBackground(clone.desk, clone.now, clone.sleep, async () => {
    await sync(clone, { joinOnly: true });
  });
  return {};
}
