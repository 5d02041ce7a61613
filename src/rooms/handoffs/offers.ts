import type { Intent } from '../../kernel/entry.ts';
import type { Finding } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { graceOf } from '../ledger/grace.ts';
import { find } from '../lookup.ts';
import type { Task } from '../tasks/record.ts';
import { handoffRecord } from './record.ts';
import { recipientsOf } from './who.ts';

/** What is wrong with how an entry opens, takes or closes the offer on a task's hold; undefined when nothing is. */
export async function offerFinding(
  id: string,
  before: Task | undefined,
  after: Task,
  intent: Intent,
  was: View,
  view: View,
): Promise<Finding | undefined> {
  const [then, now] = [before?.hold?.offer, after.hold?.offer];
  if (now && now.id !== then?.id) {
    const handoff = await find(view, handoffRecord, now.id);
    const fresh = handoff && (await find(was, handoffRecord, now.id)) === undefined;
    if (!fresh || handoff.kind !== 'work' || handoff.task_id !== id || handoff.created_by !== after.hold!.actor)
      return { message: `${id} is offered through no work handoff of this entry` };
    const to = await recipientsOf(was, handoff, handoff.created_by);
    return now.to.every(name => to.includes(name))
      ? undefined
      : { message: `${id} is offered to others than ${now.id} names` };
  }
  if (now && JSON.stringify(now) !== JSON.stringify(then)) return { message: `${id}: an offer is never changed` };
  const held = before?.hold;
  if (!then || now || !held || !after.hold) return undefined;
  const status = (await find(view, handoffRecord, then.id))?.status;
  if (held.root === after.hold.root) {
    if (status === 'cancelled') return undefined;
    return { message: `${id}: taking an offer back cancels ${then.id}`, hint: `ledgenter handoff cancel ${then.id}` };
  }
  // The sender may claim again, and anyone once the lease is over: both take the claim, not the offer.
  const lapsed = epochMs(intent.at) > epochMs(held.lease_until) + (await graceOf(was));
  if (lapsed || held.actor === intent.actor) return undefined;
  const taken = (await find(view, handoffRecord, then.id))?.hold;
  return taken?.root === after.hold.root ? undefined : { message: `${id} is taken without its handoff ${then.id}` };
}
