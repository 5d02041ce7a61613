import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { safeLine } from '../cli/terminal.ts';

const path = () => mark(z.string().check(z.minLength(1), z.maxLength(4000)), { machine: true });

export const demoOperation = defineOperation({
  name: 'demo',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Show the main job on real clones: agents race for tasks over one bare remote, one is killed, the book stays right',
  input: () =>
    z.strictObject({
      repo: z.optional(path()),
      data: z.optional(path()),
      agents: z.optional(z.int().check(z.minimum(2), z.maximum(24))),
      tasks: z.optional(z.int().check(z.minimum(1), z.maximum(500))),
    }),
  examples: [
    { cli: 'ledgenter demo', says: 'six agents in clones of this repository' },
    { cli: 'ledgenter demo --repo ../app --agents 4', says: 'in clones of another' },
  ],
  exit: answer => (answer.passed ? EXIT.ok : EXIT.data),
  async act(context, input) {
    const { runDemo } = await import('./demo.ts');
    // Part of what the demo shows, not of its answer.
    const say = (line: string): void => void process.stderr.write(`${safeLine(line)}\n`);
    return { ...(await runDemo(process.argv[1]!, input, say, context.signal)) };
  },
});
