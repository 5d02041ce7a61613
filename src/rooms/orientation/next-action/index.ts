import type { Context } from '../../../kernel/operation.ts';
import type { View } from '../../../kernel/view.ts';
import type { Status, Task } from '../../tasks/record.ts';
import { claiming, holding } from './claim.ts';
import { blocked, over } from './over.ts';
import { planning } from './plan.ts';
import { reviewing } from './review.ts';
import { Situation } from './situation.ts';
import type { Step } from './step.ts';
import { working } from './work.ts';

type Stage = (situation: Situation) => Promise<Step | undefined> | Step | undefined;

/** The stages of a task in each status, in order: the first that has something to say does. */
const STAGES: Record<Status, readonly Stage[]> = {
  open: [planning, claiming],
  in_progress: [holding, planning, working],
  in_review: [reviewing],
  blocked: [blocked],
  done: [over],
  cancelled: [over],
};

/**
 * The one next step of a task for one actor: what every answer's `hints.next`, `whoami` and `next_action` tell. A function
 * of the state alone, and of who asks when.
 */
export async function stepOf(situation: Situation): Promise<Step> {
  for (const stage of STAGES[situation.task.status]) {
    const step = await stage(situation);
    if (step) return step;
  }
  throw new TypeError(`no stage of ${situation.task.status} says what is next`);
}

/** {@link stepOf} for the caller of an operation; without `context` no lease is judged and no handoff is looked at. */
export function stepFor(view: View, id: string, task: Task, actor: string, context?: Context): Promise<Step> {
  return stepOf(new Situation(view, id, task, actor, context));
}
