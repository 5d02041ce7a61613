import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { description, keptBody } from './fields.ts';

const hash = () => z.string().check(z.regex(/^[0-9a-f]{64}$/));
const number = () => z.int().check(z.minimum(1));
const words = () => ({ description: description(), body: keptBody(), hash: hash() });

const skill = lazy(() =>
  z.strictObject({
    ...words(),
    version: number(),
    created_by: z.string(),
    created_at: z.string(),
    /** Who wrote the present version, and when; archiving changes neither. */
    updated_by: z.string(),
    updated_at: z.string(),
    archived: z.optional(z.strictObject({ by: z.string(), at: z.string() })),
  }),
);
export type Skill = z.infer<ReturnType<typeof skill>>;

/** A procedure that any agent can read: the present version; those before it lie in its folder. */
export const skillRecord: RecordDef<Skill> = defineRecord<Skill>({
  kind: 'skill',
  room: 'skills',
  file: 'skill.json',
  schema: skill,
});

const version = lazy(() => z.strictObject({ ...words(), by: z.string(), at: z.string() }));
export type SkillVersion = z.infer<ReturnType<typeof version>>;

/** What a skill said before it was changed, under its number. */
export const versionRecord: RecordDef<SkillVersion> = defineRecord<SkillVersion>({
  kind: 'skill_version',
  room: 'versions',
  owner: skillRecord as unknown as RecordDef<unknown>,
  schema: version,
  appendOnly: true,
});

/** SHA-256 over what a skill says, 64 hex digits: equal words of one skill have equal hashes in every clone. */
export function skillHash(slug: string, words: { description: string; body: string }): string {
  return sha256Hex(canonicalJson({ skill: slug, description: words.description, body: words.body }));
}

/** The present version as it is kept once there is a newer one. */
export function asVersion({ description, body, hash, updated_by, updated_at }: Skill): SkillVersion {
  return { description, body, hash, by: updated_by, at: updated_at };
}
