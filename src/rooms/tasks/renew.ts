import * as z from 'zod/mini';
import { duration } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { epochMs, formatDuration, parseDuration } from '../../kernel/time.ts';
import { taskId } from './fields.ts';
import { claims } from './ports.ts';

export const renew = defineOperation({
  name: 'task.renew',
  kind: 'act',
  summary: 'Move the end of your lease on a task; any write of yours does so by itself past half-time',
  input: () => z.strictObject({ task_id: taskId(), lease: z.optional(duration()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter task renew <task_id> --lease 2h', says: 'two hours from now' }],
  async act({ use, now }, { task_id, lease }) {
    const { lease_until } = await (await use(claims)).renew(
      task_id,
      lease === undefined ? undefined : parseDuration(lease),
    );
    return { task_id, lease_until, lease_left: formatDuration(epochMs(lease_until) - now) };
  },
});
