import * as z from 'zod/mini';
import { choice, text } from '../../kernel/fields.ts';
import type { By } from '../../kernel/operation.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { FileChange } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { taskId } from './fields.ts';
import { NOTE_KINDS, type Note, noteRecord, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

/** The file of a note that the entry adds to a task. */
export function noteFile(task: string, kind: Note['kind'], words: string, by: By): { id: string; file: FileChange } {
  const id = by.newId(any(noteRecord));
  return { id, file: noteRecord.put(id, { kind, text: words, by: by.actor, at: by.at }, task) };
}

export const note = defineOperation({
  name: 'task.note',
  kind: 'write',
  default: true,
  summary: 'Add a note to a task; a comment may be added to a task that another holds',
  input: () => z.strictObject({ task_id: taskId(), text: text(), kind: z.optional(choice(NOTE_KINDS)) }),
  positional: 'task_id',
  examples: [{ cli: "ledgenter task note <task_id> --text 'the clock was skewed'", says: 'what you found out' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, kind }) => (kind === 'comment' ? `commented on ${task_id}` : `noted on ${task_id}`),
  async decide(view, { task_id, text: words, kind = 'note' }, by) {
    const before = await needTask(view, task_id);
    const { id, file } = noteFile(task_id, kind, words, by);
    const edit = { id: task_id, before, after: before, beside: kind === 'comment' };
    return settle(view, by, [edit], [file], { task_id, note_id: id });
  },
  async show(context, { task_id, note_id }) {
    return { note_id, ...(await answer(context, task_id)) };
  },
});
