import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { choice, key } from '../../kernel/fields.ts';
import { type By, type Decision, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { linksProblem } from '../projects/links.ts';
import { type Project, projectRecord, REPO_ROLES, type RepoLink } from '../projects/record.ts';
import { insidePath, repoName } from './fields.ts';
import { needRepo } from './names.ts';
import { row } from './show.ts';

async function needProject(view: View, project: string): Promise<Project> {
  const found = await find(view, projectRecord, project);
  return found ?? refuse('NOT_FOUND', `there is no project ${project}`, { hint: 'ledgenter project query' });
}

/** The project with other links: primary first, then by slug. */
async function relinked(view: View, by: By, project: string, before: Project, links: RepoLink[]): Promise<Decision> {
  const { repos: _old, ...rest } = before;
  const sorted = [...links].sort((a, b) =>
    a.role === b.role ? (a.repo < b.repo ? -1 : 1) : a.role === 'primary' ? -1 : 1,
  );
  const after: Project = { ...rest, ...(sorted.length === 0 ? {} : { repos: sorted }), updated_at: by.at };
  if (canonicalJson(before.repos ?? []) === canonicalJson(after.repos ?? [])) return { same: { project } };
  const problem = await linksProblem(view, project, after);
  if (problem) refuse('REFUSED', problem.message, problem.hint === undefined ? {} : { hint: problem.hint });
  return { files: [projectRecord.put(project, after)], result: { project } };
}

async function shown(view: View, project: string): Promise<{ [key: string]: unknown }> {
  const links = (await view.get(projectRecord, project))?.repos ?? [];
  const repos = [];
  for (const { repo, ...link } of links) repos.push({ ...row(repo, (await needRepo(view, repo)).repo), ...link });
  return { project, repos, hints: { next: `ledgenter task query --project ${project}` } };
}

export const link = defineOperation({
  name: 'repo.link',
  kind: 'write',
  summary: 'Say in which repository the work of a project is done; paths: its part of a monorepo',
  input: () =>
    z.strictObject({
      project: key(),
      repo: repoName(),
      role: z.optional(choice(REPO_ROLES)),
      paths: z.optional(z.array(insidePath()).check(z.maxLength(20))),
    }),
  positional: 'project',
  examples: [
    { cli: 'ledgenter repo link sweeper --repo acme-parser --role primary', says: 'claims say where the work is' },
    { cli: 'ledgenter repo link sweeper --repo acme-web --paths packages/ui', says: 'a part of a monorepo, too' },
  ],
  subject: ({ project, repo }) => `linked ${project} to ${repo}`,
  async decide(view, { project, repo, role, paths }, by) {
    const before = await needProject(view, project);
    const { slug } = await needRepo(view, repo);
    const others = (before.repos ?? []).filter(one => one.repo !== slug);
    const given = role ?? (others.some(one => one.role === 'primary') ? 'secondary' : 'primary');
    const inside = paths && [...new Set(paths)].sort();
    return relinked(view, by, project, before, [
      ...others,
      { repo: slug, role: given, ...(inside?.length ? { paths: inside } : {}) },
    ]);
  },
  show: ({ view }, { project }) => shown(view, String(project)),
});

export const unlink = defineOperation({
  name: 'repo.unlink',
  kind: 'write',
  summary: 'The work of a project is no longer done in that repository',
  input: () => z.strictObject({ project: key(), repo: repoName() }),
  positional: 'project',
  examples: [{ cli: 'ledgenter repo unlink sweeper --repo acme-web', says: 'only the other repositories count' }],
  subject: ({ project, repo }) => `unlinked ${project} from ${repo}`,
  async decide(view, { project, repo }, by) {
    const before = await needProject(view, project);
    const { slug } = await needRepo(view, repo);
    return relinked(
      view,
      by,
      project,
      before,
      (before.repos ?? []).filter(one => one.repo !== slug),
    );
  },
  show: ({ view }, { project }) => shown(view, String(project)),
});
