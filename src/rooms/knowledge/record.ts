import * as z from 'zod/mini';
import { text, title, word } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock } from '../../kernel/stored.ts';

/** `introduction`: what somebody reads before a task that it is linked to. */
export const KNOWLEDGE_KINDS = ['note', 'finding', 'runbook', 'reference', 'introduction'] as const;
export type KnowledgeKind = (typeof KNOWLEDGE_KINDS)[number];
/** Most tags of one entry. */
export const MAX_TAGS = 50;

/** What an entry says: every change of it is a revision. */
const words = () => ({
  title: title(),
  body: text(),
  kind: z.enum(KNOWLEDGE_KINDS),
  /** Lower case, sorted, each once. */
  tags: z.array(word()).check(z.maxLength(MAX_TAGS)),
  project: z.optional(z.string()),
});

const knowledge = lazy(() =>
  z.strictObject({
    ...words(),
    /** From 1; each change of what it says, and each return from the archive, is one more. */
    revision: z.int().check(z.minimum(1)),
    created_by: z.string(),
    created_at: clock(),
    /** Who wrote the present revision, and when; archiving changes neither. */
    updated_by: z.string(),
    updated_at: clock(),
    archived: z.optional(z.strictObject({ by: z.string(), at: clock() })),
  }),
);
export type Knowledge = z.infer<ReturnType<typeof knowledge>>;

/** A page of the team's wiki: the present revision; those before it lie in its folder. */
export const knowledgeRecord: RecordDef<Knowledge> = defineRecord<Knowledge>({
  kind: 'knowledge',
  letter: 'w',
  room: 'knowledge',
  file: 'knowledge.json',
  schema: knowledge,
  searched: ({ title, body, tags, project, kind, archived }) => ({
    title,
    body,
    tags,
    project,
    sort: kind,
    hidden: archived !== undefined,
  }),
});

const revision = lazy(() => z.strictObject({ ...words(), by: z.string(), at: clock() }));
export type Revision = z.infer<ReturnType<typeof revision>>;

/** What an entry said before it was revised, under its number. */
export const revisionRecord: RecordDef<Revision> = defineRecord<Revision>({
  kind: 'revision',
  room: 'revisions',
  owner: knowledgeRecord as unknown as RecordDef<unknown>,
  schema: revision,
  appendOnly: true,
});

/** The present revision as it is kept once there is a newer one. */
export function asRevision({ title, body, kind, tags, project, updated_by, updated_at }: Knowledge): Revision {
  return { title, body, kind, tags, ...(project === undefined ? {} : { project }), by: updated_by, at: updated_at };
}
