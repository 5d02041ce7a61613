import * as z from 'zod/mini';
import { text, title, word } from '../../kernel/fields.ts';
import { holdSchema } from '../../kernel/hold.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, sha256 } from '../../kernel/stored.ts';
import { isDate } from '../../kernel/time.ts';
import { ROLES } from '../orientation/document/roles.ts';

export const HANDOFF_KINDS = ['question', 'review', 'approval', 'work'] as const;
export const HANDOFF_STATUSES = ['open', 'claimed', 'answered', 'acknowledged', 'cancelled'] as const;
export type HandoffKind = (typeof HANDOFF_KINDS)[number];
export type HandoffStatus = (typeof HANDOFF_STATUSES)[number];
export const VERDICTS = ['approve', 'reject'] as const;

/** Most recipients of one handoff. */
export const MAX_TO = 50;

const handoff = lazy(() =>
  z.strictObject({
    kind: z.enum(HANDOFF_KINDS),
    title: title(),
    body: z.optional(text()),
    /** Actors and roles (`maintainer`, `member`), sorted, each once. */
    to: z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.minLength(1), z.maxLength(MAX_TO)),
    task_id: z.optional(z.string()),
    /** A document that goes with it, and the SHA-256 of its UTF-8 bytes. */
    context: z.optional(text()),
    context_sha256: z.optional(sha256()),
    /** The role that the document was made for, from the ledger as it was then. */
    context_for: z.optional(z.enum(ROLES)),
    /** The one todo of the task that it is about. */
    todo_id: z.optional(z.string().check(z.regex(/^todo-[1-9][0-9]{0,3}$/))),
    /** Hash of the acceptance criteria that a task's own review is about. */
    criteria_sha256: z.optional(sha256()),
    intended_host: z.optional(word()),
    /** Last day (UTC) on which it can be claimed. */
    due_on: z.optional(z.string().check(z.refine(isDate, { error: 'is no date' }))),
    status: z.enum(HANDOFF_STATUSES),
    answer: z.optional(text()),
    verdict: z.optional(z.enum(VERDICTS)),
    answered_by: z.optional(z.string()),
    answered_at: z.optional(clock()),
    /** What the sender said to the answer. */
    acknowledgement: z.optional(text()),
    acknowledged_at: z.optional(clock()),
    created_by: z.string(),
    created_at: clock(),
    /** `at` of the entry that last changed this record. */
    updated_at: clock(),
    hold: z.optional(holdSchema()),
  }),
);
export type Handoff = z.infer<ReturnType<typeof handoff>>;

export const handoffRecord: RecordDef<Handoff> = defineRecord<Handoff>({
  kind: 'handoff',
  letter: 'h',
  room: 'handoffs',
  schema: handoff,
  holdable: true,
  searched: ({ title, body, context, answer, kind }) => ({
    title,
    body: [body, answer, context].filter(Boolean).join('\n'),
    sort: kind,
  }),
  final: record => record.status !== 'open' && record.status !== 'claimed',
});
