import * as z from 'zod/mini';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';

const run = lazy(() =>
  z.strictObject({
    actor: z.string(),
    /** The run that started it. */
    parent: z.optional(z.string()),
    /** `at` of its first write. */
    started_at: z.string(),
    kind: z.optional(z.enum(['session', 'loop_tick', 'subagent'])),
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
  appendOnly: true,
  derived: () => true,
});
