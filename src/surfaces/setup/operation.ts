import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { SETUP_NAMES } from './names.ts';

export const setupOperation = defineOperation({
  name: 'setup',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Teach an agent host the ledger: MCP server, skill, session hooks, in its own files, after showing what changes',
  input: () =>
    z.strictObject({
      host: choice(SETUP_NAMES),
      here: z.optional(z.boolean()),
      guard: z.optional(z.boolean()),
      remove: z.optional(z.boolean()),
      dry_run: z.optional(z.boolean()),
      yes: z.optional(z.boolean()),
    }),
  positional: 'host',
  examples: [
    { cli: 'ledgenter setup claude', says: 'for your user: shows what changes and asks' },
    { cli: 'ledgenter setup codex --dry-run', says: 'what would change; nothing is written' },
    { cli: 'ledgenter setup cursor --here', says: 'for this checkout alone, hidden from git' },
    { cli: 'ledgenter setup agents-md', says: 'a block in AGENTS.md, to be committed' },
    { cli: 'ledgenter setup claude --guard', says: 'its agent holds a task before it edits, or is stopped' },
    { cli: 'ledgenter setup claude --remove', says: 'each file as it was before' },
  ],
  exit: answer => (answer.agreed === false ? EXIT.no : EXIT.ok),
  async act(context, input) {
    const { setUp } = await import('./setup.ts');
    return setUp(context, input);
  },
});
