import * as z from 'zod/mini';
import { mark, text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { MAX_TAIL } from '../tasks/proofs.ts';
import { taskRecord } from '../tasks/record.ts';
import { todoId } from './fields.ts';
import { logged } from './log.ts';
import { MAX_LOG_PATHS } from './record.ts';

const closed = (form: RegExp) => mark(z.string().check(z.regex(form)), { machine: true });
const count = () => z.int().check(z.minimum(0));
const head = () => closed(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** What `work run` writes of a command that ran. No surface offers it: nobody hands in a run by hand. */
export const commandOperation = defineOperation({
  name: 'work.command',
  kind: 'write',
  internal: true,
  summary: 'What was measured when a command ran for a task',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      text: text(),
      command: text(),
      /** null when it was ended by a signal, or by us. */
      exit_code: z.nullable(count()),
      duration_ms: count(),
      /** HEAD of the checkout it ran in; absent before the first commit. */
      commit: z.optional(head()),
      /** HEAD was the same and nothing was changed or untracked, before and after. */
      clean: z.boolean(),
      output_sha256: closed(/^[0-9a-f]{64}$/),
      output_tail: z.optional(mark(text().check(z.maxLength(MAX_TAIL)), { long: true })),
      todo_id: z.optional(todoId()),
    }),
  positional: 'task_id',
  examples: [{ cli: "ledgenter work run <task_id> --command 'npm test'", says: 'runs it and writes what came of it' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, exit_code }) => `ran a command for ${task_id}: ${exit_code === 0 ? 'passed' : 'failed'}`,
  decide: (view, { task_id, ...ran }, by) => logged(view, task_id, { kind: 'command', ...ran }, by),
});

/** What `work scan` found in git. No surface offers it. */
export const scannedOperation = defineOperation({
  name: 'work.scanned',
  kind: 'write',
  internal: true,
  summary: 'What git says was changed for a task',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      text: text(),
      paths: z
        .array(
          z.strictObject({
            path: z.string().check(z.minLength(1), z.maxLength(1_024)),
            change: closed(/^[A-Z]{1,8}$/),
          }),
        )
        .check(z.minLength(1), z.maxLength(MAX_LOG_PATHS)),
      more_paths: z.optional(count()),
      commit: z.optional(head()),
    }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter work scan <task_id>', says: 'looks into git and writes what it finds' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `scanned what was changed for ${task_id}`,
  decide: (view, { task_id, ...found }, by) => logged(view, task_id, { kind: 'scan', ...found }, by),
});
