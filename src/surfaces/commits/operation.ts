import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

/** What git's hooks start. `hook` and `args` are git's own words. */
export const hooksRun = defineOperation({
  name: 'hooks.run',
  kind: 'act',
  fromGit: true,
  cliOnly: true,
  toolset: 'hooks',
  summary: 'What the hooks of git start when there is something to do: link, follow, carry along; never needed by hand',
  input: () =>
    z.strictObject({
      hook: choice([
        'pre-commit',
        'commit-msg',
        'post-commit',
        'post-rewrite',
        'post-merge',
        'post-checkout',
        'pre-push',
        'refresh',
      ]),
      args: z.optional(z.array(mark(z.string().check(z.maxLength(4_096)), { machine: true })).check(z.maxLength(16))),
    }),
  positional: 'hook',
  examples: [{ cli: 'ledgenter hooks run post-merge', says: 'look through what came in' }],
  exit: answer => (answer.refused === true ? EXIT.no : EXIT.ok),
  async act(context, { hook, args = [] }) {
    const { runHook } = await import('./run.ts');
    return { ...(await runHook(context, hook, args)) };
  },
});
