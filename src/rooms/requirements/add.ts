import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { once, taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';

export const add = defineOperation({
  name: 'require.add',
  kind: 'write',
  summary:
    'A task needs another one done before it is: it is not ready, and not done, until then or until a person waives it',
  input: () => z.strictObject({ task_id: taskId(), on: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter require add <task_id> --on <task_id>', says: 'the first waits for the second' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, on }) => `${task_id} requires ${on}`,
  async decide(view, { task_id: id, on }, by) {
    const before = await needTask(view, id);
    await needTask(view, on);
    const after = { ...before, depends_on: once([...before.depends_on, on]) };
    return settle(view, by, [{ id, before, after }], [], { task_id: id });
  },
  show: (context, result) => answer(context, result.task_id),
});
