import * as z from 'zod/mini';
import { RUN_KINDS } from '../../kernel/entry.ts';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, isKey, type RecordDef } from '../../kernel/record.ts';
import { epochMs, type Instant } from '../../kernel/time.ts';
import { repoSchema, SERIES } from './begin.ts';

/** Counts that a run may end with, and the form of their names. */
const MAX_COUNTS = 20;
export const COUNT_NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** `{tasks_completed: 1}`: what a run says it did. */
export const countsSchema = () =>
  z
    .record(z.string().check(z.regex(COUNT_NAME, { error: 'is no name of a count' })), z.int().check(z.minimum(0)))
    .check(
      z.refine(counts => Object.keys(counts).length <= MAX_COUNTS, { error: `has more than ${MAX_COUNTS} counts` }),
    );

const run = lazy(() =>
  z.strictObject({
    actor: z.string(),
    /** The run that started it. */
    parent: z.optional(z.string()),
    /** `at` of its first write. */
    started_at: z.string(),
    kind: z.optional(z.enum(RUN_KINDS)),
    series: z.optional(z.string().check(z.regex(SERIES))),
    host: z.optional(z.string().check(z.refine(isKey))),
    /** Where the code was when it began. */
    repo: z.optional(repoSchema()),
    /** A later write of it, renewed at most once an hour; absent within its first. */
    last_at: z.optional(z.string()),
    ended_at: z.optional(z.string()),
    counts: z.optional(countsSchema()),
    summary: z.optional(text()),
    /** It never ended: another closed it, at its last known write. */
    abandoned: z.optional(z.literal(true)),
  }),
);
export type Run = z.infer<ReturnType<typeof run>>;

/** One stretch of work of one actor in one place; it enters the book with its first write. */
export const runRecord: RecordDef<Run> = defineRecord<Run>({
  kind: 'run',
  letter: 'r',
  room: 'runs',
  file: 'run.json',
  schema: run,
  derived: () => true,
});

/** `last_at` is renewed by a write this much later, in ms: a write within it costs no file. */
export const TOUCH_MS = 3_600_000;
/** A run nobody wrote under for this long may be closed by anyone, in ms: twelve hours, and what `last_at` may lag. */
export const ABANDONED_MS = 12 * 3_600_000 + TOUCH_MS;

/** When the run wrote last, as the book knows it. */
export function lastOf(run: Run): Instant {
  return run.last_at ?? run.started_at;
}

/** True at `now` (ms) for a run that is open and that nobody has written under for too long. */
export function isAbandoned(run: Run, now: number): boolean {
  return run.ended_at === undefined && epochMs(lastOf(run)) + ABANDONED_MS < now;
}
