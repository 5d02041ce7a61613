import type { Intent } from '../../kernel/entry.ts';
import { workFinding } from '../../kernel/holdlaws.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { Finding } from '../../kernel/law.ts';
import { type By, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { planKey, planRecord } from '../plans/record.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { numberOf } from './gate.ts';
import { handFinding } from './hand.ts';
import { type Todo, todoRecord } from './record.ts';

export interface NamedTodo {
  id: string;
  record: Todo;
}

/** All todos of a task, by number. */
export async function todosOf(view: View, id: string, { todos_made }: Task): Promise<NamedTodo[]> {
  if (!todos_made) return [];
  return (await view.all(todoRecord, id)).sort((a, b) => numberOf(a.id) - numberOf(b.id));
}

/** What a plan asks for in a todo. */
export type AskedTodo = { text: string; hint?: string | undefined; optional?: boolean | undefined };

/**
 * True for a todo with the words that a plan asks for. One that is optional does not stand for one that is needed, and none
 * that was skipped by hand: who skipped it could not know that a plan would ask for it.
 */
export function standsFor(todo: Todo, { text, optional }: AskedTodo): boolean {
  if (todo.text !== text) return false;
  return optional === true || (!todo.optional && (todo.plan !== undefined || todo.status !== 'skipped'));
}

/** True for a todo that the accepted plan needs, whether it came with a plan or was there before. */
export async function asksFor(view: View, id: string, todo: Todo): Promise<boolean> {
  if (todo.optional) return false;
  if (todo.plan !== undefined) return true;
  const version = (await find(view, taskRecord, id))?.plan?.version;
  const plan = version === undefined ? undefined : await find(view, planRecord, planKey(version), id);
  return plan?.todos.some(one => one.text === todo.text && !one.optional) === true;
}

/** A todo as it begins. */
export function newTodo(words: AskedTodo, by: By, plan?: number): Todo {
  return {
    text: words.text,
    ...(words.hint === undefined ? {} : { hint: words.hint }),
    ...(words.optional ? { optional: true } : {}),
    ...(plan === undefined ? {} : { plan }),
    status: 'open',
    by: by.actor,
    at: by.at,
    updated_by: by.actor,
    updated_at: by.at,
  };
}

/** A todo that was moved: what it was shown by, or why it stopped, is said anew. */
export function movedTodo(
  { evidence: _shown, reason: _why, ...todo }: Todo,
  to: Pick<Todo, 'status' | 'evidence' | 'reason'>,
  by: By,
): Todo {
  return { ...todo, ...to, updated_by: by.actor, updated_at: by.at };
}

/**
 * What a todo says, as a hash in the intent: of two that were added offline at once the later gets another number, and
 * nobody means to be done with the one that has it now.
 */
export async function meant<I extends { task_id: string; todo_id: string; asked_sha256?: string | undefined }>(
  view: View,
  given: I,
): Promise<I> {
  const todo = await find(view, todoRecord, given.todo_id, given.task_id);
  return todo && given.asked_sha256 === undefined ? { ...given, asked_sha256: sha256Hex(todo.text) } : given;
}

/** @throws LedgerError NOT_FOUND, REFUSED where it asks for something else than was meant */
export async function needTodo(view: View, id: string, todo: string, asked?: string): Promise<Todo> {
  const found = await find(view, todoRecord, todo, id);
  if (found && asked !== undefined && sha256Hex(found.text) !== asked)
    refuse('REFUSED', `${todo} of ${id} asks for something else than was meant`, {
      hint: `ledgenter todo query ${id}`,
    });
  if (found) return found;
  const names = (await view.ids(todoRecord, id)).sort((a, b) => numberOf(a) - numberOf(b)).join(', ') || 'none';
  refuse('NOT_FOUND', `${id} has no ${todo} (it has ${names.slice(0, 200)})`, { hint: `ledgenter todo query ${id}` });
}

/**
 * @param by without an intent, as a surface asks before anything takes time, who holds the task is not asked
 * @throws LedgerError NOT_HOLDER, LEASE_LAPSED, REFUSED where the work of the task is not the caller's
 */
export function needHand(id: string, task: Task, by: Pick<By, 'kind'> & { intent?: Intent }): void {
  const { hold } = task;
  const found = handFinding(id, task, undefined, by);
  if (found) refused(found, 'todo.holder');
  const held = by.intent && workFinding({ id, before: hold, after: hold }, by.intent);
  if (held) refused(held, 'hold');
}

function refused({ code, message, hint, details }: Finding, law: string): never {
  refuse(code ?? 'REFUSED', message, { ...(hint === undefined ? {} : { hint }), details: { ...details, law } });
}
