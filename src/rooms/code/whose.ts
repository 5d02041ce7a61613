import { prefixBody } from '../../kernel/ids.ts';
import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { nameOf } from '../repos/fields.ts';
import { repoNamed } from '../repos/names.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { type CodeRow, codeIndex, type SiteCommit } from './ports.ts';
import { placeOf, sameCommit } from './refs.ts';
import { trailersOf } from './trailers.ts';

/** Characters of a commit id that tell it apart in any repository that people work in. */
export const SHORT = 12;

/** A task behind some code, and how it is known to be. */
export interface Owner {
  id: string;
  task: Task;
  /** `code_ref`: a ref to the commit; `trailer`: a line of its message; `file`: a ref to the file. */
  by: 'code_ref' | 'trailer' | 'file';
  /** Those of the commits that lead to it, cut. */
  commits: string[];
}

export interface Owners {
  owners: Owner[];
  /** Ids that messages name and nobody here knows. */
  unknown: string[];
}

/**
 * The tasks of commits, in the order of the commits: by code refs, of rewritten commits too; where there is none, by the
 * `Task:` lines of the message.
 */
export async function ownersOf(context: Context, commits: readonly SiteCommit[], trailer: string): Promise<Owners> {
  const { view } = context;
  const rows = await (await context.use(codeIndex)).bySha(commits.map(({ sha }) => sha));
  const owners = new Map<string, Owner>();
  const unknown = new Set<string>();
  for (const { sha, message } of commits) {
    const refs = rows.filter(row => sameCommit(row.sha ?? '', sha));
    for (const { task_id } of refs) await own(view, owners, task_id, 'code_ref', sha);
    if (refs.length > 0) continue;
    const { tasks, closes } = trailersOf(message, trailer);
    for (const name of new Set([...tasks, ...closes])) {
      const id = await taskNamed(view, name);
      if (id === undefined) unknown.add(name);
      else await own(view, owners, id, 'trailer', sha);
    }
  }
  return { owners: [...owners.values()], unknown: [...unknown] };
}

/** The tasks with a live ref to a file, or to a folder it lies in; with lines, to some of them. */
export async function ownersOfFile(
  context: Context,
  path: string,
  lines?: readonly [number, number],
): Promise<Owner[]> {
  const { view, who } = context;
  const rows = await (await context.use(codeIndex)).rows({ ref_type: 'file', live: true });
  const owners = new Map<string, Owner>();
  for (const row of rows) {
    if (covers(row, path, lines) && (await isHere(view, row, who.checkout?.fingerprint)))
      await own(view, owners, row.task_id, 'file');
  }
  return [...owners.values()];
}

async function own(view: View, owners: Map<string, Owner>, id: string, by: Owner['by'], sha?: string): Promise<void> {
  const known = owners.get(id);
  const task = known?.task ?? (await view.get(taskRecord, id));
  if (!task) return;
  const commits = [...(known?.commits ?? []), ...(sha === undefined ? [] : [sha.slice(0, SHORT)])];
  owners.set(id, { id, task, by: known?.by ?? by, commits });
}

/** The one task whose id begins so. */
async function taskNamed(view: View, name: string): Promise<string | undefined> {
  const body = prefixBody(taskRecord.letter, name);
  const found = body === undefined ? [] : await view.matching(taskRecord, body);
  return found.length === 1 ? found[0] : undefined;
}

function covers({ name = '' }: CodeRow, path: string, lines?: readonly [number, number]): boolean {
  const place = placeOf(name);
  const at = place.path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  if (at !== path && at !== '.' && !path.startsWith(`${at}/`)) return false;
  const { from, to } = place;
  return from === undefined || to === undefined || !lines || (from <= lines[1] && to >= lines[0]);
}

/** True for a ref without a repository, and for one of the repository that the caller stands in. */
async function isHere(view: View, { repo }: CodeRow, fingerprint: string | undefined): Promise<boolean> {
  if (repo === undefined || fingerprint === undefined) return true;
  if (nameOf(repo) === fingerprint) return true;
  const slug = await repoNamed(view, repo);
  return slug !== undefined && slug === (await repoNamed(view, fingerprint));
}
