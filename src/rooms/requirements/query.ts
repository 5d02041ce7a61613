import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask } from '../tasks/write.ts';
import { waiversOf } from '../validation/gate.ts';
import { short } from '../validation/show.ts';

export const query = defineOperation({
  name: 'require.query',
  kind: 'read',
  summary: 'What a task requires to be done before it is: each with where it stands, and who waived it',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter require query <task_id>', says: 'what it waits for' }],
  table: {
    rows: 'requirements',
    columns: ['id', 'status', 'state', 'by', 'reason', 'title'],
    none: 'it requires nothing',
  },
  async query({ view }, { task_id: id }) {
    const task = await needTask(view, id);
    const waivers = await waiversOf(view, id);
    const requirements: Record<string, unknown>[] = [];
    for (const on of task.depends_on) {
      const other = await find(view, taskRecord, on);
      const waiver = task.waived?.includes(on)
        ? waivers.findLast(({ required_task_id }) => required_task_id === on)
        : undefined;
      const done = other?.status === 'done';
      requirements.push({
        id: on,
        ...(other ? { title: other.title, status: other.status } : {}),
        state: done ? 'met' : waiver ? 'waived' : 'open',
        ...(waiver ? { by: waiver.by, at: waiver.at, reason: short(waiver.reason) } : {}),
      });
    }
    const open = requirements.find(({ state }) => state === 'open');
    return {
      requirements,
      total: requirements.length,
      open: requirements.filter(({ state }) => state === 'open').length,
      hints: { next: `ledgenter task get ${open?.id ?? id}` },
    };
  },
});
