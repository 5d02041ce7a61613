import { blocker, dependencies } from './claim.ts';
import type { Situation } from './situation.ts';
import { act, alternative, inspect, type Step, shown } from './step.ts';

/** A task that is blocked: by others that must be done first, or by what somebody said. */
export async function blocked(situation: Situation): Promise<Step> {
  const { id, task } = situation;
  const waiting = await dependencies(situation);
  const why = task.reason === undefined ? undefined : shown(task.reason, 200);
  const open = `ledgenter task update ${id} --status open`;
  const [first] = waiting;
  return {
    action: 'task-unblock',
    says: `${id} is blocked${why === undefined ? '' : `: ${why}`}`,
    primary: act('Open it when nothing blocks it any more', open),
    ...(first
      ? { item: { kind: 'task', id: first.id, ...(first.task ? { text: shown(first.task.title) } : {}) } }
      : {}),
    others: [
      ...waiting.map(({ id: other }) => inspect('What it waits for', `ledgenter next ${other}`)),
      alternative('Call it off', `ledgenter task update ${id} --status cancelled --reason '<why>'`),
    ],
    blocking: [...(why === undefined ? [] : [{ what: why, remedy: open }]), ...waiting.map(blocker)],
  };
}

/** A task that is over. */
export function over({ id, task, actor, kind }: Situation): Step {
  const mayReopen = task.status !== 'done' || kind === 'human' || task.reviewer === actor;
  const reopen = `ledgenter task update ${id} --status open${task.status === 'done' ? " --reason '<why>'" : ''}`;
  return {
    action: 'none',
    says: `${id} is ${task.status}: there is nothing to be done`,
    primary: inspect('What is next', 'ledgenter next'),
    others: mayReopen ? [alternative('Open it again', reopen)] : [],
  };
}
