import * as z from 'zod/mini';
import { type Context, refuse } from '../../kernel/operation.ts';
import { projectsIn } from '../projects/context.ts';
import { repoName } from './fields.ts';
import { slugOf } from './laws.ts';
import { needRepo } from './names.ts';
import { repoMap } from './ports.ts';

/** Which repositories somebody can work in: by slug, fingerprint or address, or those that this machine has. */
export const repoFilterFields = () => ({
  repository_ids: z.optional(z.array(repoName()).check(z.maxLength(50))),
  mapped_only: z.optional(z.boolean()),
});

export interface RepoFilter {
  repository_ids?: string[] | undefined;
  mapped_only?: boolean | undefined;
}

/**
 * Keys of the projects whose work is in the wanted repositories; undefined when nothing is filtered.
 * @throws LedgerError NOT_FOUND for an unknown repository, NO_REPO_MAP when this machine's map is empty or names no
 * registered repository: an agent that waits for work it can never be given looks idle for ever
 */
export async function filteredProjects(context: Context, filter: RepoFilter): Promise<string[] | undefined> {
  const { view, use } = context;
  const { repository_ids, mapped_only } = filter;
  if (repository_ids === undefined && !mapped_only) return undefined;
  const slugs = new Set<string>();
  for (const name of repository_ids ?? []) slugs.add((await needRepo(view, name)).slug);
  if (mapped_only) {
    const mapped = (await use(repoMap)).fingerprints();
    if (mapped.length === 0) refuse('NO_REPO_MAP', 'this machine has no checkout on its map of repositories');
    const known: string[] = [];
    for (const fingerprint of mapped) {
      const slug = await slugOf(view, fingerprint);
      if (slug !== undefined) known.push(slug);
    }
    if (known.length === 0)
      refuse('NO_REPO_MAP', `none of the ${mapped.length} checkouts on this machine's map is a registered repository`);
    const wanted = repository_ids === undefined ? known : known.filter(slug => slugs.has(slug));
    slugs.clear();
    for (const slug of wanted) slugs.add(slug);
  }
  return projectsIn(view, slugs);
}
