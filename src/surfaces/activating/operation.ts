import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../../rooms/lookup.ts';
import { taskId } from '../../rooms/tasks/fields.ts';
import { activeTask } from '../../rooms/tasks/ports.ts';
import { FINAL, taskRecord } from '../../rooms/tasks/record.ts';
import { brief, nextFor } from '../../rooms/tasks/show.ts';
import { needTask } from '../../rooms/tasks/write.ts';
import { activePort } from './port.ts';

export const activateOperation = defineOperation({
  name: 'task.activate',
  kind: 'act',
  summary:
    'Say which task this worktree is about, for whoami, next, context and can; it claims nothing. Without one: show it',
  input: () => z.strictObject({ task_id: z.optional(taskId()), clear: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter task activate <task_id>', says: 'this worktree is about that task' },
    { cli: 'ledgenter task activate --clear', says: 'about none any more' },
  ],
  async act(context, { task_id, clear }) {
    const { view, who } = context;
    if (clear && task_id !== undefined) refuse('BAD_INPUT', 'a task is made active, or none: not both at once');
    if (task_id !== undefined) {
      const { status } = await needTask(view, task_id);
      if (FINAL.includes(status))
        refuse('REFUSED', `${task_id} is ${status}: there is nothing to be done`, {
          hint:
            status === 'done'
              ? `ledgenter task follow-up ${task_id} --title '<title>'`
              : `ledgenter task reopen ${task_id}`,
        });
    }
    if (clear || task_id !== undefined) (await context.use(activePort)).set(task_id);
    const id = clear ? undefined : (task_id ?? (await (await context.use(activeTask)).id()));
    const task = id === undefined ? undefined : await find(view, taskRecord, id);
    const next =
      id !== undefined && task ? await nextFor(view, id, task, who.actor, context) : 'ledgenter task query --ready';
    return {
      active: id !== undefined && task ? brief(id, task) : null,
      ...(next === undefined ? {} : { hints: { next } }),
    };
  },
});
