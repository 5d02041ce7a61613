import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { MAX_DURATION, text, title, word } from '../../kernel/fields.ts';
import { holdSchema } from '../../kernel/hold.ts';
import { MAX_REFERENCE } from '../../kernel/intake.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, day, name } from '../../kernel/stored.ts';
import { parseDuration } from '../../kernel/time.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';

export const STATUSES = ['open', 'in_progress', 'blocked', 'in_review', 'done', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];
/** Statuses that end a task; nothing claims it until somebody reopens it. */
export const FINAL: readonly Status[] = ['done', 'cancelled'];

export const LINK_KINDS = ['related', 'duplicates', 'supersedes', 'discovered_from'] as const;
export const NOTE_KINDS = ['note', 'progress', 'blocker', 'decision', 'resolution', 'comment'] as const;
export const REF_TYPES = ['commit', 'branch', 'tag', 'pr', 'file'] as const;
export type RefType = (typeof REF_TYPES)[number];
/** What a pull request is in; `unknown`: its host said something that nobody here knows. */
export const PR_STATES = ['open', 'draft', 'merged', 'closed', 'unknown'] as const;
export type PrState = (typeof PR_STATES)[number];

/** What was done to a file, in one word. */
export const CHANGE_KIND = /^[a-z][a-z_-]{0,31}$/;

/** Most entries of one list inside a task. */
export const MAX_LIST = 200;
/** Most things that an adopted task leaves behind: a parent, and all of three lists. */
const MAX_LEFT = 3 * MAX_LIST + 1;

const span = lazy(() =>
  z.string().check(
    z.maxLength(MAX_DURATION),
    z.refine(value => parseDuration(value) !== undefined, { error: 'is no duration' }),
  ),
);
const few = lazy(() => z.maxLength(MAX_LIST));

const criterion = lazy(() =>
  z.strictObject({
    /** `c1`, `c2`, …: never reused within the task. */
    id: z.string().check(z.regex(/^c[1-9][0-9]{0,3}$/)),
    text: text(),
    /** A command that says whether it holds; then only a proof meets it. */
    check: z.optional(text()),
    /** The proof that met it. */
    proof: z.optional(z.string().check(z.regex(/^x-[0-9a-z]{10}$/))),
    met: z.boolean(),
    met_by: z.optional(name()),
    met_at: z.optional(clock()),
  }),
);
export type Criterion = z.infer<ReturnType<typeof criterion>>;

const adopted = lazy(() =>
  z.strictObject({
    /** The ledger that it was made in, where the book of that one stood, and what it was there. */
    ledger: z.string(),
    tip: z.string(),
    status: z.enum(STATUSES),
    /** Records that came along with it. */
    records: z.int().check(z.minimum(0)),
    /** Who brought it here, and when. */
    by: name(),
    at: clock(),
    /** Tasks and references that it named there and that are not here. */
    left: z.optional(z.array(z.string()).check(z.maxLength(MAX_LEFT))),
  }),
);
/** Where a task comes from that was made in another ledger: everything before `at` is the word of that one. */
export type Adopted = z.infer<ReturnType<typeof adopted>>;
/** What was changed by work that was done before it was entered. */
const change = lazy(() =>
  z.strictObject({
    path: z.string().check(
      z.refine(value => pathProblem(value) === undefined && plainPath(value) === value, {
        error: 'is no path inside a repository',
      }),
    ),
    /** A word of the writer's: `edit`, `run`. */
    kind: z.string().check(z.regex(CHANGE_KIND)),
    what: text(),
  }),
);
export type RecordedChange = z.infer<ReturnType<typeof change>>;

const task = lazy(() =>
  z.strictObject({
    title: title(),
    description: z.optional(text()),
    project: z.optional(z.string()),
    parent: z.optional(z.string()),
    status: z.enum(STATUSES),
    /** Why it is blocked, cancelled or reopened, or was recorded although it shows nothing or not all that is asked. */
    reason: z.optional(text()),
    /** Whose it is; kept as the worker when a lease ends in blocked, in_review or done. */
    assignee: z.optional(name()),
    /** 0 is the highest, 4 the lowest. */
    priority: z.int().check(z.minimum(0), z.maximum(4)),
    /** Sorted, each once. */
    labels: z.array(word()).check(few()),
    /** A duration (`4h`). */
    estimate: z.optional(span()),
    criteria: z.array(criterion()).check(few()),
    /** Criteria that it ever had, where some were dropped: a number is never used again. */
    criteria_made: z.optional(z.int()),
    requires_evidence: z.optional(z.boolean()),
    /** Who alone approves it before it is done; never one who worked on it. */
    reviewer: z.optional(z.string()),
    /** The handoff of its present review: from in review until it is opened again. */
    review: z.optional(z.string()),
    /** Everybody who ever claimed it, sorted: only grows. */
    workers: z.optional(z.array(name())),
    plan_required: z.optional(z.boolean()),
    validation_required: z.optional(z.boolean()),
    /** The accepted plan: its version, and the hash of what was accepted. */
    plan: z.optional(z.strictObject({ version: z.int(), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })),
    /** Todos that it ever had: a number is never used again. */
    todos_made: z.optional(z.int()),
    /** Those of `depends_on` that a person said need not be done, sorted. */
    waived: z.optional(z.array(z.string()).check(few())),
    resolution_required: z.optional(z.boolean()),
    /** Tasks that must be done first (link kind `blocks`), sorted. */
    depends_on: z.array(z.string()).check(few()),
    links: z.array(z.strictObject({ kind: z.enum(LINK_KINDS), task_id: z.string() })).check(few()),
    due_on: z.optional(day()),
    start_on: z.optional(day()),
    /** Canonical intake references: the one it came from, and others that asked for the same. */
    origin_ask_ref: z.optional(z.string().check(z.maxLength(MAX_REFERENCE))),
    also_asked: z.array(z.string().check(z.maxLength(MAX_REFERENCE))).check(few()),
    /** Came from another system; `done` was its word, without proof. */
    imported: z.optional(z.boolean()),
    adopted: z.optional(adopted()),
    /** Work that was done before it was entered: without a claim, and marked so for ever. */
    recorded: z.optional(z.literal(true)),
    /** What recorded work changed, and what shows it, as its author says. */
    changes: z.optional(z.array(change()).check(z.minLength(1), few())),
    evidence: z.optional(text()),
    created_by: name(),
    created_at: clock(),
    /** `at` of the entry that last changed this record. */
    updated_at: clock(),
    finished_at: z.optional(clock()),
    hold: z.optional(holdSchema()),
  }),
);
export type Task = z.infer<ReturnType<typeof task>>;

