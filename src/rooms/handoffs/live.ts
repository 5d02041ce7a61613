import { defineTable } from '../rows.ts';
import { handoffRecord } from './record.ts';
import { handoffTable } from './table.ts';

/** Handoffs that still ask something of somebody: what is over is not read by every `whoami`. */
export const liveTable = defineTable({
  def: handoffRecord,
  name: 'live',
  version: handoffTable.version,
  row: (handoff, id) =>
    handoff.status === 'acknowledged' || handoff.status === 'cancelled' ? undefined : handoffTable.row(handoff, id),
});
