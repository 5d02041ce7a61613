import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { type By, type Decision, defineOperation } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { askedSha, todoId } from './fields.ts';
import { type Todo, todoRecord } from './record.ts';
import { todoAnswer } from './show.ts';
import { asksFor, meant, movedTodo, needHand, needTodo } from './todos.ts';

const named = () => ({ task_id: taskId(), todo_id: todoId(), asked_sha256: z.optional(askedSha()) });
const withReason = () => z.strictObject({ ...named(), reason: text() });
const target = ({ task_id }: { task_id: string }) => ({ def: any(taskRecord), id: task_id });

async function move(
  view: View,
  { task_id: id, todo_id, asked_sha256 }: { task_id: string; todo_id: string; asked_sha256?: string | undefined },
  to: Pick<Todo, 'status' | 'reason'>,
  by: By,
): Promise<Decision> {
  const task = await needTask(view, id);
  const todo = await needTodo(view, id, todo_id, asked_sha256);
  needHand(id, task, by);
  const same = todo.status === to.status && todo.reason === to.reason;
  const files = same ? [] : [todoRecord.put(todo_id, movedTodo(todo, to, by), id)];
  return settle(view, by, [{ id, before: task, after: task }], files, { task_id: id, todo_id });
}

export const todoSkip = defineOperation({
  name: 'todo.skip',
  kind: 'write',
  summary: 'Skip a todo and say why; a required one of the accepted plan is skipped by a person',
  input: withReason,
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter todo skip <task_id> --todo-id todo-2 --reason 'the library does it'",
      says: 'not needed after all',
    },
  ],
  // Who works by a plan would else get round what was approved by skipping it.
  async humanUnless(view, { task_id, todo_id }) {
    const todo = await find(view, todoRecord, todo_id, task_id);
    return todo === undefined || !(await asksFor(view, task_id, todo));
  },
  target,
  placed: ({ view }, given) => meant(view, given),
  subject: ({ task_id, todo_id }) => `skipped ${todo_id} of ${task_id}`,
  decide: (view, input, by) => move(view, input, { status: 'skipped', reason: input.reason }, by),
  show: todoAnswer,
});

export const todoBlock = defineOperation({
  name: 'todo.block',
  kind: 'write',
  summary: 'Say what blocks a todo; the task is not done while it is blocked',
  input: withReason,
  positional: 'task_id',
  examples: [{ cli: "ledgenter todo block <task_id> --todo-id todo-2 --reason 'waits for the key'", says: 'and why' }],
  target,
  placed: ({ view }, given) => meant(view, given),
  subject: ({ task_id, todo_id }) => `blocked ${todo_id} of ${task_id}`,
  decide: (view, input, by) => move(view, input, { status: 'blocked', reason: input.reason }, by),
  show: todoAnswer,
});

export const todoOpen = defineOperation({
  name: 'todo.open',
  kind: 'write',
  summary: 'Open a todo again that was done, skipped or blocked',
  input: () => z.strictObject(named()),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter todo open <task_id> --todo-id todo-2', says: 'it was not done after all' }],
  target,
  placed: ({ view }, given) => meant(view, given),
  subject: ({ task_id, todo_id }) => `opened ${todo_id} of ${task_id}`,
  decide: (view, input, by) => move(view, input, { status: 'open' }, by),
  show: todoAnswer,
});
