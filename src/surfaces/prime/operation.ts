import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

export const primeOperation = defineOperation({
  name: 'prime',
  kind: 'act',
  cliOnly: true,
  hook: true,
  toolset: 'orientation',
  summary:
    'The few lines that a host tells an agent when a session starts: once a session, nothing where there is no ledger',
  input: () =>
    z.strictObject({
      session: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(200)), { machine: true })),
      again: z.optional(z.boolean()),
    }),
  positional: 'session',
  examples: [{ cli: 'ledgenter prime', says: 'what an agent is told here; a second time only with --again' }],
  async act(context, input) {
    const { prime } = await import('./prime.ts');
    return { text: await prime(context, input) };
  },
});
