import * as z from 'zod/mini';
import { byOf, defineOperation, refuse } from '../../kernel/operation.ts';
import { nothing } from '../nothing.ts';
import { any } from '../room.ts';
import { linkedDraftFields, newTask } from './draft.ts';
import { taskId } from './fields.ts';
import { taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

const input = () => {
  const { parent: _finished, ...fields } = linkedDraftFields();
  return z.strictObject({ task_id: taskId(), ...fields });
};

export const followUp = defineOperation({
  name: 'task.follow_up',
  kind: 'write',
  creates: true,
  summary: 'Create a task that goes on from a finished one: its child, discovered from it, in its project',
  input,
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter task follow-up <task_id> --title 'Sweep on Sundays too'",
      says: 'what the finished task left to be done',
    },
  ],
  subject: ({ task_id, title }, intent) =>
    `created ${byOf(intent, nothing).newId(any(taskRecord))} to follow up ${task_id}: ${title}`,
  async decide(view, { task_id, ...draft }, by) {
    const finished = await needTask(view, task_id);
    if (finished.status !== 'done')
      refuse('REFUSED', `${task_id} is ${finished.status}: only finished work is followed up`, {
        hint: `ledgenter task create '<title>' --parent ${task_id}`,
      });
    const project = draft.project ?? finished.project;
    const after = await newTask(
      view,
      { ...draft, parent: task_id, ...(project === undefined ? {} : { project }) },
      by,
      {
        links: [{ kind: 'discovered_from', task_id }],
      },
    );
    const id = by.newId(any(taskRecord));
    return settle(view, by, [{ id, after }], [], { task_id: id });
  },
  show: (context, result) => answer(context, result.task_id),
});
