import type { Finding, Transition } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { type ActorKey, parseKey } from './keys.ts';
import { type Actor, actorRecord } from './record.ts';
import { standingOf } from './standing.ts';

/**
 * Why an entry does not use the powers of its actor: whoever has keys signs what changes roles, keys and settings, with
 * the policy or without. Else an unsigned entry under a maintainer's name makes another maintainer, and that one is
 * everybody. `what` ends the message. Undefined where it is signed, and for actors without keys.
 */
export async function unsignedFinding(transition: Transition, what: string): Promise<Finding | undefined> {
  const { actor } = transition.entry.intent;
  if (!(await find(transition.before, actorRecord, actor))?.keys) return undefined;
  const standing = await standingOf(transition);
  if (standing.state === 'proven' || standing.state === 'unchecked') return undefined;
  return {
    code: 'NOT_SIGNED',
    message: `${actor} has keys, so ${what} must be signed by one of them: ${standing.why}`,
    hint: 'git config ledgenter.sign true, then: ledgenter doctor',
  };
}

/**
 * Why an entry does not change what keys are worth, once a maintainer has keys: a maintainer without keys is whoever
 * writes that name, and would come to a key by its own word. Undefined while no maintainer has keys, so that a ledger
 * can begin.
 */
export async function unvouchedFinding(transition: Transition, what: string): Promise<Finding | undefined> {
  const { before, entry } = transition;
  const { actor } = entry.intent;
  const { role, keys } = (await find(before, actorRecord, actor)) ?? {};
  if (role === 'maintainer' && keys) return unsignedFinding(transition, what);
  if (!(await maintainers(before)).some(one => one.keys)) return undefined;
  return {
    code: 'NOT_SIGNED',
    message: `a maintainer of this ledger has keys, so ${what} must be signed by one who has, and ${actor} is none`,
    hint: 'ledgenter actor query',
  };
}

/** Who rules in a state. Reads every actor: for rare entries only. */
export async function maintainers(view: View): Promise<Actor[]> {
  return (await view.all(actorRecord)).map(({ record }) => record).filter(({ role }) => role === 'maintainer');
}

/** A key whose signatures are taken. */
export const isUsable = ({ key, fingerprint }: ActorKey): boolean => {
  const parsed = parseKey(key);
  return typeof parsed !== 'string' && parsed.fingerprint === fingerprint;
};
