import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import type { Task } from '../../rooms/tasks/record.ts';
import { needTask } from '../../rooms/tasks/write.ts';
import { needHand } from '../../rooms/work/todos.ts';
import { needOwnHold } from '../prove/held.ts';
import { type ProvingGround, provingPort } from '../prove/port.ts';
import { NOBODY } from '../who.ts';

/** A checkout in which the caller works on a task. */
export interface Ground extends ProvingGround {
  root: string;
  task: Task;
}

/**
 * What the laws would say of what is to be written, asked before anything takes time.
 * @param command what was called, as a hint for another run
 * @throws LedgerError NO_ACTOR, NOT_FOUND, REFUSED, NOT_HOLDER, NO_REPOSITORY
 */
export async function groundOf(context: Context, id: string, command: string): Promise<Ground> {
  const { view, who } = context;
  if (who.actor === NOBODY) throw new LedgerError('NO_ACTOR', 'nobody is named, and a work log is somebody’s');
  const task = await needTask(view, id);
  needHand(id, task, who);
  await needOwnHold(context, id, task, command);
  const { root, ...ground } = await context.use(provingPort);
  if (root === undefined)
    throw new LedgerError('NO_REPOSITORY', 'there is no checkout here', { hint: `git status, then: ${command}` });
  return { ...ground, root, task };
}
