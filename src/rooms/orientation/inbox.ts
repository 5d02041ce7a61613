import type { Context } from '../../kernel/operation.ts';
import { liveTable } from '../handoffs/live.ts';
import { answersFor, type HandoffRow, inboxOf } from '../handoffs/table.ts';
import { rolesOf } from '../handoffs/who.ts';
import { graceOf } from '../ledger/grace.ts';
import { type Named, tables } from '../rows.ts';

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
