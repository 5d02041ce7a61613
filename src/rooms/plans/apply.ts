import type { Finding } from '../../kernel/law.ts';
import { type By, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { makeCriteria } from '../tasks/draft.ts';
import { MAX_LIST, type Task } from '../tasks/record.ts';
import { criteriaMade } from '../tasks/rules/criteria.ts';
import { type Todo, todoKey, todoRecord } from '../work/record.ts';
import { type AskedTodo, newTodo, standsFor } from '../work/todos.ts';
import type { Version } from './look.ts';
import type { Plan } from './record.ts';

/** What an acceptance makes of a task: its criteria and todos are those of the plan, beside what was there. */
export interface Applied {
  task: Task;
  files: FileChange[];
  /** How many were added, and taken off the list. */
  criteria: number;
  todos: number;
  skipped: number;
}

type Worded = Plan['criteria'][number];

/** The same words are the same criterion; a check that the plan asks for must be its own. */
const hasCriterion = (criteria: readonly Worded[], { text, check }: Worded): boolean =>
  criteria.some(one => one.text === text && (check === undefined || one.check === check));

const left = (version: number): string => `not in plan v${version}`;
const isLeft = ({ status, reason }: Todo): boolean => status === 'skipped' && /^not in plan v\d+$/.test(reason ?? '');

const once = <T>(items: readonly T[], same: (a: T, b: T) => boolean): T[] =>
  items.filter((item, index) => items.findIndex(other => same(other, item)) === index);

/** @throws LedgerError TOO_LARGE when the task would have more criteria than it can hold */
export async function applyPlan(view: View, by: By, id: string, before: Task, accepted: Version): Promise<Applied> {
  const { version, plan, sha256 } = accepted;
  const task: Task = { ...withCriteria(id, before, plan.criteria), plan: { version, sha256 } };
  const old = await view.all(todoRecord, id);
  const moved = { updated_by: by.actor, updated_at: by.at };
  const files: FileChange[] = [];
  let skipped = 0;
  for (const { id: key, record } of old) {
    const { reason: _why, ...todo } = record;
    const planned = plan.todos.some(({ text }) => text === record.text);
    if (planned && isLeft(record)) files.push(todoRecord.put(key, { ...todo, ...moved, status: 'open' }, id));
    const waits = record.status === 'open' || record.status === 'blocked';
    if (planned || record.plan === undefined || !waits) continue;
    files.push(todoRecord.put(key, { ...todo, ...moved, status: 'skipped', reason: left(version) }, id));
    skipped++;
  }
  const alike = (a: AskedTodo, b: AskedTodo): boolean => a.text === b.text && !a.optional === !b.optional;
  const fresh = once(plan.todos, alike).filter(one => !old.some(({ record }) => standsFor(record, one)));
  const made = before.todos_made ?? 0;
  for (const [index, one] of fresh.entries())
    files.push(todoRecord.put(todoKey(made + index + 1), newTodo(one, by, version), id));
  return {
    task: fresh.length === 0 ? task : { ...task, todos_made: made + fresh.length },
    files,
    criteria: task.criteria.length - before.criteria.length,
    todos: fresh.length,
    skipped,
  };
}

function withCriteria(id: string, task: Task, wanted: readonly Worded[]): Task {
  const fresh = once(wanted, (a, b) => a.text === b.text && a.check === b.check).filter(
    one => !hasCriterion(task.criteria, one),
  );
  if (fresh.length === 0) return task;
  const total = criteriaMade(task) + fresh.length;
  const criteria = [...task.criteria, ...makeCriteria(fresh, criteriaMade(task))];
  if (criteria.length > MAX_LIST)
    refuse('TOO_LARGE', `${id} would have ${criteria.length} criteria with those of the plan, at most ${MAX_LIST}`, {
      hint: `ledgenter task get ${id}`,
    });
  const { criteria_made: _old, ...rest } = task;
  return { ...rest, criteria, ...(total === criteria.length ? {} : { criteria_made: total }) };
}

/** What a task lacks of the plan that it names as accepted; `view`: the state in which it does. */
export async function appliedFinding(view: View, id: string, task: Task, plan: Plan): Promise<Finding | undefined> {
  const criterion = plan.criteria.find(one => !hasCriterion(task.criteria, one));
  if (criterion) return { message: `${id} lacks a criterion of its plan: ${criterion.text.slice(0, 200)}` };
  const texts = new Set((await view.all(todoRecord, id)).map(({ record }) => record.text));
  const todo = plan.todos.find(one => !texts.has(one.text));
  return todo && { message: `${id} lacks a todo of its plan: ${todo.text.slice(0, 200)}` };
}
