import type { View } from '../../kernel/view.ts';
import type { Gap } from '../tasks/gates.ts';
import type { Task } from '../tasks/record.ts';
import { type Todo, todoRecord } from './record.ts';

/** Open todos that the task is not done without, by number. */
export async function openTodos(view: View, id: string, task: Task): Promise<{ id: string; record: Todo }[]> {
  if (!task.todos_made) return [];
  const all = await view.all(todoRecord, id);
  const open = all.filter(
    ({ record }) => !record.optional && (record.status === 'open' || record.status === 'blocked'),
  );
  return open.sort((a, b) => numberOf(a.id) - numberOf(b.id));
}

export const numberOf = (todo: string): number => Number(todo.slice(todo.lastIndexOf('-') + 1));

export async function todoGap(view: View, id: string, task: Task): Promise<Gap | undefined> {
  const [first, ...rest] = await openTodos(view, id, task);
  if (!first) return undefined;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  return {
    gate: 'todos',
    message: `${id}: ${first.id} is ${first.record.status}${more}: ${first.record.text.split('\n', 1)[0]!.slice(0, 200)}`,
    hint: `ledgenter todo next ${id}`,
    item: first.id,
  };
}
