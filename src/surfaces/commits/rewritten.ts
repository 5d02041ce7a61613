import type { Context } from '../../kernel/operation.ts';
import { codeIndex } from '../../rooms/code/ports.ts';
import { type Followings, followingOf, repoHere } from './link.ts';
import type { CommitSite } from './site.ts';

/** Bytes that git says to post-rewrite at most: a rebase of 100,000 commits. */
export const MAX_PAIRS = 16 << 20;

/** `<old> <new>` lines, as git writes them to post-rewrite; what is no pair of ids is left out. */
export function pairsOf(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [was = '', is = ''] = line.trim().split(/\s+/);
    if (/^[0-9a-f]{40,64}$/.test(was) && /^[0-9a-f]{40,64}$/.test(is) && was !== is) out.set(was, is);
  }
  return out;
}

/** Where each commit ends that was rewritten more than once: a rebase tells of its own part, `--exec` amends what it made. */
export function composed(pairs: ReadonlyMap<string, string>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [was, first] of pairs) {
    let is = first;
    for (const met = new Set([was]); pairs.has(is) && !met.has(is); is = pairs.get(is)!) met.add(is);
    out.set(was, is);
  }
  return out;
}

/** The refs of rewritten commits go where their commits went; several go to one where they were squashed. */
export async function follow(
  site: CommitSite,
  context: Context,
  pairs: ReadonlyMap<string, string>,
  all: Followings,
): Promise<void> {
  const repo = await repoHere(site, context);
  const index = await context.use(codeIndex);
  for (const row of await index.bySha([...pairs.keys()])) {
    const moved_to = pairs.get([...pairs.keys()].find(sha => sha.startsWith(row.sha ?? ' ')) ?? '');
    if (moved_to === undefined || !row.live || !isHere(row.repo, repo)) continue;
    const { add, gone } = followingOf(all, row.task_id);
    if (!add.some(one => one.sha === moved_to))
      add.push({ ref_type: 'commit', sha: moved_to, ...(row.repo === undefined ? {} : { repo: row.repo }) });
    gone.push({ code_ref_id: row.id, moved_to });
  }
}

/** True for a ref of this repository; one that names none is of the repository that keeps the book. */
export function isHere(named: string | undefined, here: string | undefined): boolean {
  return named === here;
}
