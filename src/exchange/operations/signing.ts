import type { Context } from '../../kernel/operation.ts';
import { actorRecord } from '../../rooms/actors/record.ts';
import { requiresSignatures } from '../../rooms/actors/standing.ts';
import type { Clone } from '../clone.ts';
import type { Site } from '../site.ts';
import type { Check } from './doctor.ts';

/** Whether entries are signed here, with what, and whether the ledger takes that key for the actor's. Nothing is signed. */
export async function checkSigning(clone: Clone, site: Site, { who }: Context): Promise<Check> {
  const check = 'signing';
  const view = clone.book.view((await clone.book.tip()).at);
  const required = await requiresSignatures(view);
  const keys = (await view.get(actorRecord, who.actor))?.keys;
  if (!clone.book.signatures) {
    if (!required) return { check, state: 'good', says: 'entries are not signed here, and the ledger asks for none' };
    return {
      check,
      state: 'fault',
      says: 'the ledger requires signatures, and nothing is signed here',
      mend: 'git config ledgenter.sign true',
    };
  }
  const { own } = await site.signing();
  if ('problem' in own) return { check, state: 'fault', says: `nothing can be signed: ${own.problem}`, mend: own.hint };
  const { fingerprint } = own;
  if (keys?.some(key => key.fingerprint === fingerprint))
    return { check, state: 'good', says: `entries are signed with ${fingerprint}, a key of ${who.actor}` };
  const known = keys ? `the keys of ${who.actor} in the ledger are others` : `the ledger has no key of ${who.actor}`;
  return {
    check,
    state: keys || required ? 'fault' : 'note',
    says: `entries are signed with ${fingerprint}, but ${known}`,
    mend:
      keys || required
        ? `a maintainer: ledgenter actor key-add ${who.actor} --key "${own.type === 'ssh' ? own.key : '<the public key>'}"`
        : 'ledgenter actor key-add me',
  };
}
