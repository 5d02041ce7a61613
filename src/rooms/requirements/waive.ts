import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { once, taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';
import { waiverFile } from '../validation/waive.ts';

export const waive = defineOperation({
  name: 'require.waive',
  kind: 'write',
  humanOnly: true,
  summary: 'Say, as a person, that a task need not wait for one it requires, and why; it stays in sight for ever',
  input: () => z.strictObject({ task_id: taskId(), on: taskId(), reason: text() }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter require waive <task_id> --on <task_id> --reason 'we ship without the old import'",
      says: 'it waits no longer for that one',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, on }) => `waived that ${task_id} requires ${on}`,
  async decide(view, { task_id: id, on, reason }, by) {
    const before = await needTask(view, id);
    if (!before.depends_on.includes(on))
      refuse('NOT_FOUND', `${id} does not require ${on}`, { hint: `ledgenter require query ${id}` });
    if (before.waived?.includes(on)) return { same: { task_id: id } };
    const after = { ...before, waived: once([...(before.waived ?? []), on]) };
    const { id: waiver_id, file } = await waiverFile(view, by, { task_id: id, after, required_task_id: on, reason });
    return settle(view, by, [{ id, before, after }], [file], { task_id: id, waiver_id });
  },
  async show(context, { task_id, waiver_id }) {
    return { ...(waiver_id === undefined ? {} : { waiver_id }), ...(await answer(context, task_id)) };
  },
});
