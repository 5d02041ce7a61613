import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { duration } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { needMaintainer } from '../actors/rank.ts';
import { policyFields } from './fields.ts';
import { ledgerRecord } from './record.ts';

export const policy = defineOperation({
  name: 'ledger.policy',
  kind: 'write',
  summary: 'Ask gates of every task of the ledger, or set how long after a lease a take-over waits (maintainers only)',
  input: () => z.strictObject({ ...policyFields(), claim_grace: z.optional(duration()) }),
  examples: [
    { cli: 'ledgenter ledger policy --requires-evidence', says: 'no task is done without a code ref or file' },
    { cli: 'ledgenter ledger policy --claim-grace 10s', says: 'all clocks agree within five seconds' },
  ],
  subject: input => `set the policy ${Object.keys(input).sort().join(', ')}`,
  async decide(view, input, by) {
    const before = (await view.get(ledgerRecord, 'ledger'))!;
    const policies = { ...before.policies, ...input };
    if (canonicalJson(policies) === canonicalJson(before.policies ?? {})) return { same: { policies } };
    await needMaintainer(view, by.actor, 'sets policies');
    return { files: [ledgerRecord.put('ledger', { ...before, policies })], result: { policies } };
  },
});
