import type { CodeRow } from '../../rooms/code/ports.ts';
import { branches, type Commit, patchBetween, patchesOf, tryGit, unreached } from './git.ts';

/** Commits of the default branch that are looked at, and branches compared with them: each costs git some ms. */
const MOST_COMMITS = 200;
const MOST_TIPS = 24;

/**
 * What a host's squash or rebase button made of linked commits where it left no trailer: the same change as one linked
 * commit, or as all of a branch that holds some (`git patch-id`). Answers the new commit for each row whose change it makes.
 * @param arrived commits that are new on the default branch and name no task
 * @param rows linked commits that are here, by whole id
 */
export async function squashed(
  cwd: string,
  main: readonly string[],
  arrived: readonly Commit[],
  rows: ReadonlyMap<string, readonly CodeRow[]>,
): Promise<Map<CodeRow, string>> {
  const out = new Map<CodeRow, string>();
  const single = arrived.filter(({ parents }) => parents.length === 1).slice(0, MOST_COMMITS);
  const waiting = [...(await unreached(cwd, [...rows.keys()], main))].slice(0, MOST_COMMITS);
  if (single.length === 0 || waiting.length === 0) return out;
  const made = new Map(
    [
      ...(await patchesOf(
        cwd,
        single.map(({ sha }) => sha),
      )),
    ].map(([sha, patch]) => [patch, sha]),
  );
  const match = (sha: string, patch: string | undefined): void => {
    const by = patch === undefined ? undefined : made.get(patch);
    if (by !== undefined) for (const row of rows.get(sha) ?? []) if (!out.has(row)) out.set(row, by);
  };
  for (const [sha, patch] of await patchesOf(cwd, waiting)) match(sha, patch);
  for (const tip of await tipsOver(cwd, main, waiting)) {
    const base = (await tryGit(cwd, ['merge-base', tip, main[0]!]))?.trim();
    if (!base) continue;
    const patch = await patchBetween(cwd, base, tip);
    if (patch === undefined || !made.has(patch)) continue;
    const inside = new Set((await tryGit(cwd, ['rev-list', tip, `^${base}`]))?.split('\n'));
    for (const sha of waiting) if (inside.has(sha)) match(sha, patch);
  }
  return out;
}

/** Where a branch with linked commits may have ended when it was squashed: its tip, or the last linked commit of one that is gone. */
async function tipsOver(cwd: string, main: readonly string[], waiting: readonly string[]): Promise<string[]> {
  const tips = [...new Set((await branches(cwd)).values())].filter(tip => !main.includes(tip));
  return [...new Set([...waiting.slice(0, MOST_TIPS), ...tips.slice(0, MOST_TIPS)])];
}
