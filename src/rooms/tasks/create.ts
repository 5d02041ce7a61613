import * as z from 'zod/mini';
import { byOf, defineOperation } from '../../kernel/operation.ts';
import { nothing } from '../nothing.ts';
import { any } from '../room.ts';
import { linkedDraftFields, newTask } from './draft.ts';
import { taskRecord } from './record.ts';
import { answer } from './show.ts';
import { settle } from './write.ts';

export const create = defineOperation({
  name: 'task.create',
  kind: 'write',
  creates: true,
  summary: 'Create a task',
  input: () => z.strictObject(linkedDraftFields()),
  positional: 'title',
  examples: [
    {
      cli: "ledgenter task create 'Wire the sweeper' --priority 1 --labels backend",
      says: 'a task for whoever is free',
    },
    {
      cli: "ledgenter task create 'Ship it' --acceptance-criteria 'tests pass' --requires-evidence",
      says: 'a task that is done only when the criterion is met and a commit is linked',
    },
  ],
  subject: ({ title }, intent) => `created ${byOf(intent, nothing).newId(any(taskRecord))} ${title}`,
  async decide(view, input, by) {
    const id = by.newId(any(taskRecord));
    return settle(view, by, [{ id, after: await newTask(view, input, by) }], [], { task_id: id });
  },
  show: (context, result) => answer(context, result.task_id),
});
