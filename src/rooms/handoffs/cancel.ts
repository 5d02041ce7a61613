import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { type By, defineOperation } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';
import type { Edit } from '../tasks/write.ts';
import { handoffId } from './fields.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { answer } from './show.ts';
import { needHandoff, settle } from './write.ts';

export const cancel = defineOperation({
  name: 'handoff.cancel',
  kind: 'write',
  summary: 'Take a handoff back that nobody has claimed (its sender or a maintainer); an offered task is yours again',
  input: () => z.strictObject({ handoff_id: handoffId() }),
  positional: 'handoff_id',
  examples: [{ cli: 'ledgenter handoff cancel <handoff_id>', says: 'it is settled otherwise' }],
  target: ({ handoff_id }) => ({ def: any(handoffRecord), id: handoff_id }),
  async withdraws(view, { handoff_id: id }) {
    const handoff = await find(view, handoffRecord, id);
    if (handoff?.status !== 'open' || handoff.kind !== 'work' || handoff.task_id === undefined) return undefined;
    const task = await find(view, taskRecord, handoff.task_id);
    return task?.hold?.offer?.id === id ? { def: any(taskRecord), id: handoff.task_id, offer: id } : undefined;
  },
  subject: ({ handoff_id }) => `cancelled ${handoff_id}`,
  async decide(view, { handoff_id: id }, by) {
    const before = await needHandoff(view, id);
    if (before.status === 'cancelled') return { same: { handoff_id: id } };
    const { hold: _end, ...rest } = before;
    const task = await kept(view, id, before, by);
    return settle(
      view,
      by,
      { id, before, after: { ...rest, status: 'cancelled' }, ...(task ? { task } : {}) },
      { handoff_id: id },
    );
  },
  show: (context, { handoff_id }) => answer(context, handoff_id),
});

/** The task that was offered, under the claim that its sender took back. */
async function kept(view: View, offer: string, { task_id }: Handoff, { claim }: By): Promise<Edit | undefined> {
  const before = task_id === undefined ? undefined : await find(view, taskRecord, task_id);
  if (!before?.hold || before.hold.offer?.id !== offer || before.hold.root !== claim?.root) return undefined;
  const { offer: _closed, ...hold } = before.hold;
  return { id: task_id!, before, after: JSON.parse(canonicalJson({ ...before, hold })) };
}
