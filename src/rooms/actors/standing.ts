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
