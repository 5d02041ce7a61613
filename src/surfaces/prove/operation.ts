import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { duration, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import { criterionId, taskId } from '../../rooms/tasks/fields.ts';
import { MAX_CHECK_MS } from '../../rooms/tasks/proofs.ts';

/** The beginning of a command's hash, as a refusal shows it. */
const hash = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{8,64}$/, { error: 'is no hash of a command (8 hex digits or more)' })), {
    machine: true,
    form: 'hash of a command that you read',
  });

/** How long a run may take. */
export const boundedTime = () =>
  mark(
    duration().check(
      z.refine(value => (parseDuration(value) ?? 0) <= MAX_CHECK_MS, { error: 'is longer than two hours' }),
    ),
    { machine: true, form: 'a duration: 90s, 15m, 1h; at most 2h' },
  );

export const proveOperation = defineOperation({
  name: 'task.prove',
  kind: 'act',
  enters: true,
  // It starts programs: a host asks for it as for a shell.
  destructive: true,
  summary: 'Run the checks of criteria on a clean tree at a linked commit and record what came of them',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      criterion: z.optional(criterionId()),
      trust: z.optional(hash()),
      timeout: z.optional(boundedTime()),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter task prove <task_id>', says: 'every check that is not proven yet, in order' },
    {
      cli: 'ledgenter task prove <task_id> --criterion c1 --timeout 30m',
      says: 'one of them, which may take long; ten minutes is the default',
    },
  ],
  exit: ({ proofs, stopped, refused }) =>
    (stopped ?? refused) === undefined &&
    (proofs as { passed: boolean; met: boolean }[]).every(one => one.passed && one.met)
      ? EXIT.ok
      : EXIT.no,
  async act(context, input) {
    const { prove } = await import('./prove.ts');
    return prove(context, input);
  },
});
