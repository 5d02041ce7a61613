import * as z from 'zod/mini';
import { key, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { keyedPage, pageFields, pick } from '../lists.ts';
import { projectRecord } from '../projects/record.ts';
import { repoName } from './fields.ts';
import { needRepo } from './names.ts';
import { repoRecord } from './record.ts';
import { row } from './show.ts';

export const query = defineOperation({
  name: 'repo.query',
  kind: 'read',
  summary: 'List repositories with the projects they are linked to, or show one',
  input: () =>
    z.strictObject({
      repo: z.optional(repoName()),
      project: z.optional(key()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'repo',
  examples: [{ cli: 'ledgenter repo query --project sweeper', says: 'where the work of a project is done' }],
  table: {
    rows: 'repos',
    columns: ['repo', 'fingerprint', 'default_branch', 'projects', 'local_path'],
    none: 'no repository',
  },
  localRepos: true,
  async query({ view }, { repo, project, fields, ...page }) {
    const only = repo === undefined ? undefined : (await needRepo(view, repo)).slug;
    const projects = await view.all(projectRecord);
    const rows = (await view.all(repoRecord))
      .filter(({ id }) => only === undefined || id === only)
      .map(({ id, record }) => {
        const linked = projects.filter(one => one.record.repos?.some(link => link.repo === id)).map(one => one.id);
        return { ...row(id, record), ...(linked.length === 0 ? {} : { projects: linked }) };
      })
      .filter(({ projects: linked }) => project === undefined || linked?.includes(project));
    const { items, ...rest } = keyedPage(rows, 'repo', page);
    return { repos: items.map(item => pick(item, fields, 'repo')), ...rest };
  },
});
