import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { handoffId } from './fields.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { answer } from './show.ts';
import { needHandoff, settle } from './write.ts';

export const ack = defineOperation({
  name: 'handoff.ack',
  kind: 'write',
  summary: 'Acknowledge the answer to a handoff that you sent',
  input: () => z.strictObject({ handoff_id: handoffId(), note: z.optional(text()) }),
  positional: 'handoff_id',
  examples: [{ cli: 'ledgenter handoff ack <handoff_id>', says: 'you have read the answer' }],
  target: ({ handoff_id }) => ({ def: any(handoffRecord), id: handoff_id }),
  subject: ({ handoff_id }) => `acknowledged ${handoff_id}`,
  async decide(view, { handoff_id: id, note }, by) {
    const before = await needHandoff(view, id);
    if (before.status === 'acknowledged' && before.created_by === by.actor) return { same: { handoff_id: id } };
    return settle(view, by, { id, before, after: acknowledged(before, note, by.at) }, { handoff_id: id });
  },
  show: (context, { handoff_id }) => answer(context, handoff_id),
});

export function acknowledged({ hold: _none, ...handoff }: Handoff, note: string | undefined, at: string): Handoff {
  return {
    ...handoff,
    status: 'acknowledged',
    acknowledged_at: at,
    ...(note === undefined ? {} : { acknowledgement: note }),
  };
}
