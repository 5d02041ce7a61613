import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { repoFilterFields } from '../../rooms/repos/filter.ts';

export const pollOperation = defineOperation({
  name: 'poll',
  kind: 'act',
  cliOnly: true,
  toolset: 'orientation',
  summary:
    'Is there anything to wake an agent for? Exit code 0: yes, 1: no; at most one look at the remote. exec: what to start then',
  input: () =>
    z.strictObject({
      inbox: z.optional(z.boolean()),
      pool: z.optional(z.boolean()),
      ...repoFilterFields(),
      exec: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
      args: z.optional(z.array(z.string().check(z.maxLength(65_536))).check(z.maxLength(1000))),
    }),
  positional: 'args',
  examples: [
    { cli: 'ledgenter poll', says: 'inbox and pool; the exit code is the answer' },
    {
      cli: 'ledgenter poll --mapped-only --exec claude -- -p tick.md',
      says: 'start one tick where there is work for this machine; its exit code is passed on',
    },
  ],
  exit: ({ wake, ended }) => (typeof ended === 'number' ? ended : wake === true ? EXIT.ok : EXIT.no),
  async act(context, input) {
    const { poll } = await import('./poll.ts');
    return poll(context, input);
  },
});
