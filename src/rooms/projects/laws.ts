import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { unsignedFinding } from '../actors/powers.ts';
import { authorFinding } from '../authored.ts';
import { find } from '../lookup.ts';
import { linksProblem } from './links.ts';
import { isForeignPolicy, policyProblem } from './policy.ts';
import { projectRecord } from './record.ts';

/** Projects above a project, at most. */
const MAX_DEPTH = 32;

/** Why `parent` cannot be the parent of the project `key`; undefined when it can. */
export async function parentProblem(view: View, key: string, parent: string): Promise<string | undefined> {
  const path = [key];
  for (let at: string | undefined = parent; at !== undefined; at = (await find(view, projectRecord, at))?.parent) {
    path.push(at);
    if (at === key) return `${key} would be its own parent: ${path.join(' → ')}`;
    if (path.length > MAX_DEPTH) return `${key} would lie under more than ${MAX_DEPTH} projects`;
    if (!(await find(view, projectRecord, at))) return `there is no project ${at}`;
  }
  return undefined;
}

export const projectLaws: Law[] = [
  defineRecordLaw({
    id: 'project.form',
    says: 'A project has a parent that exists and is not below it, and the author and times of its entries.',
    enforcedBy: 'rooms/projects.test.ts',
    on: projectRecord,
    async check({ id, before, after }, { after: view, entry }) {
      if (!after) return undefined; // record.kept names it
      const found = authorFinding(id, before, after, entry.intent);
      if (found) return found;
      if (after.parent === undefined || after.parent === before?.parent) return undefined;
      const problem = await parentProblem(view, id, after.parent);
      return problem === undefined ? undefined : { message: problem, hint: 'ledgenter project query' };
    },
  }),
  defineRecordLaw({
    id: 'project.repos',
    says: 'A project names registered repositories, each once, at most one of them as primary, in order.',
    enforcedBy: 'rooms/repos.test.ts',
    on: projectRecord,
    check({ id, after }, { after: view }) {
      return after?.repos === undefined ? undefined : linksProblem(view, id, after);
    },
  }),
  defineRecordLaw({
    id: 'project.policy',
    says: 'Owner and policy of a project are changed by its owner (its author where it has none) or a maintainer, signed where that maintainer has keys.',
    enforcedBy: 'rooms/projects.test.ts',
    on: projectRecord,
    async check({ id, before, after }, transition) {
      if (!before || !after) return undefined;
      const { actor } = transition.entry.intent;
      const problem = await policyProblem(transition.before, id, before, after, actor);
      if (problem !== undefined) return { code: 'NOT_MAINTAINER', message: problem };
      if (!isForeignPolicy(before, after, actor)) return undefined;
      return unsignedFinding(transition, `a change of owner or policy of ${id}`);
    },
  }),
];
