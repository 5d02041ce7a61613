import * as z from 'zod/mini';
import { text, title } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

export const PROJECT_STATUSES = ['planned', 'active', 'paused', 'completed', 'archived', 'cancelled'] as const;

const policy = lazy(() =>
  z.strictObject({
    requires_evidence: z.optional(z.boolean()),
    resolution_required: z.optional(z.boolean()),
    requires_criteria: z.optional(z.boolean()),
    /** Time spent on its tasks is billed to somebody. */
    billable: z.optional(z.boolean()),
  }),
);
export type Policy = z.infer<ReturnType<typeof policy>>;

const project = lazy(() =>
  z.strictObject({
    title: title(),
    charter: z.optional(text()),
    status: z.enum(PROJECT_STATUSES),
    owner: z.optional(z.string()),
    /** Key of the project it is a part of. */
    parent: z.optional(z.string()),
    start_on: z.optional(z.string()),
    target_on: z.optional(z.string()),
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
