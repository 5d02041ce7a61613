import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock } from '../../kernel/stored.ts';

const release = lazy(() =>
  z.strictObject({
    /** The finished task at whose end the release lies; without it, the release ends where it was tagged. */
    at_task: z.optional(z.string()),
    /** When that task was finished, as it said then: finished anew, it is another boundary. */
    finished_at: z.optional(clock()),
    /** The commit of the code that was released, whole. */
    at_commit: z.optional(z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
    note: z.optional(text()),
    /** A git tag of the same name was made with it, at `at_commit`. */
    git_tag: z.optional(z.literal(true)),
    /** The release before this one; only the first has none. */
    previous: z.optional(z.string()),
    by: z.string(),
    at: clock(),
  }),
);
export type Release = z.infer<ReturnType<typeof release>>;

/** What was released, by its version. It stays as it was tagged. */
export const releaseRecord: RecordDef<Release> = defineRecord<Release>({
  kind: 'release',
  room: 'releases',
  schema: release,
  appendOnly: true,
});
