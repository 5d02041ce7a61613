import * as z from 'zod/mini';
import { choice, date, duration, mark, text, time, title, word } from '../../kernel/fields.ts';
import { canonicalReference } from '../../kernel/intake.ts';
import { priority } from '../tasks/fields.ts';
import { LINK_KINDS, MAX_LIST, NOTE_KINDS } from '../tasks/record.ts';

/** A canonical intake reference: a task is named by it before anyone knows its id. */
const reference = () =>
  mark(
    z.string().check(
      z.maxLength(512),
      z.refine(
        ref => {
          const found = canonicalReference(ref);
          return 'ref' in found && found.ref === ref;
        },
        { error: 'is no canonical reference' },
      ),
    ),
    { machine: true },
  );

const person = () => z.string().check(z.minLength(1), z.maxLength(200));
const few = <T>(item: z.ZodMiniType<T>) => z.optional(z.array(item).check(z.maxLength(MAX_LIST)));

const importedNote = () => z.strictObject({ kind: choice(NOTE_KINDS), text: text(), by: person(), at: time() });
export type ImportedNote = z.infer<ReturnType<typeof importedNote>>;

const importedTask = () =>
  z.strictObject({
    ref: reference(),
    title: title(),
    description: z.optional(text()),
    status: choice(['open', 'blocked', 'done', 'cancelled']),
    reason: z.optional(text()),
    assignee: z.optional(person()),
    priority: priority(),
    labels: few(word()),
    estimate: z.optional(duration()),
    criteria: few(z.strictObject({ text: text(), met_by: z.optional(person()), met_at: z.optional(time()) })),
    parent: z.optional(reference()),
    depends_on: few(reference()),
    links: few(z.strictObject({ kind: choice(LINK_KINDS), ref: reference() })),
    due_on: z.optional(date()),
    start_on: z.optional(date()),
    also_asked: few(reference()),
    created_by: person(),
    created_at: time(),
    updated_at: time(),
    finished_at: z.optional(time()),
    notes: z.optional(z.array(importedNote())),
  });
export type ImportedTask = z.infer<ReturnType<typeof importedTask>>;

let made: ReturnType<typeof makeEntry> | undefined;
/** The schema of an import's entries, made once: making it costs more than an entry does. */
export const importEntry = (): ReturnType<typeof makeEntry> => {
  made ??= makeEntry();
  return made;
};

/** One entry of an import: tasks that may name each other, or notes that the entry of their task had no room for. */
const makeEntry = () =>
  z.strictObject({
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    tasks: z.array(importedTask()).check(z.maxLength(MAX_LIST)),
    more: z.optional(z.array(z.strictObject({ ref: reference(), notes: z.array(importedNote()) }))),
  });
export type ImportEntry = z.infer<ReturnType<typeof makeEntry>>;
