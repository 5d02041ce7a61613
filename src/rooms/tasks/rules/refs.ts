import type { Finding } from '../../../kernel/law.ts';
import { find } from '../../lookup.ts';
import { projectRecord } from '../../projects/record.ts';
import { taskRecord } from '../record.ts';
import type { TaskChange, TaskRule } from './rule.ts';

const sortedOnce = (names: readonly string[]): boolean => names.every((name, i) => i === 0 || names[i - 1]! < name);

/** Ids that the change names and the state before did not. */
function gained({ before, after }: TaskChange): Set<string> {
  const names = (task: typeof after | undefined): string[] =>
    task ? [...task.depends_on, ...task.links.map(link => link.task_id), ...(task.parent ? [task.parent] : [])] : [];
  const old = new Set(names(before));
  return new Set(names(after).filter(name => !old.has(name)));
}

export const refsRule: TaskRule = {
  id: 'task.refs',
  brought: true,
  says: 'A task names only projects and tasks that exist, never itself, and each dependency, link and label once.',
  async check(change): Promise<Finding | undefined> {
    const { id, before, after, view } = change;
    const missing = (what: string, hint: string): Finding => ({
      code: 'NOT_FOUND',
      message: `there is no ${what}`,
      hint,
    });
    if (after.project !== undefined && after.project !== before?.project) {
      if (!(await find(view, projectRecord, after.project))) {
        return missing(`project ${after.project}`, `ledgenter project create ${after.project} --title '<title>'`);
      }
    }
    for (const name of gained(change)) {
      if (name === id) return { code: 'BAD_INPUT', message: `${id} cannot depend on or link to itself` };
      if (!(await find(view, taskRecord, name))) return missing(`task ${name}`, 'ledgenter task query');
    }
    const links = new Set(after.links.map(link => `${link.kind} ${link.task_id}`));
    if (!sortedOnce(after.depends_on) || !sortedOnce(after.labels) || links.size !== after.links.length) {
      return { message: `${id} names a dependency, link or label twice or out of order` };
    }
    return undefined;
  },
};
