import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { graceOf } from '../ledger/grace.ts';
import { reservationId } from './fields.ts';
import { written } from './live.ts';
import { needReservation, showReservation } from './show.ts';

export const release = defineOperation({
  name: 'reserve.release',
  kind: 'write',
  summary: 'Give reserved paths back before their time is over',
  input: () => z.strictObject({ reservation_id: reservationId() }),
  positional: 'reservation_id',
  examples: [{ cli: 'ledgenter reserve release <reservation_id>', says: 'others may reserve there again' }],
  subject: ({ reservation_id }) => `released ${reservation_id}`,
  async decide(view, { reservation_id: id }, by) {
    const before = await needReservation(view, id);
    if (before.released_at !== undefined) return { same: { reservation_id: id } };
    const record = { ...before, released_at: by.at };
    const files = await written(view, { id, record }, epochMs(by.at), await graceOf(view));
    return { files, result: { reservation_id: id } };
  },
  async show(context, { reservation_id }) {
    return {
      ...(await showReservation(context, String(reservation_id))),
      hints: { next: 'ledgenter reserve query' },
    };
  },
});
