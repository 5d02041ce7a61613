import * as z from 'zod/mini';
import { duration, text } from '../../kernel/fields.ts';
import { type By, type Context, type Decision, defineOperation, refuse } from '../../kernel/operation.ts';
import { epochMs, parseDuration } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { shown, taken } from '../tasks/claim.ts';
import { taskId } from '../tasks/fields.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { roundsOf } from '../validation/gate.ts';
import { toClaim } from './hand.ts';
import { logFile } from './log.ts';

/** Claims a task and writes why in its work log, in one entry. */
async function takenAgain(view: View, id: string, words: string, by: By, more: object = {}): Promise<Decision> {
  const { edit, from } = await taken(view, id, by);
  const { id: log_id, file } = logFile(id, { kind: 'progress', text: words }, by);
  return settle(view, by, [edit], [file], { task_id: id, log_id, ...from, ...more });
}

async function shownAgain(context: Context, result: { [key: string]: unknown }) {
  const { log_id, lapsed_at } = result;
  return { ...(await shown(context, result)), log_id, ...(lapsed_at === undefined ? {} : { lapsed_at }) };
}

export const restart = defineOperation({
  name: 'work.restart',
  kind: 'write',
  hold: 'take',
  summary: 'Claim a task again whose validation failed, and say what will be mended; its plan and todos stay',
  input: () => z.strictObject({ task_id: taskId(), summary: text(), lease: z.optional(duration()) }),
  positional: 'task_id',
  examples: [
    { cli: "ledgenter work restart <task_id> --summary 'mend the edge case of c2'", says: 'after a failed validation' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  lease: ({ lease }) => (lease === undefined ? undefined : parseDuration(lease)),
  localRepos: true,
  subject: ({ task_id }) => `restarted the work on ${task_id}`,
  async decide(view, { task_id: id, summary }, by) {
    const task = await needTask(view, id);
    const last = (await roundsOf(view, id)).at(-1);
    if (last?.result !== 'failed')
      refuse('REFUSED', `no validation of ${id} failed${last ? `: the last one ${last.result}` : ''}`, {
        hint: begins(task) ? `ledgenter task claim ${id}` : `ledgenter task get ${id}`,
      });
    return takenAgain(view, id, summary, by);
  },
  show: shownAgain,
});

const begins = ({ status, hold }: Task): boolean => status === 'open' && hold === undefined;

export const resume = defineOperation({
  name: 'work.resume',
  kind: 'write',
  hold: 'take',
  summary:
    'Claim a task again that was worked on, after a lost lease or a move, and say why; tells who has it when it cannot',
  input: () => z.strictObject({ task_id: taskId(), reason: text(), lease: z.optional(duration()) }),
  positional: 'task_id',
  examples: [
    { cli: "ledgenter work resume <task_id> --reason 'the machine slept'", says: 'go on with what you had begun' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  lease: ({ lease }) => (lease === undefined ? undefined : parseDuration(lease)),
  localRepos: true,
  subject: ({ task_id }) => `resumed the work on ${task_id}`,
  async decide(view, { task_id: id, reason }, by) {
    const task = await needTask(view, id);
    const { hold, status, workers, assignee } = task;
    if (status !== 'open' && status !== 'in_progress')
      refuse('REFUSED', `${id} is ${status}: there is nothing to go on with`, {
        hint: status === 'blocked' ? toClaim(id, task) : `ledgenter task get ${id}`,
      });
    const begun = hold !== undefined || (workers?.length ?? 0) > 0 || assignee !== undefined;
    if (!begun) refuse('REFUSED', `nobody worked on ${id} yet`, { hint: `ledgenter task claim ${id}` });
    // The book does not know of renewals, the claim that is replaced does.
    const until = by.intent.prev?.lease_until ?? hold?.lease_until;
    const lapsed = until !== undefined && epochMs(until) < epochMs(by.at) ? { lapsed_at: until } : {};
    return takenAgain(view, id, reason, by, lapsed);
  },
  show: shownAgain,
});
