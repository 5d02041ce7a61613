import * as z from 'zod/mini';
import { choice, text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { reservedPath } from '../reservations/fields.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle } from '../tasks/write.ts';
import { fileProblem } from './laws.ts';
import { FILE_ROLES, type LinkedFile, linkedFileRecord } from './record.ts';

export const link = defineOperation({
  name: 'file.link',
  kind: 'write',
  summary:
    'Link a file or folder that bears on a task: to read first (context), to change (edit), its test or doc; again with another role or note changes it',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      path: reservedPath(),
      role: z.optional(choice(FILE_ROLES)),
      note: z.optional(text()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter file link <task_id> --path src/sweeper.ts --role edit --note 'the loop is here'",
      says: 'where to begin',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, path }) => `linked ${path} to ${task_id}`,
  async decide(view, { task_id, path, role, note }, by) {
    const before = await needTask(view, task_id);
    const problem = fileProblem(path);
    if (problem !== undefined) refuse('BAD_INPUT', `the path ${problem}`, { hint: 'ledgenter help file link' });
    const known = (await view.all(linkedFileRecord, task_id)).find(({ record }) => record.path === path);
    const record: LinkedFile = {
      path,
      role: role ?? known?.record.role ?? 'context',
      ...noteOf(note ?? known?.record.note),
      by: by.actor,
      at: by.at,
    };
    if (known && known.record.role === record.role && known.record.note === record.note)
      return { same: { task_id, file_id: known.id } };
    const id = known?.id ?? by.newId(any(linkedFileRecord));
    const file = linkedFileRecord.put(id, record, task_id);
    return settle(view, by, [{ id: task_id, before, after: before }], [file], { task_id, file_id: id });
  },
  async show(context, { task_id, file_id }) {
    const file = await context.view.get(linkedFileRecord, String(file_id), String(task_id));
    return { file: { id: file_id, ...file }, ...(await answer(context, task_id)) };
  },
});

const noteOf = (note: string | undefined) => (note === undefined ? {} : { note });
