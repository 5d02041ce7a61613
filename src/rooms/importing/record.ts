import * as z from 'zod/mini';
import { recordId } from '../../kernel/ids.ts';
import { MAX_REFERENCE } from '../../kernel/intake.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';

const source = lazy(() =>
  z.strictObject({
    /** What it is called where it comes from, in canonical form: the id of this record is made of it. */
    ref: z.string().check(z.minLength(1), z.maxLength(MAX_REFERENCE)),
    /** The task, decision or page of knowledge that it became. */
    record_id: z.string().check(z.regex(/^[tdw]-[0-9a-z]{10}$/)),
    /** SHA-256 of what the last import read of it: an import leaves alone what has not changed since. */
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** Who imported that, and when. */
    by: z.string(),
    at: z.string().check(z.refine(value => parseInstant(value) === value, { error: 'is no stored time' })),
  }),
);
export type Source = z.infer<ReturnType<typeof source>>;

/** Where an imported record comes from, found by one look-up, whoever imports it again. */
export const sourceRecord: RecordDef<Source> = defineRecord<Source>({
  kind: 'source',
  letter: 'i',
  room: 'sources',
  schema: source,
  derived: () => true,
});

/** Where the source of a canonical reference is looked up: the same in every clone. */
export function sourceId(ref: string): string {
  return recordId('i', 'source', ref);
}
