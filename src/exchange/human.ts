import type { Book } from '../book/book.ts';
import type { Enacted } from '../book/enact.ts';
import { authorityAt } from '../book/signatures.ts';
import { entryId, type Intent } from '../kernel/entry.ts';
import { LedgerError } from '../kernel/errors.ts';
import { actText } from '../kernel/proof.ts';
import type { View } from '../kernel/view.ts';
import { actorRecord } from '../rooms/actors/record.ts';
import { type Standing, standingOf } from '../rooms/actors/standing.ts';

/** @throws LedgerError HUMAN_ONLY for an actor that the ledger does not know as a person */
export async function needPerson(view: View, actor: string): Promise<void> {
  const kind = (await view.get(actorRecord, actor))?.kind;
  if (kind !== 'human')
    throw new LedgerError('HUMAN_ONLY', `reserved to people, and the ledger knows ${actor} as ${kind ?? 'nobody'}`);
}

function needProven(standing: Standing, actor: string): void {
  if (standing.state === 'proven') return;
  throw new LedgerError(
    'HUMAN_ONLY',
    `reserved to people, and the signature does not prove ${actor}: ${standing.why}`,
    {
      hint: `on a terminal: ledgenter actor key-add ${actor}`,
    },
  );
}

/** The last word on an entry that only a signature makes a person's. @throws LedgerError HUMAN_ONLY */
export function provenOnly({ standing, entry }: Enacted): void {
  needProven(standing, entry.intent.actor);
}

/**
 * For what writes no entry: a signature over what is asked for, by a key that the ledger knows as this person's. It is
 * kept nowhere, and is none of an entry.
 * @throws LedgerError HUMAN_ONLY, NOT_SIGNED
 */
export async function provePresence(book: Book, view: View, intent: Intent): Promise<void> {
  const { actor } = intent;
  await needPerson(view, actor);
  const text = actText(intent, await authorityAt(view));
  const signature = await book.signatures!.sign(text);
  const keys = (await view.get(actorRecord, actor))?.keys ?? [];
  const keyring = keys.filter(({ type }) => type === 'gpg').map(({ key }) => key);
  const proof = await book.checker!(text, signature, keyring);
  const stamp = { writer: 'none', n: 1, landed: intent.at };
  const entry = { id: entryId(intent), intent, stamp, signature };
  needProven(await standingOf({ before: view, after: view, entry, proof }), actor);
}
