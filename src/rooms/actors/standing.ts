import type { Intent } from '../../kernel/entry.ts';
import type { Transition } from '../../kernel/law.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import type { ActorKey } from './keys.ts';
import { actorRecord } from './record.ts';

/** Whether the name on an entry is proven, as the ledger stood when the entry landed. */
export type Standing =
  | { state: 'proven'; key: string }
  | { state: 'unproven'; why: string }
  /** By an actor with OpenPGP keys, on a machine that cannot check them. */
  | { state: 'unchecked'; why: string }
  | { state: 'bad'; why: string };

type States = Pick<Transition, 'before' | 'after' | 'entry'>;

/**
 * The keys that prove an entry of its actor: those before the entry, or the first one that this very entry adds. Under
 * `require_signatures` only those before: a newcomer could else be anybody.
 */
export async function allowedKeys({ before, after, entry }: States): Promise<readonly ActorKey[]> {
  const { actor } = entry.intent;
  const had = (await find(before, actorRecord, actor))?.keys;
  if (had) return had;
  return (await requiresSignatures(before)) ? [] : ((await find(after, actorRecord, actor))?.keys ?? []);
}

/** The policy `require_signatures` in this state. */
export async function requiresSignatures(view: Transition['before']): Promise<boolean> {
  return (await view.get(ledgerRecord, 'ledger'))?.policies?.require_signatures === true;
}

/**
 * An intent as the laws believe it: under `require_signatures` nobody has the powers of a person by saying that it is one,
 * only an actor that the book knows as a person.
 */
export async function believed({ before, after, entry: { intent } }: States): Promise<Intent> {
  if (intent.kind !== 'human' || !(await requiresSignatures(before))) return intent;
  const known = (await find(before, actorRecord, intent.actor)) ?? (await find(after, actorRecord, intent.actor));
  return known?.kind === 'human' ? intent : { ...intent, kind: 'agent' };
}

/** What the proof of an entry's signature says of its name. */
export async function standingOf(transition: States & Pick<Transition, 'proof'>): Promise<Standing> {
  const { proof, entry } = transition;
  const { actor } = entry.intent;
  switch (proof.state) {
    case 'none':
      return { state: 'unproven', why: 'it is not signed' };
    case 'bad':
      return proof;
    case 'stranger':
      return { state: 'unproven', why: proof.why };
    case 'unchecked': {
      const gpg = (await allowedKeys(transition)).some(({ type }) => type === 'gpg');
      return gpg ? proof : { state: 'unproven', why: `${actor} has no OpenPGP key in the ledger` };
    }
    case 'good': {
      const own = (await allowedKeys(transition)).some(({ fingerprint }) => fingerprint === proof.key);
      return own
        ? { state: 'proven', key: proof.key }
        : { state: 'unproven', why: `${proof.key} is no key of ${actor} in the ledger` };
    }
  }
}
