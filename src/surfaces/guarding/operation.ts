import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { reservedPaths } from '../../rooms/reservations/fields.ts';
import { taskId } from '../../rooms/tasks/fields.ts';

/** The host whose hook asks, in the words of `setup`; any other word is a harness that reads exit codes. */
const hookName = () => mark(z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)), { machine: true });

export const guardOperation = defineOperation({
  name: 'guard',
  kind: 'read',
  cliOnly: true,
  toolset: 'reserve',
  summary:
    'Before an edit or a commit: does this run hold the task (any, or this one), and are the paths free? Exit 1: no, with why',
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      paths: z.optional(reservedPaths()),
      fresh: z.optional(z.boolean()),
      hook: z.optional(hookName()),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter guard', says: 'may this run write at all: does it hold a task' },
    { cli: 'ledgenter guard <task_id> --paths src/parser', says: 'this task, and nobody else keeps the folder' },
    { cli: 'ledgenter guard <task_id> --fresh', says: 'as the remote has it now; exit 69 where it cannot be asked' },
  ],
  exit: answer => (answer.allowed === true ? EXIT.ok : EXIT.no),
  async query(context, input) {
    const { guard } = await import('./guard.ts');
    return guard(context, input);
  },
});
