import { type Context, refuse } from '../../kernel/operation.ts';
import { activeTask, claims } from '../tasks/ports.ts';

/** The task that a question means which names none: the active one of this worktree, else what this run holds. */
export async function meant({ use }: Context): Promise<string | undefined> {
  const active = await (await use(activeTask)).id();
  return active ?? (await (await use(claims)).held())[0]?.id;
}

/** @throws LedgerError BAD_INPUT where no task is meant */
export async function needMeant(context: Context, command: string): Promise<string> {
  return (
    (await meant(context)) ??
    refuse('BAD_INPUT', 'name the task: none is active here, and this run holds none', { hint: command })
  );
}
