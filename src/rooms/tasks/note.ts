import * as z from 'zod/mini';
import { choice, idOf, text } from '../../kernel/fields.ts';
import type { By } from '../../kernel/operation.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { decisionRecord } from '../decisions/record.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { taskId } from './fields.ts';
import { NOTE_KINDS, type Note, noteRecord, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

/** The file of a note that the entry adds to a task. */
export function noteFile(
  task: string,
  kind: Note['kind'],
  words: string,
  by: By,
  decision_id?: string,
): { id: string; file: FileChange } {
  const id = by.newId(any(noteRecord));
  return {
    id,
    file: noteRecord.put(
      id,
      { kind, text: words, ...(decision_id === undefined ? {} : { decision_id }), by: by.actor, at: by.at },
      task,
    ),
  };
}

/** What is wrong with where a note points; decide and law ask the same. */
export async function pointerProblem(
  view: View,
  { kind, decision_id }: { kind: Note['kind']; decision_id?: string | undefined },
): Promise<{ code: 'BAD_INPUT' | 'NOT_FOUND'; message: string } | undefined> {
  if ((kind === 'decision') !== (decision_id !== undefined))
    return { code: 'BAD_INPUT', message: 'a note of kind decision names the decision by its id, and only such a note' };
  if (decision_id === undefined || (await find(view, decisionRecord, decision_id))) return undefined;
  return { code: 'NOT_FOUND', message: `there is no decision ${decision_id}` };
}

export const note = defineOperation({
  name: 'task.note',
  kind: 'write',
  default: true,
  summary: 'Add a note to a task; a comment may be added to a task that another holds',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      text: text(),
      kind: z.optional(choice(NOTE_KINDS)),
      decision_id: z.optional(idOf('decision')),
    }),
  positional: 'task_id',
  examples: [
    { cli: "ledgenter task note <task_id> --text 'the clock was skewed'", says: 'what you found out' },
    {
      cli: "ledgenter task note <task_id> --decision-id <decision_id> --text 'we go by this one'",
      says: 'points to a ruling; what it says stays there',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, kind }) => (kind === 'comment' ? `commented on ${task_id}` : `noted on ${task_id}`),
  async decide(
    view,
    { task_id, text: words, decision_id, kind = decision_id === undefined ? 'note' : 'decision' },
    by,
  ) {
    const before = await needTask(view, task_id);
    const problem = await pointerProblem(view, { kind, decision_id });
    if (problem) refuse(problem.code, problem.message, { hint: 'ledgenter decision query' });
    const { id, file } = noteFile(task_id, kind, words, by, decision_id);
    const edit = { id: task_id, before, after: before, beside: kind === 'comment' };
    return settle(view, by, [edit], [file], { task_id, note_id: id });
  },
  async show(context, { task_id, note_id }) {
    return { note_id, ...(await answer(context, task_id)) };
  },
});
