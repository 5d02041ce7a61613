import type { Context } from '../../kernel/operation.ts';
import { type CodeRow, codeIndex } from '../../rooms/code/ports.ts';
import { trailersOf } from '../../rooms/code/trailers.ts';
import { defaultTips } from './branch.ts';
import { close } from './closing.ts';
import { type Commit, log, present, tips as tipsOf, unreached } from './git.ts';
import { type Followings, followingOf, named, repoHere, trailerOf, write } from './link.ts';
import { LinkedCommits } from './linked.ts';
import { isHere } from './rewritten.ts';
import type { CommitSite } from './site.ts';
import { squashed } from './squashed.ts';
import { readSeen, type Seen, writeSeen } from './state.ts';

/** Commits that one look takes in, and linked commits that it compares with git, the newest first. */
const MOST_COMMITS = 2_000;
const MOST_ROWS = 5_000;

/**
 * Compares the code refs with git: commits that came in without hooks are linked by the lines of their message, else by what
 * they change; refs are live while a branch or tag reaches their commit. Only what changed since this clone looked last is
 * told, so that two clones with other branches do not contradict each other for ever.
 * @param pending what the caller knows already, written together with what is found
 */
export async function watch(
  site: CommitSite,
  context: Context,
  options: { pending?: Followings; force?: boolean } = {},
): Promise<string[]> {
  const began = Date.now();
  const all: Followings = options.pending ?? new Map();
  const tips = await tipsOf(site.cwd);
  const before = readSeen(site.commonDir, site.ledger);
  const linked = new LinkedCommits(site.commonDir);
  if (!options.force && before && all.size === 0 && !linked.lookAgain && sameTips(before.tips, tips)) {
    writeSeen(site.commonDir, site.ledger, before, began);
    return [];
  }
  linked.looked();
  const main = await defaultTips(site, context);
  const arrived = before ? await since(site.cwd, tips, before.tips) : [];
  const ends = before ? await since(site.cwd, main, before.main) : [];
  const found = await named(site, context, arrived);
  for (const [task, { add }] of found.all) {
    const known = followingOf(all, task).add;
    known.push(...add.filter(({ sha }) => !known.some(one => one.sha === sha)));
  }
  const rows = await rowsHere(site, context);
  const silent = ends.filter(({ message }) => isSilent(message, trailerOf(site)));
  for (const [row, sha] of await squashed(site.cwd, main, silent, rows)) {
    const { add } = followingOf(all, row.task_id);
    if (!add.some(one => one.sha === sha))
      add.push({ ref_type: 'commit', sha, ...(row.repo === undefined ? {} : { repo: row.repo }) });
  }
  // Most of what comes in was linked by whoever made it.
  for (const [task, following] of all)
    following.add = following.add.filter(({ sha }) => !rows.get(sha)?.some(row => row.task_id === task && row.live));
  await dropLost(site.cwd, all);
  const reached = await mark(site, rows, before, all);
  const { wrote, refused } = await write(site, all);
  const closing = (await named(site, context, ends)).closes;
  const said = await close(site, context, closing);
  writeSeen(site.commonDir, site.ledger, { tips, main, reached }, began);
  return [...wrote, ...(options.pending ? refused : []), ...said];
}

const sameTips = (old: readonly string[], now: readonly string[]): boolean =>
  old.length === now.length && now.every(tip => old.includes(tip));

const isSilent = (message: string, trailer: string): boolean => {
  const { tasks, closes } = trailersOf(message, trailer);
  return tasks.length + closes.length === 0;
};

/** Commits that these tips reach and the old ones did not, newest first; an old one that is gone excludes nothing. */
async function since(cwd: string, tips: readonly string[], old: readonly string[]): Promise<Commit[]> {
  const fresh = tips.filter(tip => !old.includes(tip));
  if (fresh.length === 0) return [];
  const lines = [...fresh, ...old.map(tip => `^${tip}`)];
  return log(cwd, [`--max-count=${MOST_COMMITS}`, '--ignore-missing', '--stdin'], `${lines.join('\n')}\n`);
}