export const taskRecord: RecordDef<Task> = defineRecord<Task>({
  kind: 'task',
  letter: 't',
  room: 'tasks',
  file: 'task.json',
  schema: task,
  holdable: true,
  derived: record => record.origin_ask_ref !== undefined || record.adopted !== undefined,
  final: record => FINAL.includes(record.status),
  searched: ({ title, description, reason, criteria, labels, project, changes = [], evidence }) => ({
    title,
    body: [
      description,
      reason,
      ...criteria.map(({ text }) => text),
      ...changes.map(({ path, what }) => `${path} ${what}`),
      evidence,
    ]
      .filter(Boolean)
      .join('\n'),
    tags: labels,
    project,
  }),
});

const note = lazy(() =>
  z.strictObject({
    kind: z.enum(NOTE_KINDS),
    text: text(),
    /** The ruling that a note of kind `decision` points to; what it says stands there. */
    decision_id: z.optional(z.string()),
    by: name(),
    at: clock(),
  }),
);
export type Note = z.infer<ReturnType<typeof note>>;
export const noteRecord: RecordDef<Note> = defineRecord<Note>({
  kind: 'note',
  letter: 'n',
  room: 'notes',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: note,
  appendOnly: true,
  besideHold: (record, before) => before === undefined && record.kind === 'comment',
  searched: ({ text, kind }) => ({ body: text, sort: kind }),
});

/** Web addresses only: a record has no place for a path of somebody's machine. */
const url = lazy(() => z.string().check(z.regex(/^https?:\/\/\S+$/), z.maxLength(2_048)));

const commitId = () => z.string().check(z.regex(/^[0-9a-f]{7,64}$/));

const codeRef = lazy(() =>
  z.strictObject({
    ref_type: z.enum(REF_TYPES),
    /** Of a commit, whole where it is known. */
    sha: z.optional(commitId()),
    /**
     * Branch or tag name; for a file its path inside the repository, optionally `:10-20`; for a pull request
     * `github:org/repo#12` or `gitlab:group/repo!12`, else what its host calls it.
     */
    name: z.optional(z.string().check(z.maxLength(1_024))),
    url: z.optional(url()),
    /** Repository slug; absent = the one the ledger lives in. */
    repo: z.optional(name()),
    /** Of a pull request, as last told. */
    state: z.optional(z.enum(PR_STATES)),
    /** Reached from a branch or tag, as far as anybody told; what is not is kept, and is no evidence. */
    live: z.boolean(),
    /** The commit that took this one's place when it was rewritten. */
    moved_to: z.optional(commitId()),
    by: name(),
    at: clock(),
  }),
);
export type CodeRef = z.infer<ReturnType<typeof codeRef>>;
export const codeRefRecord: RecordDef<CodeRef> = defineRecord<CodeRef>({
  kind: 'code_ref',
  letter: 'c',
  room: 'code',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: codeRef,
  // A pull request is opened and merged while its task is held: its host's word on that cannot wait for a release.
  besideHold: (record, before) => before !== undefined && sameButState(record, before),
});

function sameButState({ state: _is, ...now }: CodeRef, { state: _was, ...before }: CodeRef): boolean {
  return canonicalJson(now) === canonicalJson(before);
}

const attachment = lazy(() =>
  z.strictObject({
    name: title(),
    media_type: z.optional(z.string().check(z.maxLength(128))),
    /** Of the bytes: 64 hex digits. */
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** Bytes. */
    size: z.optional(z.int().check(z.minimum(0))),
    /** Where the bytes are; without it the ledger has them, as a blob. */
    url: z.optional(url()),
    by: name(),
    at: clock(),
  }),
);
export type Attachment = z.infer<ReturnType<typeof attachment>>;
export const attachmentRecord: RecordDef<Attachment> = defineRecord<Attachment>({
  kind: 'attachment',
  letter: 'f',
  room: 'files',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: attachment,
  appendOnly: true,
});
