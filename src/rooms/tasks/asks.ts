import * as z from 'zod/mini';
import { recordId } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

const ask = lazy(() => z.strictObject({ task_id: z.string() }));
export type Ask = z.infer<ReturnType<typeof ask>>;

/** Finds the task of a further reference by one look-up; the reference itself stands in the task. */
export const askRecord: RecordDef<Ask> = defineRecord<Ask>({
  kind: 'ask',
  letter: 'a',
  room: 'asks',
  schema: ask,
  appendOnly: true,
  derived: () => true,
});

/** The id of the task that a canonical reference asked for first: the same in every clone. */
export function askedTaskId(reference: string): string {
  return recordId('t', 'ask', reference);
}

/** Where a canonical reference that also asked for a task is looked up. */
export function askId(reference: string): string {
  return recordId('a', 'ask', reference);
}
