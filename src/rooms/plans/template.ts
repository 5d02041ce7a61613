import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { draftOf } from './draft.ts';
import { writePlan } from './markdown.ts';

export const template = defineOperation({
  name: 'plan.template',
  kind: 'read',
  summary: 'The next version of a plan as Markdown to edit: what there is so far, <placeholders> for the rest',
  input: () => z.strictObject({ task_id: taskId(), from_answers: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [
    {
      cli: 'ledgenter plan template <task_id> --from-answers',
      says: 'with the questions as they were answered; plan propose --file takes it back',
    },
  ],
  async query({ view }, { task_id: id, from_answers = false }) {
    const { title } = await needTask(view, id);
    const markdown = writePlan(`Plan for ${id}: ${title}`, await draftOf(view, id, { answers: from_answers }));
    return { markdown };
  },
});
