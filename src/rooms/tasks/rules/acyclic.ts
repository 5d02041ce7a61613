import type { Finding } from '../../../kernel/law.ts';
import type { View } from '../../../kernel/view.ts';
import { find } from '../../lookup.ts';
import { type Task, taskRecord } from '../record.ts';
import type { TaskChange, TaskRule } from './rule.ts';

/** Tasks looked at before a dependency is refused as too entangled, and parents above a task. */
export const MAX_WALK = 10_000;
export const MAX_DEPTH = 64;

/** The tasks from `start` to `goal` along `next`, undefined when there is no way; `too_far` past `limit` tasks. */
async function way(
  view: View,
  start: readonly string[],
  goal: string,
  next: (task: Task) => readonly string[],
  limit: number,
): Promise<string[] | 'too_far' | undefined> {
  const from = new Map<string, string | undefined>(start.map(id => [id, undefined]));
  const queue = [...start];
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at]!;
    if (id === goal) {
      const path: string[] = [];
      for (let step: string | undefined = id; step !== undefined; step = from.get(step)) path.unshift(step);
      return path;
    }
    if (at >= limit) return 'too_far';
    const task = await find(view, taskRecord, id);
    for (const other of task ? next(task) : []) {
      if (from.has(other)) continue;
      from.set(other, id);
      queue.push(other);
    }
  }
  return undefined;
}

const above = (task: Task): readonly string[] => (task.parent === undefined ? [] : [task.parent]);

async function loop(
  change: TaskChange,
  next: (task: Task) => readonly string[],
  limit: number,
): Promise<Finding | undefined> {
  const { id, before, after, view, along } = change;
  const old = new Set(before ? next(before) : []);
  const start = next(after).filter(other => !old.has(other));
  if (start.length === 0) return undefined;
  // A task that did not exist can only be reached through what the same entry writes.
  if (!before && ![...along].some(([other, task]) => other !== id && next(task).includes(id))) {
    if (next !== above) return undefined;
  }
  const path = await way(view, start, id, next, limit);
  if (path === undefined) return undefined;
  if (path === 'too_far') return { message: `${id} would hang on more than ${limit} tasks` };
  const circle = [id, ...path].join(' → ');
  return {
    message: next === above ? `${id} would be its own ancestor: ${circle}` : `${id} would wait for itself: ${circle}`,
  };
}

const waits = (task: Task): readonly string[] => task.depends_on;

export const acyclicRule: TaskRule = {
  id: 'task.acyclic',
  brought: true,
  says: `No task waits for itself or is its own ancestor, through any number of others (${MAX_WALK} tasks waited for, ${MAX_DEPTH} ancestors at most).`,
  async check(change) {
    return (await loop(change, waits, MAX_WALK)) ?? (await loop(change, above, MAX_DEPTH));
  },
};
