import * as z from 'zod/mini';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { parseKey, publicKey } from '../actors/keys.ts';
import { isMaintainer } from '../actors/rank.ts';
import { actorRecord } from '../actors/record.ts';
import { fingerprint, namespace } from './fields.ts';
import { ledgerRecord } from './record.ts';

/** The entry behind `ledgenter init`: which remote decides, under which refs; its author is the first maintainer. */
export const init = defineOperation({
  name: 'ledger.init',
  kind: 'write',
  internal: true,
  summary: 'Record which remote decides claims and under which refs the ledger lives',
  input: () =>
    z.strictObject({
      authority: z.optional(fingerprint()),
      namespace: namespace(),
      /** First key of whoever initialises, so that every entry of the ledger can be proven. */
      key: z.optional(publicKey()),
    }),
  examples: [{ cli: 'ledgenter init', says: 'create or join the ledger of this repository' }],
  subject: ({ authority }) => `initialised the ledger${authority ? `, ${authority} decides` : ''}`,
  async decide(view, { key, ...input }, by) {
    const before = await view.get(ledgerRecord, 'ledger');
    if (!before) refuse('NO_LEDGER', 'there is no ledger to initialise');
    const result = { namespace: input.namespace, ...(input.authority ? { authority: input.authority } : {}) };
    if (before.namespace !== undefined) {
      const alike = before.namespace === input.namespace && before.authority === input.authority;
      if (alike) return { same: result };
      if (!(await isMaintainer(view, by.actor))) {
        const decides = before.authority ?? 'this repository';
        refuse('NOT_MAINTAINER', `the ledger is initialised already: ${decides} decides (a maintainer may change it)`);
      }
    }
    const files = [ledgerRecord.put('ledger', { ...before, ...result })];
    if (key !== undefined && before.namespace === undefined) files.push(...(await founder(view, key, by)));
    return { files, result };
  },
});

/** The maintainer of a new ledger, with a key; nobody changes the keys of an actor that is there in passing. */
async function founder(view: View, key: string, { actor, kind, at }: By): Promise<FileChange[]> {
  const parsed = parseKey(key);
  if (typeof parsed === 'string' || (await view.get(actorRecord, actor))) return [];
  return [actorRecord.put(actor, { kind, role: 'maintainer', created_at: at, keys: [{ ...parsed, added_at: at }] })];
}
