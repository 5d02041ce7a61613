import type { Context } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { linkedRepos, matchOf, type RepoMatch } from '../projects/context.ts';
import { projectRecord } from '../projects/record.ts';
import { repoRecord } from '../repos/record.ts';
import { defineTable, tables } from '../rows.ts';

const repoTable = defineTable({ def: repoRecord, version: 1, row: ({ fingerprint }) => ({ fingerprint }) });

/** Projects that work is done for, and where: the only ones that every `whoami` reads. */
const linkedTable = defineTable({
  def: projectRecord,
  name: 'linked',
  version: 1,
  row: ({ repos, status }) =>
    repos && (status === 'active' || status === 'planned') ? { repos: repos.map(({ repo }) => repo) } : undefined,
});

export interface Here {
  /** Slug of the repository this process stands in, where it is registered. */
  slug?: string;
  /** Keys of the projects linked to it. */
  projects: string[];
}

/** What the ledger knows of the repository that the process stands in. */
export async function hereIn({ use, who }: Context): Promise<Here> {
  if (!who.checkout) return { projects: [] };
  const port = await use(tables);
  const repo = (await port.rows(repoTable)).find(({ fingerprint }) => fingerprint === who.checkout!.fingerprint);
  if (!repo) return { projects: [] };
  const linked = (await port.rows(linkedTable)).filter(({ repos }) => repos.includes(repo.id));
  return { slug: repo.id, projects: linked.map(({ id }) => id) };
}

/** The repository that a project's work is in, when the process stands in another one; silent without a checkout. */
export async function elsewhere({ view, who }: Context, project: string | undefined): Promise<string | undefined> {
  const record = project === undefined || !who.checkout ? undefined : await find(view, projectRecord, project);
  if (!record) return undefined;
  const linked = await linkedRepos(view, record);
  const match: RepoMatch = matchOf(linked, who.checkout);
  return match === 'mismatch' ? linked[0]!.link.repo : undefined;
}
