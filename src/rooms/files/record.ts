import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

/** What a file is to a task: read before, changed by it, its test, its documentation. */
export const FILE_ROLES = ['context', 'edit', 'test', 'doc'] as const;
export type FileRole = (typeof FILE_ROLES)[number];
/** Most files that are linked to one task. */
export const MAX_FILES = 200;

const linkedFile = lazy(() =>
  z.strictObject({
    /** From the top of the repository; a folder stands for all in it. */
    path: z.string().check(z.minLength(1), z.maxLength(1_024)),
    role: z.enum(FILE_ROLES),
    note: z.optional(text()),
    /** Who last said so, and when. */
    by: z.string().check(z.minLength(1), z.maxLength(200)),
    at: z.string().check(z.refine(value => parseInstant(value) === value, { error: 'is no stored time' })),
  }),
);
export type LinkedFile = z.infer<ReturnType<typeof linkedFile>>;

/** A file or folder that bears on a task, before anybody changed it: evidence is a code ref. */
export const linkedFileRecord: RecordDef<LinkedFile> = defineRecord<LinkedFile>({
  kind: 'linked_file',
  command: 'file',
  letter: 'g',
  room: 'linked',
  owner: plain(taskRecord),
  schema: linkedFile,
});
