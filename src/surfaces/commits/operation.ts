import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

/** Hooks that start the program. */
export const RUNS = [
  'pre-commit',
  'commit-msg',
  'post-commit',
  'post-rewrite',
  'post-merge',
  'post-checkout',
  'pre-push',
] as const;
export type RunName = (typeof RUNS)[number];

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
      hook: choice(RUNS),
      args: z.optional(z.array(mark(z.string().check(z.maxLength(4_096)), { machine: true })).check(z.maxLength(16))),
    }),
  positional: 'hook',
  examples: [{ cli: 'ledgenter hooks run post-merge', says: 'look through what came in' }],
  exit: answer => (answer.refused === true ? EXIT.refused : EXIT.ok),
  async act(context, { hook, args = [] }) {
    const { runHook } = await import('./run.ts');
    return { ...(await runHook(context, hook, args)) };
  },
});

/** Git's configuration changed since the hooks wrote down what they need of it: they see that by the time of its files. */
export const hooksRefresh = defineOperation({
  name: 'hooks.refresh',
  kind: 'act',
  bare: true,
  fromGit: true,
  cliOnly: true,
  toolset: 'hooks',
  summary: "Write down anew what the hooks need of git's configuration; they start it themselves",
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter hooks refresh', says: 'after a clock was set back' }],
  async act(context) {
    const { refresh } = await import('./refresh.ts');
    return refresh(context);
  },
});
