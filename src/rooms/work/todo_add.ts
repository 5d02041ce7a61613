import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { todoKey, todoRecord } from './record.ts';
import { todoAnswer } from './show.ts';
import { needHand, newTodo } from './todos.ts';

export const todoAdd = defineOperation({
  name: 'todo.add',
  kind: 'write',
  creates: true,
  summary: 'Add a todo to a task that you hold; it is done without one that is optional',
  input: () =>
    z.strictObject({ task_id: taskId(), text: text(), hint: z.optional(text()), optional: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter todo add <task_id> --text 'sweep at start' --hint 'npm test sweeper'",
      says: 'one more, and how to see that it is done',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `added a todo to ${task_id}`,
  async decide(view, { task_id: id, ...words }, by) {
    const before = await needTask(view, id);
    needHand(id, before, by);
    const made = (before.todos_made ?? 0) + 1;
    const todo_id = todoKey(made);
    const file = todoRecord.put(todo_id, newTodo(words, by), id);
    return settle(view, by, [{ id, before, after: { ...before, todos_made: made } }], [file], { task_id: id, todo_id });
  },
  show: todoAnswer,
});
