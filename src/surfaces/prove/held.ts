import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { claims } from '../../rooms/tasks/ports.ts';
import type { Task } from '../../rooms/tasks/record.ts';

/** A lease that ends sooner than this after a run could is renewed before it, in ms. */
const SPARE_MS = 120_000;

/**
 * What runs long is refused before it runs, not when it is written.
 * @param command what was called, for the run that holds the task to go on with
 * @throws LedgerError NOT_HOLDER where another run holds the task
 */
export async function needOwnHold({ who, use }: Context, id: string, task: Task, command: string): Promise<void> {
  const { hold } = task;
  if (!hold || (await (await use(claims)).held()).some(one => one.id === id)) return;
  // The same actor in another worktree: a claim here would be refused, its run goes on here.
  const own = hold.actor === who.actor;
  const hint = own ? `${command} --run ${hold.run}` : `ledgenter task get ${id}`;
  throw new LedgerError('NOT_HOLDER', `${hold.actor} holds ${id} until ${hold.lease_until} (run ${hold.run})`, {
    hint,
  });
}

/** Renews a lease that could end before a run does; where the remote cannot be asked, what is left of it must do. */
export async function lastLongEnough({ use }: Context, id: string, timeoutMs: number): Promise<void> {
  const port = await use(claims);
  const held = (await port.held()).find(one => one.id === id);
  if (!held || epochMs(held.lease_until) >= Date.now() + timeoutMs + SPARE_MS) return;
  await port.renew(id, timeoutMs + 2 * SPARE_MS).catch(error => {
    if (!(error instanceof LedgerError) || error.code !== 'UNREACHABLE') throw error;
  });
}
