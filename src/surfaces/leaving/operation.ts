import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';

export const leaveOperation = defineOperation({
  name: 'leave',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'ledger',
  summary: 'Undo what init, setup and skill sync did here, after showing it; the book stays, and init joins again',
  input: () =>
    z.strictObject({
      keep_hosts: z.optional(z.boolean()),
      purge_local: z.optional(z.boolean()),
      dry_run: z.optional(z.boolean()),
      yes: z.optional(z.boolean()),
    }),
  examples: [
    { cli: 'ledgenter leave --dry-run', says: 'what would go, and what stays' },
    { cli: 'ledgenter leave --keep-hosts', says: 'hosts stay set up for your other repositories' },
    { cli: 'ledgenter leave --purge-local', says: 'the copy of the book here goes too: the remote has all of it' },
  ],
  exit: answer => (answer.agreed === false ? EXIT.no : EXIT.ok),
  async act(context, input) {
    const { leave } = await import('./leave.ts');
    return leave(context, input);
  },
});
