import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, name } from '../../kernel/stored.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

/** Most minutes that one correction adds or takes: a week. */
export const MAX_MINUTES = 10_080;
/** Pauses and resumptions of one session, at most. */
export const MAX_PAUSES = 1_000;

/** The root of the tenure: it names the session, on every clone alike. */
const session = lazy(() => z.string().check(z.minLength(1), z.maxLength(64)));

const pause = lazy(() =>
  z.strictObject({
    session_id: session(),
    kind: z.enum(['pause', 'resume']),
    reason: z.optional(text()),
    by: name(),
    at: clock(),
  }),
);
export type Pause = z.infer<ReturnType<typeof pause>>;

/** Key `<session>-1`, `<session>-2`, …: odd numbers pause, even ones resume. */
export const pauseRecord: RecordDef<Pause> = defineRecord<Pause>({
  kind: 'session_pause',
  command: 'session',
  room: 'pauses',
  owner: plain(taskRecord),
  schema: pause,
  appendOnly: true,
});

export const pauseKey = (session: string, number: number): string => `${session}-${number}`;

const correction = lazy(() =>
  z.strictObject({
    session_id: session(),
    /** Added to what was measured; below zero it takes away. */
    minutes: z.int().check(
      z.minimum(-MAX_MINUTES),
      z.maximum(MAX_MINUTES),
      z.refine<number>(value => value !== 0, { error: 'corrects nothing' }),
    ),
    reason: text(),
    by: name(),
    at: clock(),
  }),
);
export type Correction = z.infer<ReturnType<typeof correction>>;

/** What a person says a session should have been; it stands beside what was measured and changes nothing of it. */
export const correctionRecord: RecordDef<Correction> = defineRecord<Correction>({
  kind: 'session_correction',
  command: 'session',
  letter: 'j',
  room: 'corrections',
  owner: plain(taskRecord),
  schema: correction,
  appendOnly: true,
  // Nothing that the holder relies on: a person corrects the hours of yesterday while somebody else works on.
  besideHold: (_record, before) => before === undefined,
});
