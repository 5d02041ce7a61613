import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from './fields.ts';
import { moved } from './move.ts';
import { noteFile } from './note.ts';
import { taskRecord } from './record.ts';
import { brief } from './show.ts';
import { needTask, settle } from './write.ts';

export const release = defineOperation({
  name: 'task.release',
  kind: 'write',
  summary: 'Give a task that you hold back to the pool',
  input: () => z.strictObject({ task_id: taskId(), note: z.optional(text()) }),
  positional: 'task_id',
  examples: [{ cli: "ledgenter task release <task_id> --note 'half done, see the branch'", says: 'let another go on' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `released ${task_id}`,
  async decide(view, { task_id: id, note }, by) {
    const before = await needTask(view, id);
    if (!before.hold)
      refuse('REFUSED', `nobody holds ${id}: it is ${before.status}`, { hint: `ledgenter task get ${id}` });
    const files = note === undefined ? [] : [noteFile(id, 'note', note, by).file];
    return settle(view, by, [{ id, before, after: moved(before, { status: 'open' }, by) }], files, { task_id: id });
  },
  async show({ view }, { task_id }) {
    const id = String(task_id);
    const task = await view.get(taskRecord, id);
    return { released: true, task: task ? brief(id, task) : { id }, hints: { next: 'ledgenter task claim' } };
  },
});
