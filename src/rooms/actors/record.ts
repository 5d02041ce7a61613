import * as z from 'zod/mini';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { keysSchema } from './keys.ts';

export const ACTOR_KINDS = ['agent', 'human', 'service'] as const;
export const ROLES = ['maintainer', 'member'] as const;

const actor = lazy(() =>
  z.strictObject({
    kind: z.enum(ACTOR_KINDS),
    role: z.enum(ROLES),
    /** What people call it. */
    name: z.optional(z.string().check(z.maxLength(200))),
    created_at: z.string(),
    /** Keys whose signatures prove that an entry is its own; absent where it has none. */
    keys: z.optional(keysSchema()),
    /** Entry up to which it has been told what others did; moved when a run of it ends, never by reading. */
    seen_through: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  }),
);
export type Actor = z.infer<ReturnType<typeof actor>>;

export const actorRecord: RecordDef<Actor> = defineRecord<Actor>({
  kind: 'actor',
  room: 'actors',
  schema: actor,
});
