import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { handoffId } from './fields.ts';
import { handoffRecord } from './record.ts';
import { answer } from './show.ts';
import { needHandoff, settle } from './write.ts';

export const release = defineOperation({
  name: 'handoff.release',
  kind: 'write',
  summary: 'Give a handoff that you claimed back to its recipients, unanswered',
  input: () => z.strictObject({ handoff_id: handoffId() }),
  positional: 'handoff_id',
  examples: [{ cli: 'ledgenter handoff release <handoff_id>', says: 'another may answer it' }],
  target: ({ handoff_id }) => ({ def: any(handoffRecord), id: handoff_id }),
  subject: ({ handoff_id }) => `released ${handoff_id}`,
  async decide(view, { handoff_id: id }, by) {
    const before = await needHandoff(view, id);
    if (!before.hold)
      refuse('REFUSED', `nobody holds ${id}: it is ${before.status}`, { hint: `ledgenter handoff get ${id}` });
    const { hold: _end, ...rest } = before;
    return settle(view, by, { id, before, after: { ...rest, status: 'open' } }, { handoff_id: id });
  },
  async show(context, { handoff_id }) {
    const { handoff } = await answer(context, handoff_id);
    return { released: true, handoff, hints: { next: 'ledgenter inbox' } };
  },
});
