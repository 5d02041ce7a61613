import * as z from 'zod/mini';
import type { Intent } from '../../kernel/entry.ts';
import { duration } from '../../kernel/fields.ts';
import { holdOf } from '../../kernel/holdlaws.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { worked } from '../tasks/move.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import type { Edit } from '../tasks/write.ts';
import { handoffId } from './fields.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { claimProblem } from './rules.ts';
import { answer } from './show.ts';
import { needHandoff, refuseIf, settle } from './write.ts';

export const claim = defineOperation({
  name: 'handoff.claim',
  kind: 'write',
  hold: 'take',
  summary: 'Claim a handoff that is to you: only one recipient wins; work on an offered task moves its claim to you',
  input: () => z.strictObject({ handoff_id: handoffId(), lease: z.optional(duration()) }),
  positional: 'handoff_id',
  examples: [{ cli: 'ledgenter handoff claim <handoff_id>', says: 'you answer this one' }],
  target: ({ handoff_id }) => ({ def: any(handoffRecord), id: handoff_id }),
  lease: ({ lease }) => (lease === undefined ? undefined : parseDuration(lease)),
  async along(view, { handoff_id }) {
    const found = await offeredBy(view, handoff_id, await find(view, handoffRecord, handoff_id));
    return found && { def: any(taskRecord), id: found.id, offer: handoff_id };
  },
  subject: ({ handoff_id }, { prev, actor }) =>
    `claimed ${handoff_id}${prev && prev.actor !== actor ? `, from ${prev.actor}` : ''}`,
  async decide(view, { handoff_id: id }, by) {
    const before = await needHandoff(view, id);
    const hold = holdOf(by.intent);
    if (!hold)
      refuse('NOT_HOLDER', `${id} is taken through the exchange only`, { hint: `ledgenter handoff claim ${id}` });
    if (before.hold?.root === hold.root) return { same: { handoff_id: id } };
    // Whom it is for comes before who holds the task that it offers.
    if (before.status === 'open') refuseIf(await claimProblem(id, before, by.intent, view), 'handoff.status');
    const task = moved(await offeredBy(view, id, before), by.intent);
    const after: Handoff = { ...before, status: 'claimed', hold };
    return settle(
      view,
      by,
      { id, before, after, ...(task ? { task } : {}) },
      { handoff_id: id, ...(task ? { task_id: task.id } : {}) },
    );
  },
  async show(context, { handoff_id, task_id }) {
    const { handoff, hints } = await answer(context, handoff_id);
    return {
      claimed: true,
      handoff,
      ...(task_id === undefined ? {} : { task_id }),
      hints: task_id === undefined ? hints : { next: `ledgenter task get ${task_id}` },
    };
  },
});

/**
 * The task whose claim goes with this handoff's: its holder offers it here, or it moved with an earlier claim of the
 * handoff and is held by that tenure still. Undefined when there is none.
 */
async function offeredBy(
  view: View,
  id: string,
  handoff: Handoff | undefined,
): Promise<{ id: string; task: Task } | undefined> {
  if (handoff?.kind !== 'work' || handoff.task_id === undefined) return undefined;
  const task = await find(view, taskRecord, handoff.task_id);
  const moved = handoff.hold !== undefined && task?.hold?.root === handoff.hold.root && !task.hold.offer;
  return task && (moved || task.hold?.offer?.id === id) ? { id: handoff.task_id, task } : undefined;
}

/** The offered task in the hands of the claimant. */
function moved(offer: { id: string; task: Task } | undefined, intent: Intent): Edit | undefined {
  if (!offer) return undefined;
  const { id, task: before } = offer;
  return { id, before, after: { ...worked(before, intent.actor), assignee: intent.actor, hold: holdOf(intent)! } };
}
