import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark, word } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

export const importOperation = defineOperation({
  name: 'import.beads',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Bring the issues of a beads export in as tasks: once or again, nothing twice; reports what was mapped and why not',
  input: () =>
    z.strictObject({
      file: mark(z.string().check(z.minLength(1), z.maxLength(4000)), { machine: true }),
      project: z.optional(word()),
      github: z.optional(
        mark(z.string().check(z.regex(/^[\w.-]+\/[\w.-]+$/, { error: 'is no owner/repo' })), { machine: true }),
      ),
      dry_run: z.optional(z.boolean()),
    }),
  positional: 'file',
  examples: [
    { cli: 'ledgenter import beads issues.jsonl --project web', says: 'all issues of a file' },
    {
      cli: 'ledgenter import beads issues.jsonl --github acme/web --dry-run',
      says: 'what would be mapped; nothing is written',
    },
  ],
  exit: answer => ((answer.refused as unknown[] | undefined)?.length ? EXIT.data : EXIT.ok),
  async act(context, input) {
    const { importBeads } = await import('./beads.ts');
    return importBeads(context, input);
  },
});
