import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, commit, name, sha256 } from '../../kernel/stored.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

export const CHECK_RESULTS = ['pass', 'fail', 'blocked'] as const;
export const ROUND_RESULTS = ['passed', 'failed', 'blocked'] as const;

const criterion = lazy(() => z.string().check(z.regex(/^c[1-9][0-9]{0,3}$/)));

const check = lazy(() =>
  z.strictObject({
    /** The round that it belongs to: one more than those that ended. */
    round: z.int().check(z.minimum(1)),
    criterion: criterion(),
    /** Hash of the criterion as it was worded, and of the task's live commits then: of another wording or tree it says nothing. */
    criterion_sha256: sha256(),
    commits_sha256: sha256(),
    result: z.enum(CHECK_RESULTS),
    /** What was looked at, and what was seen. */
    text: text(),
    /** The commit that was looked at. */
    commit: z.optional(commit()),
    /** The proof that says so too, where the criterion has a check. */
    proof: z.optional(z.string().check(z.regex(/^x-[0-9a-z]{10}$/))),
    by: name(),
    at: clock(),
  }),
);
export type ValidationCheck = z.infer<ReturnType<typeof check>>;

/** What a validator saw of one criterion; the newest of a round counts. */
export const checkRecord: RecordDef<ValidationCheck> = defineRecord<ValidationCheck>({
  kind: 'validation_check',
  command: 'validate',
  letter: 'e',
  room: 'checks',
  owner: plain(taskRecord),
  schema: check,
  appendOnly: true,
});

const round = lazy(() =>
  z.strictObject({
    result: z.enum(ROUND_RESULTS),
    summary: text(),
    /** Hash of the task's live commits as they were validated: others since are another tree. */
    commits_sha256: sha256(),
    /** Hash of the criteria as they were worded. */
    criteria_sha256: sha256(),
    /** Version of the plan that was accepted then. */
    plan: z.optional(z.int()),
    by: name(),
    at: clock(),
  }),
);
export type Validation = z.infer<ReturnType<typeof round>>;

/** Key `r1`, `r2`, …: one ended round. */
export const validationRecord: RecordDef<Validation> = defineRecord<Validation>({
  kind: 'validation',
  command: 'validate',
  room: 'validations',
  owner: plain(taskRecord),
  schema: round,
  appendOnly: true,
});

export const roundKey = (round: number): string => `r${round}`;

const waiver = lazy(() =>
  z.strictObject({
    /** What need not be met: one of them. */
    criterion: z.optional(criterion()),
    /** Hash of the criterion as it was worded: another wording is not waived. */
    criterion_sha256: z.optional(sha256()),
    /** A dependency that need not be done. */
    required_task_id: z.optional(z.string()),
    reason: text(),
    by: name(),
    at: clock(),
  }),
);
export type Waiver = z.infer<ReturnType<typeof waiver>>;

/** A person's word that something asked for need not be met, and why: visible for ever. */
export const waiverRecord: RecordDef<Waiver> = defineRecord<Waiver>({
  kind: 'waiver',
  command: 'validate',
  letter: 'u',
  room: 'waivers',
  owner: plain(taskRecord),
  schema: waiver,
  appendOnly: true,
});
