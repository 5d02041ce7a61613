import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import type { Gap } from '../tasks/gates.ts';
import { type Task, taskRecord } from '../tasks/record.ts';

/** The tasks that a task waits for, in order: those it depends on that are not done and that nobody waived. */
export async function undone(
  view: View,
  { depends_on, waived }: Pick<Task, 'depends_on' | 'waived'>,
): Promise<{ id: string; task: Task | undefined }[]> {
  const found: { id: string; task: Task | undefined }[] = [];
  for (const id of depends_on) {
    if (waived?.includes(id)) continue;
    const task = await find(view, taskRecord, id);
    if (task?.status !== 'done') found.push({ id, task });
  }
  return found;
}

/** Why a task cannot be done yet for what it depends on; undefined when all of that is done, or waived. */
export async function requirementGap(view: View, id: string, task: Task): Promise<Gap | undefined> {
  if (task.depends_on.length === 0) return undefined;
  const [first, ...rest] = await undone(view, task);
  if (!first) return undefined;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  const is = first.task ? `is ${first.task.status}` : 'is not there';
  return {
    gate: 'requirements',
    message: `${id} needs ${first.id} done first, which ${is}${more}`,
    hint: `ledgenter task get ${first.id}`,
  };
}
