import * as z from 'zod/mini';
import { key } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { projectFields } from './fields.ts';
import { parentProblem } from './laws.ts';
import { type Project, projectRecord } from './record.ts';
import { showProject } from './show.ts';

const input = () => {
  const { title, ...rest } = projectFields();
  return z.strictObject({ project: key(), title, ...z.partial(z.strictObject(rest)).shape });
};

export const create = defineOperation({
  name: 'project.create',
  kind: 'write',
  creates: true,
  summary: 'Create a project under a short key, which its tasks name',
  input,
  positional: 'project',
  examples: [{ cli: "ledgenter project create sweeper --title 'The sweeper'", says: 'a project for tasks' }],
  subject: ({ project, title }) => `created project ${project} ${title}`,
  async decide(view, { project, ...given }, by) {
    if ((await view.get(projectRecord, project)) !== undefined) {
      refuse('REFUSED', `there is a project ${project} already`, {
        hint: `ledgenter project query --project ${project}`,
      });
    }
    const problem = given.parent === undefined ? undefined : await parentProblem(view, project, given.parent);
    if (problem !== undefined) refuse('BAD_INPUT', problem, { hint: 'ledgenter project query' });
    const { owner, ...rest } = given;
    const record: Project = {
      ...rest,
      ...(owner === undefined ? {} : { owner: owner.toLowerCase() }),
      status: given.status ?? 'active',
      created_by: by.actor,
      created_at: by.at,
      updated_at: by.at,
    };
    return { files: [projectRecord.put(project, record)], result: { project } };
  },
  show: ({ view }, { project }) => showProject(view, String(project)),
});
