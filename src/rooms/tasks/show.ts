import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { stepFor } from '../orientation/next-action/index.ts';
import { FINAL, type Task, taskRecord } from './record.ts';

/** A task as a write answers it: enough to go on, never a long text. */
export function brief(id: string, task: Task): Record<string, unknown> {
  const {
    title,
    status,
    priority,
    project,
    parent,
    assignee,
    labels,
    depends_on,
    due_on,
    hold,
    reason,
    criteria,
    reviewer,
    review,
    recorded,
  } = task;
  const unmet = criteria.filter(criterion => !criterion.met).map(criterion => criterion.id);
  return {
    id,
    title,
    status,
    ...(recorded ? { recorded } : {}),
    priority,
    ...(project === undefined ? {} : { project }),
    ...(parent === undefined ? {} : { parent }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(depends_on.length === 0 ? {} : { depends_on }),
    ...(due_on === undefined ? {} : { due_on }),
    ...(unmet.length === 0 ? {} : { unmet }),
    ...(reviewer === undefined ? {} : { reviewer }),
    ...(review === undefined ? {} : { review }),
    ...(reason === undefined || reason.length > 200 ? {} : { reason }),
    ...(hold === undefined ? {} : { hold: { actor: hold.actor, run: hold.run, lease_until: hold.lease_until } }),
  };
}

/**
 * The one next command for this task, to paste once its placeholders are filled in: the same that `next_action` tells;
 * undefined when the task is over. Without `context` no lease is judged and no handoff is looked at.
 */
export async function nextFor(
  view: View,
  id: string,
  task: Task,
  actor: string,
  context?: Context,
): Promise<string | undefined> {
  return FINAL.includes(task.status) ? undefined : (await stepFor(view, id, task, actor, context)).primary.command;
}

/** `{task, hints?}` of a task after a write. */
export async function answer(context: Context, id: unknown): Promise<{ [key: string]: unknown }> {
  const { view, who } = context;
  const task = await view.get(taskRecord, String(id));
  if (!task) return { task: { id } };
  const next = await nextFor(view, String(id), task, who.actor, context);
  return { task: brief(String(id), task), ...(next === undefined ? {} : { hints: { next } }) };
}

/** Characters of one criterion, and criteria, that the answer to a claim carries. */
const WORK_CRITERION = 80;
const WORK_CRITERIA = 4;
/** Characters of the description: at least, and more for each criterion of two that is not there: about 100 tokens in all. */
const WORK_TEXT = 160;
const PER_CRITERION = 80;

/**
 * What a claimer needs to begin, cut to a size that every claim can afford; `truncated` says that there is more.
 * `spare`: characters that the rest of the answer leaves to the description.
 */
export async function work(context: Context, id: string, spare = 0): Promise<{ [key: string]: unknown }> {
  const { hints, ...rest } = await answer(context, id);
  const task = await context.view.get(taskRecord, id);
  if (!task) return { ...rest };
  const { description, criteria } = task;
  const open = criteria.filter(({ met }) => !met);
  const listed = open
    .slice(0, WORK_CRITERIA)
    .map(one => ({ id: one.id, text: cut(one.text, WORK_CRITERION) ?? one.text }));
  const short =
    description === undefined
      ? undefined
      : cut(description, WORK_TEXT + spare + PER_CRITERION * Math.max(0, 2 - listed.length));
  const more = short !== undefined || listed.length < open.length || listed.some(({ text }) => text.endsWith('…'));
  // The claimer is holder and assignee, and what it waited for is done: the rest of the answer says so.
  const {
    status: _claimed,
    unmet: _ids,
    hold: _own,
    assignee: _me,
    depends_on: _done,
    ...shown
  } = rest.task as Record<string, unknown>;
  return {
    task: {
      ...shown,
      ...(description === undefined ? {} : { description: short ?? description }),
      ...(listed.length === 0 ? {} : { criteria: listed }),
    },
    ...(more ? { truncated: true } : {}),
    hints: { ...(hints as object | undefined), ...(more ? { whole: `ledgenter task get ${id} --full` } : {}) },
  };
}
