import type { Context } from '../../kernel/operation.ts';
import { handoffRecord } from '../handoffs/record.ts';
import { answersFor, type HandoffRow, handoffTable, inboxOf } from '../handoffs/table.ts';
import { rolesOf } from '../handoffs/who.ts';
import { graceOf } from '../ledger/grace.ts';
import { defineTable, type Named, tables } from '../rows.ts';

/** Handoffs that still ask something of somebody: what is over is not read by every `whoami`. */
const liveTable = defineTable({
  def: handoffRecord,
  name: 'live',
  version: handoffTable.version,
  row: (handoff, id) =>
    handoff.status === 'acknowledged' || handoff.status === 'cancelled' ? undefined : handoffTable.row(handoff, id),
});

export interface Inbox {
  /** To this actor and free, or claimed by it; oldest first. */
  waiting: Named<HandoffRow>[];
  /** Answers to what it asked, not yet acknowledged. */
  answers: Named<HandoffRow>[];
}

export async function inboxIn({ use, view, who, now }: Context): Promise<Inbox> {
  const rows = await (await use(tables)).rows(liveTable);
  if (rows.length === 0) return { waiting: [], answers: [] };
  return {
    waiting: inboxOf(rows, who.actor, await rolesOf(view, who.actor), now, await graceOf(view)),
    answers: answersFor(rows, who.actor),
  };
}
