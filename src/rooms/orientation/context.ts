import * as z from 'zod/mini';
import { choice, idOf } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { todoId } from '../work/fields.ts';
import { BUDGET, MAX_BUDGET, MIN_BUDGET } from './document/budget.ts';
import { ROLES } from './document/roles.ts';
import { needMeant } from './meant.ts';

export const context = defineOperation({
  name: 'context',
  kind: 'read',
  toolset: 'orientation',
  summary: `A hand-over document about a task for one role, or one todo of it, in at most ${BUDGET} tokens unless budget says otherwise`,
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      for: choice(ROLES),
      todo_id: z.optional(todoId()),
      run_id: z.optional(idOf('run')),
      budget: z.optional(z.int().check(z.minimum(MIN_BUDGET), z.maximum(MAX_BUDGET))),
    }),
  positional: 'task_id',
  resource: {
    uri: 'ledgenter://task/{task_id}/context',
    title: 'Context',
    input: { for: 'full' },
    text: answer => String(answer.document),
  },
  examples: [
    { cli: 'ledgenter context <task_id> --for implementer', says: 'what a fresh worker reads first' },
    { cli: 'ledgenter context <task_id> --for validator --budget 1500', says: 'in fewer words' },
  ],
  async query(context, { task_id, ...wanted }) {
    const { documentOf } = await import('./document/index.ts');
    const id = task_id ?? (await needMeant(context, `ledgenter context <task_id> --for ${wanted.for}`));
    return { ...(await documentOf(context, id, wanted)) };
  },
});
