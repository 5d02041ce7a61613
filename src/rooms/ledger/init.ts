import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { isMaintainer } from '../actors/rank.ts';
import { fingerprint, namespace } from './fields.ts';
import { ledgerRecord } from './record.ts';

/** The entry behind `ledgenter init`: which remote decides, under which refs; its author is the first maintainer. */
export const init = defineOperation({
  name: 'ledger.init',
  kind: 'write',
  internal: true,
  summary: 'Record which remote decides claims and under which refs the ledger lives',
  input: () => z.strictObject({ authority: z.optional(fingerprint()), namespace: namespace() }),
  examples: [{ cli: 'ledgenter init', says: 'create or join the ledger of this repository' }],
  subject: ({ authority }) => `initialised the ledger${authority ? `, ${authority} decides` : ''}`,
  async decide(view, input, by) {
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
    return { files: [ledgerRecord.put('ledger', { ...before, ...result })], result };
  },
});
