import { urlFingerprint } from '../../kernel/fingerprint.ts';
import type { Context } from '../../kernel/operation.ts';
import { nameOf } from '../repos/fields.ts';
import { taskIndex } from '../tasks/ports.ts';
import { type CodeRef, codeRefRecord } from '../tasks/record.ts';
import type { Linked } from './context.ts';

/** Tasks that are looked through, best first: where there are more, the rest is far from its pull request. */
const MAX_TASKS = 1_000;
/** What hosts put between a repository and the number of a pull request. */
const PULL = /\/(?:-\/)?(?:pull|pulls|merge_requests|pull-requests|pullrequest)\/\d+.*$/i;

/** Open pull requests by slug: those that tasks of the project link to which are not over, each once. */
export async function openPrs(
  context: Context,
  project: string,
  linked: readonly Linked[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map(linked.map(({ link }) => [link.repo, new Set<string>()]));
  const [first] = linked;
  if (!first) return new Map();
  const slugs = new Map(
    linked.flatMap(({ link, repo }) => [[link.repo, link.repo] as const, [repo.fingerprint, link.repo] as const]),
  );
  const index = await context.use(taskIndex);
  const { rows } = await index.query(
    { project, status: ['open', 'in_progress', 'blocked', 'in_review'] },
    { limit: MAX_TASKS, now: context.now },
  );
  for (const { id } of rows) {
    for (const { record } of await context.view.all(codeRefRecord, id)) {
      if (record.ref_type !== 'pr' || !record.live) continue;
      const named = repoOf(record);
      // One that says no repository is of the project's first.
      const slug = named === undefined ? first.link.repo : slugs.get(named);
      if (slug !== undefined) found.get(slug)!.add(record.url ?? String(record.name));
    }
  }
  return new Map([...found].map(([slug, refs]) => [slug, refs.size]));
}

/** What the ref calls its repository: a slug or fingerprint; undefined when it says nothing. */
function repoOf({ repo, url }: CodeRef): string | undefined {
  if (repo !== undefined) return nameOf(repo) ?? repo;
  return url === undefined ? undefined : (urlFingerprint(url.replace(PULL, '')) ?? url);
}
