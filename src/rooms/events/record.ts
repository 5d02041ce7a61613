import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { isId, recordId } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';
import { eventFields } from './line.ts';

/** Events that one batch has at most. */
export const MAX_EVENTS = 2_000;
/** Characters that the events of one batch take at most, as JSON: entry and record stay below 256 KB. */
export const MAX_BATCH = 180_000;

/** Random name of the spool file of a clone. */
export const SPOOL = /^[0-9a-f]{16,64}$/;

const stored = () =>
  mark(z.string().check(z.refine(text => parseInstant(text) === text, { error: 'is no stored time' })), {
    machine: true,
  });

/** An event as the book keeps it: with the run of its agent, where that is known. */
export const rowSchema = lazy(() =>
  z.strictObject({
    ...eventFields(),
    ts: stored(),
    run_id: z.optional(mark(z.string().check(z.refine(id => isId('r', id))), { machine: true })),
  }),
);
export type EventRow = z.infer<ReturnType<typeof rowSchema>>;

/** Which bytes of which spool file the events were. */
export const takenFields = () => ({
  spool: mark(z.string().check(z.regex(SPOOL)), { machine: true }),
  from: z.int().check(z.minimum(0)),
  to: z.int().check(z.minimum(1)),
});

const batch = lazy(() =>
  z.strictObject({
    ...takenFields(),
    events: z.array(rowSchema()).check(z.minLength(1), z.maxLength(MAX_EVENTS)),
    by: z.string().check(z.minLength(1), z.maxLength(200)),
    at: z.string(),
  }),
);
export type Batch = z.infer<ReturnType<typeof batch>>;

/**
 * What the agents of one clone said between two syncs. Its id follows from where in the spool it began, so that the same
 * lines are never landed twice, whoever lands them and however often.
 */
export const batchRecord: RecordDef<Batch> = defineRecord<Batch>({
  kind: 'event_batch',
  command: 'event',
  letter: 's',
  room: 'events',
  schema: batch,
  appendOnly: true,
  derived: () => true,
});

export const batchId = ({ spool, from }: Pick<Batch, 'spool' | 'from'>): string =>
  recordId(batchRecord.letter, 'spool', spool, String(from));
