import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../../rooms/tasks/fields.ts';
import { command, todoId } from '../../rooms/work/fields.ts';
import { boundedTime } from '../prove/operation.ts';

export const workRun = defineOperation({
  name: 'work.run',
  kind: 'act',
  enters: true,
  // It starts a program: a host asks for it as for a shell.
  destructive: true,
  summary: 'Run a command in the root of the checkout, without a shell, and record in the work log how it ended',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      command: command(),
      todo_id: z.optional(todoId()),
      timeout: z.optional(boundedTime()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter work run <task_id> --command 'npm test' --todo-id todo-1",
      says: 'one that passes shows that todo-1 is done',
    },
  ],
  exit: ({ passed }) => (passed === true ? EXIT.ok : EXIT.no),
  async act(context, input) {
    const { run } = await import('./run.ts');
    return run(context, input);
  },
});

export const workScan = defineOperation({
  name: 'work.scan',
  kind: 'act',
  enters: true,
  summary:
    'Log which files git says were changed for a task: in its commits, in yours since the claim, and not committed',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter work scan <task_id>', says: 'before the work is finished' }],
  async act(context, input) {
    const { scan } = await import('./scan.ts');
    return scan(context, input);
  },
});