/** Linked commits of this repository that are here, by whole id. */
async function rowsHere(site: CommitSite, context: Context): Promise<Map<string, CodeRow[]>> {
  const repo = await repoHere(site, context);
  const rows = (await (await context.use(codeIndex)).rows({ ref_type: 'commit' }))
    .filter(row => row.sha !== undefined && isHere(row.repo, repo))
    .slice(0, MOST_ROWS);
  const whole = await present(site.cwd, [...new Set(rows.map(row => row.sha!))]);
  const out = new Map<string, CodeRow[]>();
  for (const row of rows) {
    const sha = whole.get(row.sha!);
    if (sha !== undefined) out.set(sha, [...(out.get(sha) ?? []), row]);
  }
  return out;
}

/** A commit that was made on the way and that nothing reaches (`rebase --exec`, `edit`) stands for nothing. */
async function dropLost(cwd: string, all: Followings): Promise<void> {
  const lost = await unreached(cwd, [...new Set([...all.values()].flatMap(({ add }) => add.map(({ sha }) => sha)))]);
  if (lost.size === 0) return;
  for (const following of all.values()) {
    following.add = following.add.filter(({ sha }) => !lost.has(sha));
    following.gone = following.gone.map(({ moved_to, ...one }) =>
      moved_to === undefined || lost.has(moved_to) ? one : { ...one, moved_to },
    );
  }
}

/** Adds to `all` what became live, or is so no more; answers what was reached, for the next look. */
async function mark(
  { cwd, commonDir }: CommitSite,
  rows: ReadonlyMap<string, readonly CodeRow[]>,
  before: Seen | undefined,
  all: Followings,
): Promise<Seen['reached']> {
  const lost = await unreached(cwd, [...rows.keys()]);
  const linked = new LinkedCommits(commonDir);
  const reached: Seen['reached'] = {};
  const moving = new Set([...all.values()].flatMap(({ gone }) => gone.map(({ code_ref_id }) => code_ref_id)));
  for (const [sha, refs] of rows) {
    const is = !lost.has(sha);
    const was = before?.reached[sha];
    reached[sha] = is;
    for (const row of refs) {
      if (moving.has(row.id) || row.live === is) continue;
      // Told when it is seen to change, or of what this clone linked itself: another clone may see it otherwise.
      if (
        is
          ? was === true || (row.moved_to !== undefined && reaches(row.moved_to, rows, lost))
          : was !== true && !linked.has(sha)
      )
        continue;
      const following = followingOf(all, row.task_id);
      if (is) following.back.push(row.id);
      else following.gone.push({ code_ref_id: row.id, ...placeOf(row, following.add, rows, lost) });
    }
  }
  return reached;
}

/** The commit that took the place of a rewritten one is still there: then the old one stays history, whoever keeps it. */
function reaches(sha: string, rows: ReadonlyMap<string, unknown>, lost: ReadonlySet<string>): boolean {
  const whole = [...rows.keys()].find(one => one.startsWith(sha));
  return whole !== undefined && !lost.has(whole);
}

/** Where a commit went that nothing reaches any more: the one other commit of its task that is new, or that is left. */
function placeOf(
  row: CodeRow,
  add: readonly { sha: string }[],
  rows: ReadonlyMap<string, readonly CodeRow[]>,
  lost: ReadonlySet<string>,
): { moved_to?: string } {
  const left = [...rows].filter(
    ([sha, refs]) =>
      !lost.has(sha) && refs.some(({ task_id, live, at }) => live && task_id === row.task_id && at >= row.at),
  );
  const one = add.length === 1 ? add[0]!.sha : add.length === 0 && left.length === 1 ? left[0]![0] : undefined;
  return one === undefined ? {} : { moved_to: one };
}
