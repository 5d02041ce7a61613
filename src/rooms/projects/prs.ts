import { urlFingerprint } from '../../kernel/fingerprint.ts';
import type { Context } from '../../kernel/operation.ts';
import { prKey, prName, prRepo, prUrl } from '../code/prs.ts';
import { nameOf } from '../repos/fields.ts';
import { taskIndex } from '../tasks/ports.ts';
import { type CodeRef, codeRefRecord, type PrState } from '../tasks/record.ts';
import type { Linked } from './context.ts';

/** Tasks that are looked through, best first: where there are more, the rest is far from its pull request. */
const MAX_TASKS = 1_000;
/** What is believed where two tasks say different things of one pull request: what nobody takes back goes first. */
const SURE: readonly PrState[] = ['merged', 'closed', 'draft', 'open', 'unknown'];

/** Pull requests of one repository. */
export interface PrCounts {
  /** Neither merged nor closed: drafts, and those whose state nobody told, too. */
  open: number;
  /** By state, those that were told other than open. */
  states: Partial<Record<PrState, number>>;
}

/** Pull requests by slug: those that tasks of the project link to which are not over, each once. */
export async function prCounts(
  context: Context,
  project: string,
  linked: readonly Linked[],
): Promise<ReadonlyMap<string, PrCounts>> {
  const found = new Map(linked.map(({ link }) => [link.repo, new Map<string, PrState | undefined>()]));
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
      const prs = found.get((named === undefined ? first.link.repo : slugs.get(named)) ?? '');
      const key = prKey(record) ?? record.url ?? String(record.name);
      prs?.set(key, surer(prs.get(key), record.state));
    }
  }
  return new Map([...found].map(([slug, prs]) => [slug, counted([...prs.values()])]));
}

function surer(a: PrState | undefined, b: PrState | undefined): PrState | undefined {
  return SURE.find(state => state === a || state === b);
}

function counted(states: readonly (PrState | undefined)[]): PrCounts {
  const counts: PrCounts = { open: 0, states: {} };
  for (const state of states) {
    if (state !== 'merged' && state !== 'closed') counts.open++;
    if (state !== undefined && state !== 'open') counts.states[state] = (counts.states[state] ?? 0) + 1;
  }
  return counts;
}

/** What the ref calls its repository: a slug or fingerprint; undefined when it says nothing. */
function repoOf(ref: CodeRef): string | undefined {
  const { repo, url } = ref;
  if (repo !== undefined) return nameOf(repo) ?? repo;
  const name = prName(ref);
  if (name !== undefined) return prRepo(name);
  const page = url === undefined ? undefined : prUrl(url)?.replace(/\/(?:-\/)?[^/]+\/\d+$/, '');
  return url === undefined ? undefined : (urlFingerprint(page ?? url) ?? url);
}
