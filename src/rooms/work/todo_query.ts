import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { shownBy } from './evidence.ts';
import { todoId } from './fields.ts';
import { numberOf } from './gate.ts';
import { TODO_STATUSES } from './record.ts';
import { finishCommand, nextOn, nextTodo, progressOf, stateOf, todoRow } from './show.ts';
import { needTodo } from './todos.ts';

/** Characters of a text of one todo. */
const WHOLE = 65_536;

export const todoQuery = defineOperation({
  name: 'todo.query',
  kind: 'read',
  summary: 'The todos of a task in order, and how far they are',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      status: z.optional(z.array(choice(TODO_STATUSES)).check(z.maxLength(TODO_STATUSES.length))),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter todo query <task_id> --status open,blocked', says: 'what is left' }],
  async query(context, { task_id: id, status, limit: size = PAGE, cursor, fields }) {
    const { task, todos } = await stateOf(context.view, id);
    const found = status ? todos.filter(({ record }) => status.includes(record.status)) : todos;
    const from = cursor === undefined ? 0 : found.findIndex(one => numberOf(one.id) > numberOf(cursor));
    const items = from < 0 ? [] : found.slice(from, from + size);
    const more = from >= 0 && from + items.length < found.length;
    return {
      todos: items.map(one => pick(todoRow(one), fields, 'id')),
      total: found.length,
      ...(more ? { cursor: items.at(-1)!.id } : {}),
      progress: progressOf(todos),
      hints: { next: await nextOn(context, id, task, todos) },
    };
  },
});

export const todoNext = defineOperation({
  name: 'todo.next',
  kind: 'read',
  summary: 'The todo that is next, whole, and the command that says it is done',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter todo next <task_id>', says: 'do this one, and only this one' }],
  exit: ({ todo }) => (todo === undefined ? EXIT.no : EXIT.ok),
  async query(context, { task_id: id }) {
    const { task, todos } = await stateOf(context.view, id);
    const progress = progressOf(todos);
    const next = nextTodo(todos);
    const mine = task.hold?.actor === context.who.actor;
    const blocked = todos.filter(({ record }) => record.status === 'blocked');
    const after =
      progress.needed > 0 && blocked[0] ? `ledgenter todo open ${id} --todo-id ${blocked[0].id}` : undefined;
    const done = mine && next ? await shownBy(context.view, id, next.id) : undefined;
    return {
      ...(next ? { todo: todoRow(next, WHOLE) } : {}),
      ...(blocked.length > 0 ? { blocked: blocked.map(one => todoRow(one)) } : {}),
      progress,
      hints: {
        next: done ?? (mine && after ? after : undefined) ?? (await nextOn(context, id, task, todos)),
        ...(mine && next && progress.needed === 0 ? { finish: finishCommand(id) } : {}),
      },
    };
  },
});

export const todoGet = defineOperation({
  name: 'todo.get',
  kind: 'read',
  summary: 'One todo, whole',
  input: () => z.strictObject({ task_id: taskId(), todo_id: todoId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter todo get <task_id> --todo-id todo-1', says: 'what it asks for, and what showed it' }],
  async query(context, { task_id: id, todo_id }) {
    const { task, todos } = await stateOf(context.view, id);
    const record = await needTodo(context.view, id, todo_id);
    const mine = task.hold?.actor === context.who.actor && record.status === 'open';
    return {
      todo: todoRow({ id: todo_id, record }, WHOLE),
      hints: { next: mine ? await shownBy(context.view, id, todo_id) : await nextOn(context, id, task, todos) },
    };
  },
});
