import type { Context } from '../../kernel/operation.ts';
import { recentPort } from '../logbook/ports.ts';

/** What this run did since it last ended, as one tick of a loop sees it. */
export async function tickOf({ who, use }: Context): Promise<{ op: string; status?: string | undefined }[]> {
  const own = (await use(recentPort)).newest.filter(({ run }) => run === who.run[0]);
  const last = own.findIndex(({ op }) => op === 'run.end');
  return last < 0 ? own : own.slice(0, last);
}

/** Operations that end the work on a task. */
const ENDS: readonly string[] = ['work.finish', 'validate.finish'];

/** True when this tick has finished its one task. */
export async function tickDone(context: Context): Promise<boolean> {
  return (await tickOf(context)).some(
    ({ op, status }) => ENDS.includes(op) || (op === 'task.update' && (status === 'done' || status === 'in_review')),
  );
}
