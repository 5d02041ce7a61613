import * as z from 'zod/mini';
import { text, title } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock } from '../../kernel/stored.ts';
import { pathProblem, plainPath } from './paths.ts';

/** Most options, paths or tasks of one decision. */
export const MAX_LIST = 50;

const path = lazy(() =>
  z.string().check(
    z.refine(value => pathProblem(value) === undefined && plainPath(value) === value, {
      error: 'is no path inside a repository',
    }),
  ),
);
const few = lazy(() => z.maxLength(MAX_LIST));

const decision = lazy(() =>
  z.strictObject({
    title: title(),
    /** What was decided. */
    choice: text(),
    rationale: text(),
    /** What else was weighed. */
    options: z.optional(z.array(text()).check(few())),
    /** The ruling that this one replaces. */
    supersedes: z.optional(z.string()),
    /** Files that it rules: paths or patterns inside a repository, sorted, each once. */
    paths: z.optional(z.array(path()).check(few())),
    /** Slug of that repository; absent = any. */
    repo: z.optional(z.string()),
    project: z.optional(z.string()),
    /** Tasks that it bears on, sorted, each once. */
    task_ids: z.optional(z.array(z.string()).check(few())),
    by: z.string(),
    at: clock(),
  }),
);
export type Decision = z.infer<ReturnType<typeof decision>>;

/** A ruling: what was chosen and why. It stays as it was said; another may supersede it. */
export const decisionRecord: RecordDef<Decision> = defineRecord<Decision>({
  kind: 'decision',
  letter: 'd',
  room: 'decisions',
  file: 'decision.json',
  schema: decision,
  appendOnly: true,
  searched: ({ title, choice, rationale, options = [], paths, project, supersedes }) => ({
    title,
    body: [choice, rationale, ...options].join('\n'),
    tags: paths,
    project,
    replaces: supersedes,
  }),
});

const superseded = lazy(() => z.strictObject({ by: z.string() }));
export type Superseded = z.infer<ReturnType<typeof superseded>>;

/** Lies in the folder of a ruling that is history, once, under the name {@link MARK}: a second one cannot be put there. */
export const supersededRecord: RecordDef<Superseded> = defineRecord<Superseded>({
  kind: 'superseded',
  room: 'superseded',
  owner: decisionRecord as unknown as RecordDef<unknown>,
  schema: superseded,
  appendOnly: true,
});
export const MARK = 'by';
