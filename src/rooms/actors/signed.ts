import { defineLaw, type Transition } from '../../kernel/law.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import { actorRecord } from './record.ts';
import { requiresSignatures, standingOf } from './standing.ts';

/** The policy counts from the entry that sets it on, that one too: whoever cannot sign must not lock everybody out. */
async function isRequired({ before, after, changes }: Transition): Promise<boolean> {
  if (await requiresSignatures(before)) return true;
  return changes.some(({ def }) => def.kind === ledgerRecord.kind) && requiresSignatures(after);
}

export const entrySignature = defineLaw({
  id: 'entry.signature',
  says: 'A signature is over its entry, and by a key of its actor where that actor has keys; under `require_signatures` every entry is proven by one, from the entry that asks for it.',
  enforcedBy: 'rooms/signatures.test.ts',
  async check(transition) {
    const { entry, before } = transition;
    const { actor } = entry.intent;
    const required = await isRequired(transition);
    if (!required && transition.proof.state === 'none') return undefined;
    const standing = await standingOf(transition);
    if (standing.state === 'bad') return { message: `the signature of ${actor} is not good: ${standing.why}` };
    if (standing.state !== 'unproven') return undefined;
    const keys = (await find(before, actorRecord, actor))?.keys;
    if (!required && (entry.signature === undefined || keys === undefined)) return undefined;
    return {
      code: 'NOT_SIGNED',
      message: required
        ? `this ledger requires signatures, and ${actor} did not prove this entry: ${standing.why}`
        : `the signature is not one of ${actor}: ${standing.why}`,
      hint:
        keys === undefined
          ? `a maintainer: ledgenter actor key-add ${actor} --key "<public key>"`
          : 'git config ledgenter.sign true, then: ledgenter doctor',
    };
  },
});
