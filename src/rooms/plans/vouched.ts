import type { Transition } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { actorRecord } from '../actors/record.ts';
import { standingOf } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import type { Criterion, Task } from '../tasks/record.ts';
import { versionOf } from './look.ts';
import { ACCEPT } from './rules.ts';

/**
 * The accepted plan that gave a task this criterion as it is worded now, check and all; undefined where it has none, and
 * where the task came from elsewhere: who accepted it there is that ledger's word.
 */
export async function planBehind(
  view: View,
  id: string,
  task: Task,
  { text, check }: Criterion,
): Promise<NonNullable<Task['plan']> | undefined> {
  const { plan: accepted, imported, adopted } = task;
  if (accepted === undefined || imported || adopted !== undefined) return undefined;
  const found = await versionOf(view, id, accepted.version);
  if (found?.sha256 !== accepted.sha256) return undefined;
  return found.plan.criteria.some(one => one.text === text && one.check === check) ? accepted : undefined;
}

/** Whether an entry says, by what is signed of it, that its actor accepts this plan of this task. */
export function acceptsPlan(
  { intent: { op, input } }: Transition['entry'],
  id: string,
  { version, sha256 }: NonNullable<Task['plan']>,
): boolean {
  return op === ACCEPT && input.task_id === id && input.version === version && input.sha256 === sha256;
}

/**
 * Why an acceptance is not shown to be a person's, as a clause; undefined when it is. Anybody who can push writes "accepted
 * by grace", or enters as a new person with a key of their own: so the entry is proven, its actor is a person, and a
 * maintainer answers for the key. All of that then, and still in `now`: a key that was taken away is worth nothing here.
 * @param isGiven whether a key, by its fingerprint, came to that actor from a maintainer
 */
export async function unvouched(
  now: View,
  witnessed: Omit<Transition, 'changes'>,
  isGiven: (actor: string, key: string) => Promise<boolean>,
): Promise<string | undefined> {
  const { before, entry } = witnessed;
  const { actor, kind } = entry.intent;
  const says = `accepted by ${actor}, `;
  const [then, is] = [await find(before, actorRecord, actor), await find(now, actorRecord, actor)];
  if (kind !== 'human') return `${says}who is no person`;
  if (entry.signature === undefined) return `${says}but unsigned`;
  const standing = await standingOf(witnessed);
  if (standing.state !== 'proven') return `${says}but unproven: ${standing.why}`;
  if (then?.kind !== 'human' || is?.kind !== 'human') return `${says}whom the ledger does not know as a person`;
  const { key } = standing;
  if (!is.keys?.some(({ fingerprint }) => fingerprint === key)) return `${says}with a key taken away since`;
  // Once a maintainer has a key, nobody comes to be one, or to the first key of one, but by a maintainer who has.
  const rules = then.role === 'maintainer' && is.role === 'maintainer';
  return rules || (await isGiven(actor, key)) ? undefined : `${says}for whose key no maintainer answers`;
}
