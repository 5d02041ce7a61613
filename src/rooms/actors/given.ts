import type { Transition } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { isMaintainer } from './rank.ts';
import { actorRecord } from './record.ts';
import { standingOf } from './standing.ts';

/** The operation by which keys come to an actor that is there already. */
export const KEY_ADD = 'actor.key_add';

/** Who answers for a key: a maintainer who gave it, the earlier key of that actor (its fingerprint) which signed it, nobody. */
export type Giver = { by: 'maintainer' | 'nobody' } | { by: 'self'; key: string };

/** Who answers for a key of an actor by the entry that added it; undefined for an entry that did not. */
export async function giverOf(
  entered: Omit<Transition, 'changes'>,
  id: string,
  fingerprint: string,
): Promise<Giver | undefined> {
  const { before, after, entry } = entered;
  const has = async (view: Transition['before']): Promise<boolean> =>
    (await find(view, actorRecord, id))?.keys?.some(key => key.fingerprint === fingerprint) === true;
  if (!(await has(after)) || (await has(before))) return undefined;
  const standing = await standingOf(entered);
  if (standing.state !== 'proven') return { by: 'nobody' };
  const { actor } = entry.intent;
  if (actor !== id) return { by: (await isMaintainer(before, actor)) ? 'maintainer' : 'nobody' };
  return standing.key === fingerprint ? { by: 'nobody' } : { by: 'self', key: standing.key };
}
