import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import type { Task } from '../tasks/record.ts';
import { nextFor } from '../tasks/show.ts';
import { needTask } from '../tasks/write.ts';
import type { Todo } from './record.ts';
import { type NamedTodo, todosOf } from './todos.ts';

/** Characters of a text in a list. */
const WORDS = 300;

/** How far the todos of a task are; an open or blocked one that is not optional keeps it from being done. */
export interface Progress {
  total: number;
  done: number;
  open: number;
  blocked: number;
  skipped: number;
  /** Open or blocked, and not optional. */
  needed: number;
}

export function progressOf(todos: readonly NamedTodo[]): Progress {
  const of = (status: Todo['status']) => todos.filter(({ record }) => record.status === status).length;
  const needed = todos.filter(({ record }) => !record.optional && !isSettled(record)).length;
  return {
    total: todos.length,
    done: of('done'),
    open: of('open'),
    blocked: of('blocked'),
    skipped: of('skipped'),
    needed,
  };
}

export const isSettled = ({ status }: Todo): boolean => status === 'done' || status === 'skipped';

/** A todo as lists show it. */
export function todoRow({ id, record }: NamedTodo, most = WORDS): Record<string, unknown> {
  const { text, hint, optional, plan, status, evidence, reason, updated_by, updated_at } = record;
  const short = (words: string) => cut(words, most) ?? words;
  return {
    id,
    status,
    text: short(text),
    ...(hint === undefined ? {} : { hint: short(hint) }),
    ...(optional ? { optional } : {}),
    ...(plan === undefined ? {} : { plan }),
    ...(evidence === undefined ? {} : { evidence: shortened(evidence, most) }),
    ...(reason === undefined ? {} : { reason: short(reason) }),
    ...(status === 'open' ? {} : { updated_by, updated_at }),
  };
}

const shortened = (evidence: NonNullable<Todo['evidence']>, most: number) =>
  evidence.text === undefined ? evidence : { ...evidence, text: cut(evidence.text, most) ?? evidence.text };

/** The one that is worked on next: what is needed first, then what is optional. */
export function nextTodo(todos: readonly NamedTodo[]): NamedTodo | undefined {
  const open = todos.filter(({ record }) => record.status === 'open');
  return open.find(({ record }) => !record.optional) ?? open[0];
}

/** The next command for who works on the todos of a task: to look at the next one, then whatever `next_action` tells. */
export async function nextOn(context: Context, id: string, task: Task, todos: readonly NamedTodo[]): Promise<string> {
  const { view, who } = context;
  if (task.hold?.actor === who.actor && progressOf(todos).needed > 0) return `ledgenter todo next ${id}`;
  return (await nextFor(view, id, task, who.actor, context)) ?? `ledgenter task get ${id}`;
}

export const finishCommand = (id: string): string => `ledgenter work finish ${id} --summary '<what was done>'`;

/** `{todo, progress, hints}` after a write on a todo. */
export async function todoAnswer(
  context: Context,
  { task_id, todo_id }: { [key: string]: unknown },
): Promise<{ [key: string]: unknown }> {
  const id = String(task_id);
  const { task, todos } = await stateOf(context.view, id);
  const own = todos.find(todo => todo.id === todo_id);
  return {
    ...(own ? { todo: todoRow(own) } : {}),
    progress: progressOf(todos),
    hints: { next: await nextOn(context, id, task, todos) },
  };
}

/** A task with its todos. @throws LedgerError NOT_FOUND */
export async function stateOf(view: View, id: string): Promise<{ task: Task; todos: NamedTodo[] }> {
  const task = await needTask(view, id);
  return { task, todos: await todosOf(view, id, task) };
}
