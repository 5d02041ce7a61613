import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { repoRecord } from '../repos/record.ts';
import { taskRecord } from '../tasks/record.ts';
import { type Decision, decisionRecord, MARK, supersededRecord } from './record.ts';

const sortedOnce = (names: readonly string[] | undefined): boolean =>
  !names || (names.length > 0 && names.every((name, i) => i === 0 || names[i - 1]! < name));

/** Why a new decision names what is not there, or names it badly; undefined when it is good. */
export async function formFinding(view: View, id: string, decision: Decision): Promise<Finding | undefined> {
  const { project, task_ids, paths, repo } = decision;
  if (!sortedOnce(task_ids) || !sortedOnce(paths))
    return { message: `${id} names a path or task twice or out of order` };
  if (project !== undefined && !(await find(view, projectRecord, project))) {
    return { code: 'NOT_FOUND', message: `there is no project ${project}`, hint: 'ledgenter project query' };
  }
  if (repo !== undefined && !(await find(view, repoRecord, repo)))
    return { code: 'NOT_FOUND', message: `there is no repository ${repo}`, hint: 'ledgenter repo query' };
  for (const task of task_ids ?? []) {
    if (!(await find(view, taskRecord, task)))
      return { code: 'NOT_FOUND', message: `there is no task ${task}`, hint: 'ledgenter task query' };
  }
  return undefined;
}

/** Why the decision `id` cannot supersede `old` in a ledger that was `was`; undefined when it can. */
export async function supersedeFinding(was: View, id: string, old: string): Promise<Finding | undefined> {
  if (old === id) return { code: 'BAD_INPUT', message: `${id} cannot supersede itself` };
  if (!(await find(was, decisionRecord, old)))
    return { code: 'NOT_FOUND', message: `there is no decision ${old}`, hint: 'ledgenter decision query' };
  const mark = await find(was, supersededRecord, MARK, old);
  return mark
    ? {
        message: `${old} is superseded already, by ${mark.by}: supersede that one, or read it first`,
        hint: `ledgenter decision get ${mark.by}`,
      }
    : undefined;
}
