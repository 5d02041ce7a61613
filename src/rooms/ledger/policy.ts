import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { choice, duration, mark } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import { needMaintainer } from '../actors/rank.ts';
import { actorRecord } from '../actors/record.ts';
import { RELEASE_BY } from '../releases/fields.ts';
import { policyFields } from './fields.ts';
import { ledgerRecord } from './record.ts';

/** Longest grace that a ledger may set, in ms: a dead agent's task is free after its lease and this. */
const MAX_GRACE_MS = 3_600_000;

const grace = () =>
  mark(
    duration().check(z.refine(text => (parseDuration(text) ?? 0) <= MAX_GRACE_MS, { error: 'is more than one hour' })),
    { machine: true, form: 'a duration up to 1h: 10s, 2m' },
  );

export const policy = defineOperation({
  name: 'ledger.policy',
  kind: 'write',
  summary:
    'Ask gates of every task or signatures of every entry, set who tags releases, or how long after a lease a take-over waits (maintainers only)',
  input: () =>
    z.strictObject({
      ...policyFields(),
      claim_grace: z.optional(grace()),
      require_signatures: z.optional(z.boolean()),
      release_by: z.optional(choice(RELEASE_BY)),
    }),
  examples: [
    { cli: 'ledgenter ledger policy --requires-evidence', says: 'no task is done without a code ref or file' },
    { cli: 'ledgenter ledger policy --claim-grace 10s', says: 'all clocks agree within five seconds' },
    { cli: 'ledgenter ledger policy --release-by maintainer', says: 'only maintainers tag releases' },
    { cli: 'ledgenter ledger policy --require-signatures', says: 'from now on every entry is signed by its actor' },
  ],
  subject: input => `set the policy ${Object.keys(input).sort().join(', ')}`,
  async decide(view, input, by) {
    const before = (await view.get(ledgerRecord, 'ledger'))!;
    const policies = { ...before.policies, ...input };
    if (canonicalJson(policies) === canonicalJson(before.policies ?? {})) return { same: { policies } };
    await needMaintainer(view, by.actor, 'sets policies');
    if (input.require_signatures && !(await view.get(actorRecord, by.actor))?.keys)
      refuse('NOT_SIGNED', `${by.actor} has no key in the ledger: this would lock everybody out`, {
        hint: `ledgenter actor key-add ${by.actor}`,
      });
    return { files: [ledgerRecord.put('ledger', { ...before, policies })], result: { policies } };
  },
});
