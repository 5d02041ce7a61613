import * as z from 'zod/mini';
import { text, title } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { day } from '../../kernel/stored.ts';
import { insidePath } from '../repos/fields.ts';

export const REPO_ROLES = ['primary', 'secondary'] as const;
/** Repositories of one project, at most. */
const MAX_REPOS = 50;
export const PROJECT_STATUSES = ['planned', 'active', 'paused', 'completed', 'archived', 'cancelled'] as const;

const policy = lazy(() =>
  z.strictObject({
    requires_evidence: z.optional(z.boolean()),
    resolution_required: z.optional(z.boolean()),
    requires_criteria: z.optional(z.boolean()),
    plan_required: z.optional(z.boolean()),
    validation_required: z.optional(z.boolean()),
    /** An agent may accept a plan that another wrote. */
    agents_accept_plans: z.optional(z.boolean()),
    /** Words alone are evidence that a todo is done. */
    text_evidence: z.optional(z.boolean()),
    /** Time spent on its tasks is billed to somebody. */
    billable: z.optional(z.boolean()),
  }),
);
export type Policy = z.infer<ReturnType<typeof policy>>;

const repoLink = lazy(() =>
  z.strictObject({
    /** Slug of a registered repository. */
    repo: z.string(),
    role: z.enum(REPO_ROLES),
    /** The project's part of a monorepo: folders or globs inside it, sorted. */
    paths: z.optional(z.array(insidePath()).check(z.minLength(1), z.maxLength(20))),
  }),
);
export type RepoLink = z.infer<ReturnType<typeof repoLink>>;

const project = lazy(() =>
  z.strictObject({
    title: title(),
    charter: z.optional(text()),
    status: z.enum(PROJECT_STATUSES),
    owner: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    /** Key of the project it is a part of. */
    parent: z.optional(z.string()),
    start_on: z.optional(day()),
    target_on: z.optional(day()),
    /** Where its work is done: primary first, then by slug. */
    repos: z.optional(z.array(repoLink()).check(z.minLength(1), z.maxLength(MAX_REPOS))),
    /** Gates asked of all its tasks. */
    policy: z.optional(policy()),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);
export type Project = z.infer<ReturnType<typeof project>>;

export const projectRecord: RecordDef<Project> = defineRecord<Project>({
  kind: 'project',
  room: 'projects',
  schema: project,
});
