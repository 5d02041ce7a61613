import * as z from 'zod/mini';
import { choice, limit, mark, oid } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { find } from '../lookup.ts';
import { nameOf } from '../repos/fields.ts';
import { repoNamed } from '../repos/names.ts';
import { repoRecord } from '../repos/record.ts';
import { taskId } from '../tasks/fields.ts';
import { PR_STATES, REF_TYPES } from '../tasks/record.ts';
import { codeIndex } from './ports.ts';

export const query = defineOperation({
  name: 'code.ref_query',
  kind: 'read',
  summary:
    'List code refs, newest first: of a task, a commit, a kind, a repository; live or not; pull requests by state',
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      ref_type: z.optional(choice(REF_TYPES)),
      live: z.optional(z.boolean()),
      repo: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(512)), { word: true })),
      state: z.optional(choice(PR_STATES)),
      sha: z.optional(oid()),
      limit: limit(),
      ...pageFields(),
    }),
  examples: [
    { cli: 'ledgenter code ref-query --sha 3f2a9c1', says: 'whose commit it is' },
    { cli: 'ledgenter code ref-query --ref-type pr --state open', says: 'pull requests that wait' },
  ],
  table: {
    rows: 'code_refs',
    columns: ['id', 'task_id', 'ref_type', 'live', 'state', 'sha', 'name', 'moved_to'],
    none: 'no such code ref',
  },
  async query(context, { repo, limit: most = PAGE, cursor, fields, ...filter }) {
    const index = await context.use(codeIndex);
    const repos = repo === undefined ? undefined : await namesOf(context.view, repo);
    const { rows, ...rest } = await index.query({ ...filter, repo: repos }, { limit: most, cursor });
    return { code_refs: rows.map(row => pick(row, fields, 'id')), ...rest };
  },
});

/** What refs may call the repository that is called so here: by slug, by fingerprint, by an address. */
async function namesOf(view: View, repo: string): Promise<string[]> {
  const slug = await repoNamed(view, repo);
  const fingerprint = slug === undefined ? undefined : (await find(view, repoRecord, slug))?.fingerprint;
  return [...new Set([repo, nameOf(repo), slug, fingerprint].filter(name => name !== undefined))];
}
