import { LedgerError } from '../../kernel/errors.ts';
import { MIN_PREFIX, prefixBody } from '../../kernel/ids.ts';
import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { follow } from '../../rooms/code/follow.ts';
import { TRAILER, trailersOf } from '../../rooms/code/trailers.ts';
import { repoNamed } from '../../rooms/repos/names.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import type { Commit } from './git.ts';
import { LinkedCommits } from './linked.ts';
import type { CommitSite } from './site.ts';
import { lineOf } from './told.ts';

/** What one entry does to the code refs of one task. */
export interface Following {
  add: { ref_type: 'commit'; sha: string; repo?: string }[];
  gone: { code_ref_id: string; moved_to?: string }[];
  back: string[];
}

/** What is to be written, task by task. */
export type Followings = Map<string, Following>;

export function followingOf(all: Followings, task: string): Following {
  const known = all.get(task) ?? { add: [], gone: [], back: [] };
  all.set(task, known);
  return known;
}

/** Changes of one kind that one entry takes at most, as its operation says. */
const MOST = 200;

/** How a ref names this repository: not at all in the one that keeps the book, else by slug, or by fingerprint. */
export async function repoHere({ own }: CommitSite, { view, who }: Context): Promise<string | undefined> {
  if (own || !who.checkout) return undefined;
  return (await repoNamed(view, who.checkout.fingerprint)) ?? who.checkout.fingerprint;
}

/** The whole id behind what a trailer says; undefined where no task, or more than one, begins so. */
export async function taskNamed(view: View, text: string): Promise<string | undefined> {
  const body = prefixBody('t', text);
  if (body === undefined || body.length < MIN_PREFIX) return undefined;
  const found = await view.matching(taskRecord, body);
  return found.length === 1 ? found[0] : undefined;
}

/** The name of the trailer here. */
export const trailerOf = ({ setting }: CommitSite): string => setting('trailer') ?? TRAILER;

/** The tasks that commits name, with each commit to be added to them. `unknown`: what was named and is not there. */
export async function named(
  site: CommitSite,
  context: Context,
  commits: readonly Commit[],
): Promise<{ all: Followings; closes: Map<string, string>; unknown: string[] }> {
  const all: Followings = new Map();
  const closes = new Map<string, string>();
  const unknown: string[] = [];
  const repo = await repoHere(site, context);
  for (const { sha, message } of commits) {
    const { tasks, closes: ends } = trailersOf(message, trailerOf(site));
    for (const text of new Set([...tasks, ...ends])) {
      const task = await taskNamed(context.view, text);
      if (task === undefined) unknown.push(text);
      else {
        const { add } = followingOf(all, task);
        if (!add.some(one => one.sha === sha))
          add.push({ ref_type: 'commit', sha, ...(repo === undefined ? {} : { repo }) });
        if (ends.includes(text)) closes.set(task, sha);
      }
    }
  }
  return { all, closes, unknown };
}

/**
 * Writes what was found, one entry a task. What another holds is left to its holder, whose own hooks see the same.
 * @returns what to say of each task: `linked 3f2a9c1 to t-…`, or why not
 */
export async function write(site: CommitSite, all: Followings): Promise<{ wrote: string[]; refused: string[] }> {
  const out = { wrote: [] as string[], refused: [] as string[] };
  const linked = new LinkedCommits(site.commonDir);
  for (const [task_id, following] of all) {
    for (const part of partsOf(following)) {
      try {
        const { added } = (await site.perform(follow, { task_id, ...part })) as unknown as { added?: string[] };
        linked.add((part.add ?? []).map(({ sha }) => sha));
        if (added && added.length > 0) out.wrote.push(`linked ${shown(part.add ?? [], added.length)} to ${task_id}`);
      } catch (error) {
        if (error instanceof LedgerError && error.code === 'INTERNAL') throw error;
        out.refused.push(`${task_id} was not linked: ${lineOf(error)}`);
      }
    }
  }
  return out;
}

/** One entry, or as many as it takes: new commits first, because where an old one went must be there to be named. */
function partsOf({ add, gone, back }: Following): Partial<Following>[] {
  const small = add.length <= MOST && gone.length <= MOST && back.length <= MOST;
  const filled = (part: Partial<Following>): Partial<Following> =>
    Object.fromEntries(Object.entries(part).filter(([, list]) => list.length > 0));
  if (small) return [filled({ add, gone, back })].filter(part => Object.keys(part).length > 0);
  const cut = <T>(list: readonly T[]): T[][] =>
    Array.from({ length: Math.ceil(list.length / MOST) }, (_, at) => list.slice(at * MOST, (at + 1) * MOST));
  return [
    ...cut(add).map(part => ({ add: part })),
    ...cut(gone).map(part => ({ gone: part })),
    ...cut(back).map(part => ({ back: part })),
  ];
}

const shown = (add: Following['add'], count: number): string =>
  add.length === 1 ? add[0]!.sha.slice(0, 12) : count === 1 ? 'a commit' : `${count} commits`;
