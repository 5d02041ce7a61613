import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import type { Task } from '../tasks/record.ts';
import { answer as told } from '../tasks/show.ts';
import { roundsOf, validationGap, waiversOf, waives } from './gate.ts';

/** Characters of a text in an answer that shows many. */
export const SHOWN = 400;

/** A waiver as answers show it. */
export interface ShownWaiver {
  id: string;
  /** The criterion or the task that it is about. */
  of: string;
  reason: string;
  by: string;
  at: string;
  /** What it is about was reworded or tied anew since: it counts no more, and stays in sight. */
  outdated?: true;
}

/** Every waiver that a task ever got, oldest first. */
export async function shownWaivers(view: View, id: string, task: Task): Promise<ShownWaiver[]> {
  return (await waiversOf(view, id)).map(waiver => {
    const { id: name, criterion, required_task_id, reason, by, at } = waiver;
    const counts =
      required_task_id === undefined
        ? task.criteria.some(one => waives(waiver, one))
        : task.waived?.includes(required_task_id) === true;
    const of = criterion ?? required_task_id ?? '';
    return { id: name, of, reason, by, at, ...(counts ? {} : { outdated: true }) };
  });
}

/** The round that counts or goes on, and true where it ended as passed and still counts. */
export async function roundOf(view: View, id: string, task: Task): Promise<{ round: number; counts: boolean }> {
  const rounds = (await roundsOf(view, id)).length;
  const counts = rounds > 0 && (await validationGap(view, id, task)) === undefined;
  const over = task.status !== 'in_review' && rounds > 0;
  return { round: counts || over ? rounds : rounds + 1, counts };
}

/** `{task, hints}` after a write of a validator, or of who waived. */
export async function answer(context: Context, id: unknown): Promise<{ [key: string]: unknown }> {
  return { hints: { next: `ledgenter task get ${id}` }, ...(await told(context, id)) };
}

export const short = (text: string): string => cut(text, SHOWN) ?? text;
