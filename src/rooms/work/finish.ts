import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { askedOf } from '../tasks/gates.ts';
import { moved } from '../tasks/move.ts';
import { noteFile } from '../tasks/note.ts';
import { taskRecord } from '../tasks/record.ts';
import { withReview } from '../tasks/review.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';
import { toClaim } from './hand.ts';
import { stateOf, todoRow } from './show.ts';

export const finish = defineOperation({
  name: 'work.finish',
  kind: 'write',
  summary:
    'End the work on a task: in review where a validation or a review is asked for, else done when its gates allow',
  input: () => z.strictObject({ task_id: taskId(), summary: text() }),
  positional: 'task_id',
  examples: [
    { cli: "ledgenter work finish <task_id> --summary 'sweeps every minute'", says: 'every needed todo is done' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `finished the work on ${task_id}`,
  async decide(view, { task_id: id, summary }, by) {
    const before = await needTask(view, id);
    if (before.status !== 'in_progress')
      refuse('REFUSED', `nobody works on ${id}: it is ${before.status}`, {
        hint: before.status === 'open' ? toClaim(id, before) : `ledgenter task get ${id}`,
      });
    const { validation_required } = await askedOf(view, before);
    const status = validation_required || before.reviewer !== undefined ? 'in_review' : 'done';
    const { task, files } = await withReview(view, by, id, before, moved(before, { status }, by), summary);
    const { file } = noteFile(id, 'resolution', summary, by);
    return settle(view, by, [{ id, before, after: task }], [file, ...files], { task_id: id, status });
  },
  async show(context, { task_id, status }) {
    const { todos } = await stateOf(context.view, String(task_id));
    const skipped = todos.filter(({ record }) => record.status === 'skipped' && !record.optional);
    return {
      finished: status,
      // What was asked for and not done is said where the work is handed on.
      ...(skipped.length === 0 ? {} : { skipped: skipped.map(one => todoRow(one)) }),
      ...(await answer(context, task_id)),
    };
  },
});
