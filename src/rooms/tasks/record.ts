import * as z from 'zod/mini';
import { holdSchema } from '../../kernel/hold.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

export const STATUSES = ['open', 'in_progress', 'blocked', 'in_review', 'done', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];
/** Statuses that end a task; nothing claims it until somebody reopens it. */
export const FINAL: readonly Status[] = ['done', 'cancelled'];

export const LINK_KINDS = ['related', 'duplicates', 'supersedes', 'discovered_from'] as const;
export const NOTE_KINDS = ['note', 'progress', 'blocker', 'resolution', 'comment'] as const;
export const REF_TYPES = ['commit', 'branch', 'tag', 'pr', 'file'] as const;

const criterion = z.strictObject({
  /** `c1`, `c2`, …: never reused within the task. */
  id: z.string().check(z.regex(/^c[1-9][0-9]{0,3}$/)),
  text: z.string(),
  check: z.optional(z.string()),
  met: z.boolean(),
  met_by: z.optional(z.string()),
  met_at: z.optional(z.string()),
});
export type Criterion = z.infer<typeof criterion>;

const task = z.strictObject({
  title: z.string(),
  description: z.optional(z.string()),
  project: z.optional(z.string()),
  parent: z.optional(z.string()),
  status: z.enum(STATUSES),
  /** Why it is blocked, cancelled or reopened. */
  reason: z.optional(z.string()),
  /** Whose it is; kept as the worker when a lease ends in blocked, in_review or done. */
  assignee: z.optional(z.string()),
  /** 0 is the highest, 4 the lowest. */
  priority: z.int().check(z.minimum(0), z.maximum(4)),
  labels: z.array(z.string()),
  /** A duration (`4h`). */
  estimate: z.optional(z.string()),
  criteria: z.array(criterion),
  requires_evidence: z.optional(z.boolean()),
  reviewer: z.optional(z.string()),
  plan_required: z.optional(z.boolean()),
  validation_required: z.optional(z.boolean()),
  resolution_required: z.optional(z.boolean()),
  /** Tasks that must be done first (link kind `blocks`), sorted. */
  depends_on: z.array(z.string()),
  links: z.array(z.strictObject({ kind: z.enum(LINK_KINDS), task_id: z.string() })),
  due_on: z.optional(z.string()),
  start_on: z.optional(z.string()),
  /** Canonical intake references: the one it came from, and others that asked for the same. */
  origin_ask_ref: z.optional(z.string()),
  also_asked: z.array(z.string()),
  /** Came from another system; `done` was its word, without proof. */
  imported: z.optional(z.boolean()),
  created_by: z.string(),
  created_at: z.string(),
  /** `at` of the entry that last changed this record. */
  updated_at: z.string(),
  finished_at: z.optional(z.string()),
  hold: z.optional(holdSchema),
});
export type Task = z.infer<typeof task>;

export const taskRecord: RecordDef<Task> = defineRecord<Task>({
  kind: 'task',
  letter: 't',
  room: 'tasks',
  file: 'task.json',
  schema: () => task,
  holdable: true,
  final: record => FINAL.includes(record.status),
});

const note = z.strictObject({
  kind: z.enum(NOTE_KINDS),
  text: z.string(),
  by: z.string(),
  at: z.string(),
});
export type Note = z.infer<typeof note>;
export const noteRecord: RecordDef<Note> = defineRecord<Note>({
  kind: 'note',
  letter: 'n',
  room: 'notes',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: () => note,
  appendOnly: true,
  besideHold: record => record.kind === 'comment',
});

const codeRef = z.strictObject({
  ref_type: z.enum(REF_TYPES),
  /** Of a commit, whole where it is known. */
  sha: z.optional(z.string()),
  /** Branch or tag name; for a file its path inside the repository, optionally `:10-20`. */
  name: z.optional(z.string()),
  url: z.optional(z.string()),
  /** Repository slug; absent = the one the ledger lives in. */
  repo: z.optional(z.string()),
  live: z.boolean(),
  by: z.string(),
  at: z.string(),
});
export type CodeRef = z.infer<typeof codeRef>;
export const codeRefRecord: RecordDef<CodeRef> = defineRecord<CodeRef>({
  kind: 'code_ref',
  letter: 'c',
  room: 'code',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: () => codeRef,
});

const attachment = z.strictObject({
  name: z.string(),
  media_type: z.optional(z.string()),
  /** Of the bytes: 64 hex digits. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** Bytes. */
  size: z.optional(z.int()),
  /** Where the bytes are when they are not in the ledger. */
  url: z.optional(z.string()),
  by: z.string(),
  at: z.string(),
});
export type Attachment = z.infer<typeof attachment>;
export const attachmentRecord: RecordDef<Attachment> = defineRecord<Attachment>({
  kind: 'attachment',
  letter: 'f',
  room: 'files',
  owner: taskRecord as unknown as RecordDef<unknown>,
  schema: () => attachment,
  appendOnly: true,
});
