import * as z from 'zod/mini';
import type { Intent } from '../../src/kernel/entry.ts';
import { byOf, defineOperation, type Operation, refuse } from '../../src/kernel/operation.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { any } from '../../src/rooms/room.ts';
import { taskId } from '../../src/rooms/tasks/fields.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { needTask, raised, settle } from '../../src/rooms/tasks/write.ts';

/** The id of the offer that an entry opens: it follows from the entry, as a handoff's will. */
export function offerIdOf(intent: Intent): string {
  return byOf(intent, nothing).newId({ ...any(taskRecord), letter: 'h' });
}

/** Stands for the handoff that will open an offer. */
export const offerTask: Operation = defineOperation({
  name: 'model.offer',
  kind: 'write',
  summary: 'Offer a held task',
  input: () => z.strictObject({ task_id: taskId(), to: z.string() }),
  examples: [],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `offered ${task_id}`,
  async decide(view, { task_id: id, to }, by) {
    const before = await needTask(view, id);
    if (!before.hold) refuse('CLAIM_LOST', `nobody holds ${id}`);
    const { hold } = raised(before, by);
    const after = { ...before, hold: { ...hold!, offer: { id: offerIdOf(by.intent), to: [to] } } };
    return settle(view, by, [{ id, before, after }], [], { task_id: id });
  },
});

/** Closes an offer that its sender took back. */
export const keepTask: Operation = defineOperation({
  name: 'model.keep',
  kind: 'write',
  summary: 'Take an offer back',
  input: () => z.strictObject({ task_id: taskId() }),
  examples: [],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id }) => `kept ${task_id}`,
  async decide(view, { task_id: id }, by) {
    const before = await needTask(view, id);
    if (!before.hold) refuse('CLAIM_LOST', `nobody holds ${id}`);
    const { offer: _closed, ...hold } = raised(before, by).hold!;
    return settle(view, by, [{ id, before, after: { ...before, hold } }], [], { task_id: id });
  },
});
