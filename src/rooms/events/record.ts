import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { isId, recordId, sha256Hex } from '../../kernel/ids.ts';
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

/**
 * The name under which a clone lands what stands where another has lines of its own: a copied clone goes on in a spool file
 * of the same name, and whoever reads the book may take a place in it.
 */
export const apart = (spool: string, { ts, agent, event, summary }: EventRow): string =>
  sha256Hex(JSON.stringify([spool, ts, agent, event, summary])).slice(0, 32);

/** True where one is the beginning of the other, by what neither redaction nor the look for a task changes. */
export const isSameStart = (some: readonly EventRow[], others: readonly EventRow[]): boolean =>
  some.slice(0, others.length).every((one, index) => {
    const other = others[index]!;
    return one.ts === other.ts && one.agent === other.agent && one.event === other.event && one.run_id === other.run_id;
  });
