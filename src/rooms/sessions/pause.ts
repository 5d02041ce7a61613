import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { type By, type Context, type Decision, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { MAX_PAUSES, type Pause, pauseKey, pauseRecord } from './record.ts';

/** How many pauses and resumptions the session that holds a task has. */
async function turnsOf(view: View, task: string, session: string): Promise<number> {
  const names = new Set((await view.all(pauseRecord, task)).map(({ id }) => id));
  let count = 0;
  while (names.has(pauseKey(session, count + 1))) count++;
  return count;
}

/** @throws LedgerError NOT_FOUND, NOT_HOLDER, REFUSED */
async function turned(
  view: View,
  id: string,
  kind: Pause['kind'],
  reason: string | undefined,
  by: By,
): Promise<Decision> {
  const task = await needTask(view, id);
  const { hold } = task;
  if (!hold)
    refuse('NOT_HOLDER', `nobody holds ${id} (${task.status}): no session of it is open`, {
      hint: `ledgenter task get ${id}`,
    });
  const turns = await turnsOf(view, id, hold.root);
  const result = { task_id: id, session_id: hold.root };
  const edit = { id, before: task, after: task };
  if (hold.actor === by.actor && (turns % 2 === 1) === (kind === 'pause')) return { same: result };
  if (turns >= MAX_PAUSES) refuse('REFUSED', `the session on ${id} was paused ${MAX_PAUSES / 2} times: claim it anew`);
  const record: Pause = {
    session_id: hold.root,
    kind,
    ...(reason === undefined ? {} : { reason }),
    by: by.actor,
    at: by.at,
  };
  return settle(view, by, [edit], [pauseRecord.put(pauseKey(hold.root, turns + 1), record, id)], result);
}

const shown =
  (paused: boolean) =>
  async (_context: Context, { task_id, session_id }: { [key: string]: unknown }) => ({
    task_id,
    session_id,
    paused,
    hints: { next: paused ? `ledgenter session resume ${task_id}` : `ledgenter session query ${task_id}` },
  });

export const pause = defineOperation({
  name: 'session.pause',
  kind: 'write',
  summary: 'Stop the clock of the task you hold: what follows does not count until session resume; the lease runs on',
  input: () => z.strictObject({ task_id: taskId(), reason: z.optional(text()) }),
  positional: 'task_id',
  examples: [{ cli: "ledgenter session pause <task_id> --reason 'lunch'", says: 'the task stays yours' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `paused the work on ${task_id}`,
  decide: (view, { task_id, reason }, by) => turned(view, task_id, 'pause', reason, by),
  show: shown(true),
});

export const resume = defineOperation({
  name: 'session.resume',
  kind: 'write',
  summary: 'Start the clock of the task you hold again',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter session resume <task_id>', says: 'back at work' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `resumed the clock on ${task_id}`,
  decide: (view, { task_id }, by) => turned(view, task_id, 'resume', undefined, by),
  show: shown(false),
});
