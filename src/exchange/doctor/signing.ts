import { actorRecord } from '../../rooms/actors/record.ts';
import { requiresSignatures } from '../../rooms/actors/standing.ts';
import { type Area, finding } from './findings.ts';
import type { Look } from './look.ts';

/** Whether entries are signed here, with what, and whether the ledger takes that key for the actor's. Nothing is signed. */
export async function checkSigning({ clone, site, context: { who } }: Look): Promise<Area> {
  const check = 'signing';
  const view = clone.book.view((await clone.book.tip()).at);
  const required = await requiresSignatures(view);
  const keys = (await view.get(actorRecord, who.actor))?.keys;
  const bad = (code: 'signing.broken' | 'signing.unknown', what: string, next: string): Area => ({
    check,
    good: '',
    findings: [finding(code, { what, where: `actor ${who.actor}`, next })],
  });
  if (!clone.book.signatures) {
    if (!required) return { check, good: 'entries are not signed here, and the ledger asks for none', findings: [] };
    const what = 'the ledger requires signatures, and nothing is signed here';
    return bad('signing.broken', what, 'git config ledgenter.sign true');
  }
  const { own } = await site.signing();
  if ('problem' in own) return bad('signing.broken', `nothing can be signed: ${own.problem}`, own.hint);
  const { fingerprint } = own;
  if (keys?.some(key => key.fingerprint === fingerprint))
    return { check, good: `entries are signed with ${fingerprint}, a key of ${who.actor}`, findings: [] };
  const known = keys ? `the keys of ${who.actor} in the ledger are others` : `the ledger has no key of ${who.actor}`;
  const what = `entries are signed with ${fingerprint}, but ${known}`;
  if (!keys && !required) return bad('signing.unknown', what, 'ledgenter actor key-add me');
  const key = own.type === 'ssh' ? own.key : '<the public key>';
  return bad('signing.broken', what, `a maintainer: ledgenter actor key-add ${who.actor} --key "${key}"`);
}
