import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { mark, word } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';

const path = () => mark(z.string().check(z.minLength(1), z.maxLength(4000)), { machine: true });

/** What was not taken is no success: the report says why. */
const exit = (answer: { [key: string]: unknown }): number =>
  (answer.refused as unknown[] | undefined)?.length ? EXIT.data : EXIT.ok;

const importBeads = defineOperation({
  name: 'import.beads',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Bring the issues of a beads export in as tasks: once or again, nothing twice; reports what was mapped and why not',
  input: () =>
    z.strictObject({
      file: path(),
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
  exit,
  async act(context, input) {
    const beads = await import('./beads.ts');
    return beads.importBeads(context, input);
  },
});

/** Another system's own folder: what both imports of one take. */
const folder = () => z.strictObject({ dir: path(), project: z.optional(word()), dry_run: z.optional(z.boolean()) });

const importBacklog = defineOperation({
  name: 'import.backlog',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Bring a Backlog.md project in: tasks, documents, decisions; once or again, nothing twice; reports what was mapped and why not',
  input: folder,
  positional: 'dir',
  examples: [
    { cli: 'ledgenter import backlog . --dry-run', says: 'what would come of the project in this folder' },
    { cli: 'ledgenter import backlog . --project web', says: 'all of it, as the project web' },
  ],
  exit,
  async act(context, input) {
    const workspace = await import('./workspace.ts');
    return workspace.importBacklog(context, input);
  },
});

const importTaskledger = defineOperation({
  name: 'import.taskledger',
  kind: 'act',
  cliOnly: true,
  toolset: 'ledger',
  summary:
    'Bring a taskledger workspace in: tasks with plans, questions, todos, runs; once or again, nothing twice; locks hold nothing here',
  input: folder,
  positional: 'dir',
  examples: [
    { cli: 'ledgenter import taskledger . --dry-run', says: 'what would come of the workspace in this folder' },
    { cli: 'ledgenter import taskledger . --project web', says: 'all of it, as the project web' },
  ],
  exit,
  async act(context, input) {
    const workspace = await import('./workspace.ts');
    return workspace.importTaskledger(context, input);
  },
});

export const importOperations = [importBeads, importBacklog, importTaskledger];
