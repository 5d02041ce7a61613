import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, commit, name } from '../../kernel/stored.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

export const TODO_STATUSES = ['open', 'done', 'skipped', 'blocked'] as const;
export type TodoStatus = (typeof TODO_STATUSES)[number];
export const LOG_KINDS = ['change', 'deviation', 'progress', 'artifact', 'scan', 'command'] as const;
export type LogKind = (typeof LOG_KINDS)[number];
/** Todos that one task ever has, at most. */
export const MAX_TODOS = 1_000;
/** Paths that one log entry names, at most. */
export const MAX_LOG_PATHS = 200;

const logId = lazy(() => z.string().check(z.regex(/^l-[0-9a-z]{10}$/)));

/** What shows that a todo is done: at least one of them. */
const evidence = lazy(() =>
  z.strictObject({
    /** A commit among the task's live code refs. */
    commit: z.optional(commit()),
    /** A recorded command that ended with 0, or another entry of the work log. */
    log_id: z.optional(logId()),
    attachment_id: z.optional(z.string().check(z.regex(/^f-[0-9a-z]{10}$/))),
    /** Words: alone they are evidence only where the policy `text_evidence` says so. */
    text: z.optional(text()),
  }),
);
export type Evidence = z.infer<ReturnType<typeof evidence>>;

const todo = lazy(() =>
  z.strictObject({
    text: text(),
    /** How to see that it is done. */
    hint: z.optional(text()),
    /** Done without it, too. */
    optional: z.optional(z.boolean()),
    /** Version of the accepted plan that it came from; absent = added by hand. */
    plan: z.optional(z.int()),
    status: z.enum(TODO_STATUSES),
    evidence: z.optional(evidence()),
    /** Why it was skipped, or what blocks it. */
    reason: z.optional(text()),
    by: name(),
    at: clock(),
    /** Who last moved it, and when. */
    updated_by: name(),
    updated_at: clock(),
  }),
);
export type Todo = z.infer<ReturnType<typeof todo>>;

/** Key `todo-1`, `todo-2`, … within its task. */
export const todoRecord: RecordDef<Todo> = defineRecord<Todo>({
  kind: 'todo',
  room: 'todos',
  owner: plain(taskRecord),
  schema: todo,
  searched: ({ text: words, hint }) => ({ body: [words, hint].filter(Boolean).join('\n') }),
});

export const todoKey = (number: number): string => `todo-${number}`;

const log = lazy(() =>
  z.strictObject({
    kind: z.enum(LOG_KINDS),
    text: text(),
    /** Paths from the top of the repository, with what git says became of each (`A`, `M`, `D`, `R`). */
    paths: z.optional(
      z
        .array(
          z.strictObject({
            path: z.string().check(z.minLength(1), z.maxLength(1_024)),
            change: z.optional(z.string().check(z.maxLength(8))),
          }),
        )
        .check(z.maxLength(MAX_LOG_PATHS)),
    ),
    /** Paths that there was no room for. */
    more_paths: z.optional(z.int()),
    commit: z.optional(commit()),
    todo_id: z.optional(z.string().check(z.regex(/^todo-[1-9][0-9]{0,3}$/))),
    url: z.optional(z.string().check(z.regex(/^https?:\/\/\S+$/), z.maxLength(2_048))),
    /** Of a command that was run and measured here: never taken from an input. */
    command: z.optional(text()),
    exit_code: z.optional(z.nullable(z.int())),
    duration_ms: z.optional(z.int()),
    clean: z.optional(z.boolean()),
    output_sha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    output_tail: z.optional(z.string().check(z.maxLength(4_096))),
    by: name(),
    at: clock(),
  }),
);
export type WorkLog = z.infer<ReturnType<typeof log>>;

/** What was done on the way, in order; never changed. */
export const logRecord: RecordDef<WorkLog> = defineRecord<WorkLog>({
  kind: 'work_log',
  command: 'work',
  letter: 'l',
  room: 'log',
  owner: plain(taskRecord),
  schema: log,
  appendOnly: true,
  searched: ({ text: words, kind }) => ({ body: words, sort: kind }),
});
