import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { idOf, oid, text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { wholeId } from '../tasks/code_ref.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { evidenceFinding, liveCommit } from './evidence.ts';
import { askedSha, logId, todoId } from './fields.ts';
import { type Evidence, todoRecord } from './record.ts';
import { todoAnswer } from './show.ts';
import { meant, movedTodo, needHand, needTodo } from './todos.ts';

export const todoDone = defineOperation({
  name: 'todo.done',
  kind: 'write',
  summary: 'Say that a todo is done, shown by a linked commit, a recorded command that passed, a file or the work log',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      todo_id: todoId(),
      commit: z.optional(oid()),
      log_id: z.optional(logId()),
      attachment_id: z.optional(idOf('attachment')),
      text: z.optional(text()),
      asked_sha256: z.optional(askedSha()),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter todo done <task_id> --todo-id todo-1 --commit 3f2a9c1', says: 'a commit of the task did it' },
    {
      cli: "ledgenter todo done <task_id> --todo-id todo-1 --log-id <log_id> --text 'see its output'",
      says: 'a command that was recorded by work run',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  async placed(context, given) {
    const input = await meant(context.view, given);
    const whole = input.commit === undefined ? undefined : await wholeId(context, input.commit);
    return whole === undefined ? input : { ...input, commit: whole };
  },
  subject: ({ task_id, todo_id }) => `did ${todo_id} of ${task_id}`,
  async decide(view, { task_id: id, todo_id, asked_sha256, ...given }, by) {
    const task = await needTask(view, id);
    const todo = await needTodo(view, id, todo_id, asked_sha256);
    needHand(id, task, by);
    const commit =
      given.commit === undefined ? undefined : ((await liveCommit(view, id, given.commit)) ?? given.commit);
    const evidence: Evidence = { ...given, ...(commit === undefined ? {} : { commit }) };
    const result = { task_id: id, todo_id };
    if (todo.status === 'done' && canonicalJson(todo.evidence ?? null) === canonicalJson(evidence))
      return settle(view, by, [{ id, before: task, after: task }], [], result);
    const found = await evidenceFinding(view, id, task, todo_id, evidence);
    if (found) refuse(found.code ?? 'REFUSED', found.message, found.hint === undefined ? {} : { hint: found.hint });
    const file = todoRecord.put(todo_id, movedTodo(todo, { status: 'done', evidence }, by), id);
    return settle(view, by, [{ id, before: task, after: task }], [file], result);
  },
  show: todoAnswer,
});
