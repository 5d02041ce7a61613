import * as z from 'zod/mini';
import { actor, choice, key, limit } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { keyedPage, pageFields, pick } from '../lists.ts';
import { find } from '../lookup.ts';
import { PROJECT_STATUSES, projectRecord } from './record.ts';
import { row } from './show.ts';

export const query = defineOperation({
  name: 'project.query',
  kind: 'read',
  summary: 'List projects, or show one',
  input: () =>
    z.strictObject({
      project: z.optional(key()),
      status: z.optional(z.array(choice(PROJECT_STATUSES)).check(z.maxLength(PROJECT_STATUSES.length))),
      owner: z.optional(actor()),
      parent: z.optional(key()),
      full: z.optional(z.boolean()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'project',
  examples: [{ cli: 'ledgenter project query --status active', says: 'what is going on' }],
  table: { rows: 'projects', columns: ['project', 'status', 'owner', 'title'], none: 'no project' },
  async query({ view }, { project, status, owner, parent, full, fields, ...page }) {
    if (project !== undefined) {
      const record = await find(view, projectRecord, project);
      if (!record) refuse('NOT_FOUND', `there is no project ${project}`, { hint: 'ledgenter project query' });
      return { projects: [full ? { project, ...record } : row(project, record)], total: 1 };
    }
    const found = (await view.all(projectRecord))
      .filter(({ record }) => !status || status.includes(record.status))
      .filter(({ record }) => (!owner || record.owner === owner.toLowerCase()) && (!parent || record.parent === parent))
      .map(({ id, record }) => (full ? { project: id, ...record } : row(id, record)));
    const { items, ...rest } = keyedPage(found, 'project', page);
    return { projects: items.map(item => pick(item, fields, 'project')), ...rest };
  },
});
