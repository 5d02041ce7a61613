import type { Context } from '../../kernel/operation.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { repoNamed } from '../repos/names.ts';
import { codeRefRecord, type Task } from '../tasks/record.ts';
import { covers, narrowness } from './paths.ts';
import { type Ruling, rulings } from './table.ts';

/** Rulings shown with a task, and characters of their words in all: about 150 tokens. */
const SHOWN = 5;
const BUDGET = 300;
/** Projects above a task's own, at most. */
const MAX_DEPTH = 32;

/** A file at hand: one that a code ref of the task names, or the caller; `repo` where it is known. */
interface FileAtHand {
  path: string;
  repo?: string | undefined;
}

export interface Bearing {
  rulings?: { id: string; says: string }[];
  more_rulings?: number;
}

/**
 * The rulings that bear on a task, cut to a budget: those linked to it, then those whose paths cover its files or the
 * given ones, narrowest first. `{}` when there is none.
 */
export function bearing(context: Context, id: string, task: Task, paths: readonly string[] = []): Promise<Bearing> {
  return bearingOn(context, [{ id, task }], paths);
}

/** The same for several tasks, or for none but files. */
export async function bearingOn(
  context: Context,
  tasks: readonly { id: string; task: Task }[],
  paths: readonly string[],
): Promise<Bearing> {
  const all = await rulings(context);
  if (all.length === 0) return {};
  const { view, who } = context;
  const here = who.checkout && (await repoNamed(view, who.checkout.fingerprint));
  const ids = tasks.map(({ id }) => id);
  const files: FileAtHand[] = paths.map(path => ({ path, repo: here }));
  for (const id of ids) files.push(...(await filesOf(context, id)));
  const projects = new Set<string>();
  for (const { task } of tasks) for (const one of await projectsOf(context, task.project)) projects.add(one);
  const found = all
    .map(ruling => ({ ruling, rank: rankOf(ruling, ids, files, projects) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  const shown = found.slice(0, SHOWN);
  if (shown.length === 0) return {};
  const each = Math.floor(BUDGET / shown.length);
  return {
    rulings: shown.map(({ ruling: { id: ruling, title, choice } }) => {
      const says = `${title}: ${choice.replace(/\s+/g, ' ')}`;
      return { id: ruling, says: cut(says, each) ?? says };
    }),
    ...(found.length > shown.length ? { more_rulings: found.length - shown.length } : {}),
  };
}

async function filesOf({ view }: Context, id: string): Promise<FileAtHand[]> {
  const refs = await view.all(codeRefRecord, id);
  const files: FileAtHand[] = [];
  for (const { record } of refs) {
    const { ref_type, name, repo, live } = record;
    if (!live || ref_type !== 'file' || name === undefined) continue;
    const slug = repo === undefined ? undefined : ((await repoNamed(view, repo)) ?? repo);
    files.push({ path: name.replace(/:\d+(-\d+)?$/, ''), repo: slug });
  }
  return files;
}

/** The task's project and those above it. */
async function projectsOf({ view }: Context, project: string | undefined): Promise<Set<string>> {
  const above = new Set<string>();
  for (let at = project; at !== undefined && above.size < MAX_DEPTH && !above.has(at); ) {
    above.add(at);
    at = (await find(view, projectRecord, at))?.parent;
  }
  return above;
}

/** 0: it does not bear on the tasks. A ruling of another project's files in no named repository is about other files. */
function rankOf(ruling: Ruling, ids: readonly string[], files: readonly FileAtHand[], projects: Set<string>): number {
  if (ruling.task_ids?.some(id => ids.includes(id))) return Number.POSITIVE_INFINITY;
  const { repo, project, paths = [] } = ruling;
  const elsewhere = repo === undefined && project !== undefined && projects.size > 0 && !projects.has(project);
  if (elsewhere) return 0;
  const here = files.filter(file => repo === undefined || file.repo === undefined || file.repo === repo);
  const covering = paths.filter(pattern => here.some(file => covers(pattern, file.path)));
  return Math.max(0, ...covering.map(pattern => 1 + narrowness(pattern)));
}
