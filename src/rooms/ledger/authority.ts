import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { needMaintainer } from '../actors/rank.ts';
import { fingerprint } from './fields.ts';
import { ledgerRecord } from './record.ts';

export const authority = defineOperation({
  name: 'ledger.authority',
  kind: 'write',
  summary: 'Name the one remote that decides claims (maintainers only)',
  input: () => z.strictObject({ authority: fingerprint() }),
  positional: 'authority',
  landsFirst: true,
  examples: [{ cli: 'ledgenter ledger authority github/acme/app', says: 'let that remote decide from now on' }],
  subject: input => `made ${input.authority} the authority`,
  async decide(view, input, by) {
    const before = (await view.get(ledgerRecord, 'ledger'))!;
    if (before.authority === input.authority) return { same: { authority: input.authority } };
    await needMaintainer(view, by.actor, 'moves the authority');
    return {
      files: [ledgerRecord.put('ledger', { ...before, authority: input.authority })],
      result: { authority: input.authority },
    };
  },
  async show(_context, result) {
    return { ...result, hints: { next: 'ledgenter sync' } };
  },
});
