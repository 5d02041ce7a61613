import type { By } from '../../kernel/operation.ts';
import { once } from './fields.ts';
import { FINAL, type Note, type Status, type Task } from './record.ts';

export interface Move {
  status: Status;
  reason?: string | undefined;
}

/** True for a change of status whose why stands in the task's `reason`. */
export function takesReason(from: Status, to: Status): boolean {
  return from !== to && (to === 'blocked' || to === 'cancelled' || from === 'done');
}

/** What a note that comes with a change of status tells. */
export function noteKind(from: Status, to: Status): Note['kind'] {
  return from !== to && to === 'done' ? 'resolution' : 'note';
}

/** The task with one more who worked on it: remembered over release and another's claim. */
export function worked(task: Task, ...actors: readonly string[]): Task {
  const workers = once([...(task.workers ?? []), ...actors]);
  return workers.length === 0 ? task : { ...task, workers };
}

/** True when a task is looked at by another from now on: its reviewer is new, or it asks for a validation itself. */
export function gainsLook(before: Task | undefined, { reviewer, validation_required }: Task): boolean {
  return (
    (reviewer !== undefined && before?.reviewer !== reviewer) ||
    (validation_required === true && !before?.validation_required)
  );
}

/** A task that is looked at by another from now on remembers whose it is: nobody reviews or validates what was theirs. */
export function withWorkers(before: Task | undefined, task: Task): Task {
  const whose = [task.assignee, task.hold?.actor].filter(name => name !== undefined);
  return gainsLook(before, task) ? worked(task, ...whose) : task;
}

/** The task after a change of status: lease, worker, reason and times as the status asks. The laws say whether it may. */
export function moved(task: Task, { status, reason }: Move, by: By): Task {
  if (status === task.status) return reason === undefined ? task : { ...task, reason };
  const { hold, finished_at: _end, reason: _why, assignee, review, ...rest } = task;
  const released = task.status === 'in_progress' && status === 'open';
  const worker = released ? undefined : (assignee ?? (status === 'done' ? by.actor : undefined));
  return {
    ...rest,
    status,
    ...(worker === undefined ? {} : { assignee: worker }),
    ...(reason === undefined ? {} : { reason }),
    ...(FINAL.includes(status) ? { finished_at: by.at } : {}),
    ...(hold && status === 'in_progress' ? { hold } : {}),
    ...(review !== undefined && status === 'done' ? { review } : {}),
  };
}
