import * as z from 'zod/mini';
import { isFingerprint } from '../../kernel/fingerprint.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { branchName, storedUrl } from './fields.ts';

const repo = lazy(() =>
  z.strictObject({
    /** Web or ssh address without credentials; absent for one that only paths lead to. */
    remote_url: z.optional(storedUrl()),
    default_branch: z.optional(branchName()),
    /** One name for the repository, whatever the form of its address: `github/acme/parser`, `local/<slug>`. */
    fingerprint: z.string().check(z.refine(isFingerprint, { error: 'is no fingerprint' })),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);
export type Repo = z.infer<ReturnType<typeof repo>>;

/** A repository that work is done in. It has no place for a path of anybody's machine. */
export const repoRecord: RecordDef<Repo> = defineRecord<Repo>({ kind: 'repo', room: 'repos', schema: repo });
