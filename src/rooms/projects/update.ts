import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { key } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { projectFields } from './fields.ts';
import { parentProblem } from './laws.ts';
import { policyProblem } from './policy.ts';
import { type Project, projectRecord } from './record.ts';
import { showProject } from './show.ts';

const input = () => {
  const { title, status, charter, owner, parent, start_on, target_on, policy } = projectFields();
  return z.strictObject({
    project: key(),
    title: z.optional(title),
    status: z.optional(status),
    charter: z.optional(z.nullable(charter)),
    owner: z.optional(z.nullable(owner)),
    parent: z.optional(z.nullable(parent)),
    start_on: z.optional(z.nullable(start_on)),
    target_on: z.optional(z.nullable(target_on)),
    policy: z.optional(policy),
  });
};

export const update = defineOperation({
  name: 'project.update',
  kind: 'write',
  summary: 'Change a project; policy asks gates of all its tasks (maintainers and its owner); null takes a field away',
  input,
  positional: 'project',
  examples: [{ cli: 'ledgenter project update sweeper --status completed', says: 'it is over' }],
  subject: ({ project }) => `updated project ${project}`,
  async decide(view, { project, policy, ...given }, by) {
    const before =
      (await find(view, projectRecord, project)) ??
      refuse('NOT_FOUND', `there is no project ${project}`, { hint: 'ledgenter project query' });
    const after: Record<string, unknown> = { ...before };
    for (const [name, value] of Object.entries(given)) {
      if (value === null) delete after[name];
      else after[name] = name === 'owner' ? String(value).toLowerCase() : value;
    }
    if (policy) after.policy = { ...before.policy, ...policy };
    if (canonicalJson(after) === canonicalJson(before)) return { same: { project } };
    const { parent } = after as Project;
    const problem =
      parent === undefined || parent === before.parent ? undefined : await parentProblem(view, project, parent);
    if (problem !== undefined) refuse('BAD_INPUT', problem, { hint: 'ledgenter project query' });
    const record = { ...(after as Project), updated_at: by.at };
    const refused = await policyProblem(view, project, before, record, by.actor);
    if (refused !== undefined) refuse('NOT_MAINTAINER', refused);
    return { files: [projectRecord.put(project, record)], result: { project } };
  },
  show: ({ view }, { project }) => showProject(view, String(project)),
});
