import type { Who } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { type Repo, repoRecord } from '../repos/record.ts';
import { type Project, projectRecord, type RepoLink } from './record.ts';

/** Whether the process stands in a checkout of one of a project's repositories. */
export type RepoMatch = 'match' | 'mismatch' | 'unknown' | 'none';

/** Linked repositories shown with a task, and characters of a title: about 100 tokens in all. */
const SHOWN = 10;
const TITLE = 80;

/** A repository and how a project is linked to it. */
export interface Linked {
  link: RepoLink;
  repo: Repo;
}

export async function linkedRepos(view: View, { repos = [] }: Project): Promise<Linked[]> {
  const found: Linked[] = [];
  for (const link of repos) {
    const repo = await find(view, repoRecord, link.repo);
    if (repo) found.push({ link, repo });
  }
  return found;
}

export function matchOf(linked: readonly Linked[], checkout: Who['checkout']): RepoMatch {
  if (linked.length === 0) return 'none';
  if (!checkout) return 'unknown';
  return linked.some(({ repo }) => repo.fingerprint === checkout.fingerprint) ? 'match' : 'mismatch';
}

/** What a task's answer says of its project, and what to do when the work is elsewhere: told, never enforced. */
export interface ProjectContext {
  project_context: Record<string, unknown>;
  /** Only where the checkout is another one, or none. */
  hints?: { repo: Record<string, unknown>; next: string };
}

/** Undefined for a task without a project. `task_id`: what to give back when the work cannot be done here. */
export async function projectContext(
  view: View,
  key: string | undefined,
  checkout: Who['checkout'],
  task_id?: string,
): Promise<ProjectContext | undefined> {
  const project = key === undefined ? undefined : await find(view, projectRecord, key);
  if (key === undefined || !project) return undefined;
  const linked = await linkedRepos(view, project);
  const match = matchOf(linked, checkout);
  const repos = linked.slice(0, SHOWN).map(({ link, repo }) => ({
    slug: link.repo,
    role: link.role,
    fingerprint: repo.fingerprint,
    ...(link.paths ? { paths: link.paths } : {}),
  }));
  const project_context = {
    project: { key, title: cut(project.title, TITLE) ?? project.title, status: project.status },
    ...(repos.length === 0 ? {} : { repos }),
    repo_match: match,
  };
  if (match !== 'mismatch' && match !== 'unknown') return { project_context };
  return { project_context, hints: elsewhere(linked[0]!, match, task_id) };
}

function elsewhere({ link, repo }: Linked, match: RepoMatch, task_id: string | undefined): ProjectContext['hints'] {
  const { remote_url, default_branch, fingerprint } = repo;
  const seen = match === 'unknown' ? 'this run stands in no checkout' : 'this run stands in another repository';
  const back = task_id === undefined ? '' : `, or: ledgenter task release ${task_id}`;
  return {
    repo: {
      match,
      expected_repo_slug: link.repo,
      fingerprint,
      ...(remote_url === undefined ? {} : { remote_url }),
      ...(default_branch === undefined ? {} : { default_branch }),
    },
    next: `The work is in repository "${link.repo}"; ${seen}. Go to a checkout of it${back}`,
  };
}

/** The hints of an answer that already had a next command: it comes after the way to the right checkout. */
export function directed(hints: ProjectContext['hints'], next: string | undefined): Record<string, unknown> {
  return hints ? { ...hints, ...(next === undefined ? {} : { after: next }) } : {};
}

/** Keys of the projects linked to any of these repositories. */
export async function projectsIn(view: View, slugs: ReadonlySet<string>): Promise<string[]> {
  const all = await view.all(projectRecord);
  return all.filter(({ record }) => record.repos?.some(link => slugs.has(link.repo))).map(({ id }) => id);
}
