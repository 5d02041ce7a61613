import * as z from 'zod/mini';
import { choice, date, duration, mark, text, time, title, word } from '../../kernel/fields.ts';
import { canonicalReference } from '../../kernel/intake.ts';
import { MAX_LIST as MAX_OPTIONS } from '../decisions/record.ts';
import { KNOWLEDGE_KINDS, MAX_TAGS } from '../knowledge/record.ts';
import { ANSWERS, MAX_PARTS } from '../plans/record.ts';
import { priority } from '../tasks/fields.ts';
import { LINK_KINDS, MAX_LIST, type NOTE_KINDS } from '../tasks/record.ts';

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

/** SHA-256 of what an import read of one thing: what it read before is left alone. */
const digest = () => mark(z.string().check(z.regex(/^[0-9a-f]{64}$/)), { machine: true });

const person = () => z.string().check(z.minLength(1), z.maxLength(200));
const few = <T>(item: z.ZodMiniType<T>) => z.optional(z.array(item).check(z.maxLength(MAX_LIST)));

/** Nothing of elsewhere points to a ruling of this ledger. */
const IMPORTED_KINDS = [
  'note',
  'progress',
  'blocker',
  'resolution',
  'comment',
] as const satisfies (typeof NOTE_KINDS)[number][];

const importedNote = () => z.strictObject({ kind: choice(IMPORTED_KINDS), text: text(), by: person(), at: time() });
export type ImportedNote = z.infer<ReturnType<typeof importedNote>>;

const line = () => z.string().check(z.minLength(1), z.maxLength(2_000));
const parts = <T>(item: z.ZodMiniType<T>) => z.array(item).check(z.maxLength(MAX_PARTS));

/** A version of a plan. Nobody here accepted it, whatever was said of it there. */
const importedPlan = () =>
  z.strictObject({
    goal: text(),
    body: z.optional(text()),
    criteria: parts(z.strictObject({ text: text() })),
    todos: parts(z.strictObject({ text: text(), hint: z.optional(text()), optional: z.optional(z.boolean()) })),
    files: parts(line()),
    test_commands: parts(line()),
    expected_outputs: parts(line()),
    by: person(),
    at: time(),
  });
export type ImportedPlan = z.infer<ReturnType<typeof importedPlan>>;

const importedQuestion = () =>
  z.strictObject({
    text: text(),
    required: z.optional(z.boolean()),
    status: choice(ANSWERS),
    answer: z.optional(text()),
    answered_by: z.optional(person()),
    answered_at: z.optional(time()),
    by: person(),
    at: time(),
  });
export type ImportedQuestion = z.infer<ReturnType<typeof importedQuestion>>;

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
    /** Versions in their order, and questions in theirs: they come in with their task, later ones as notes. */
    plans: few(importedPlan()),
    questions: few(importedQuestion()),
    /** With it, a later import that read something else adds what is new of it. */
    sha256: z.optional(digest()),
  });
export type ImportedTask = z.infer<ReturnType<typeof importedTask>>;

/** A document, as a page of knowledge. */
const importedPage = () =>
  z.strictObject({
    ref: reference(),
    sha256: digest(),
    title: title(),
    body: text(),
    kind: choice(KNOWLEDGE_KINDS),
    tags: z.array(word()).check(z.maxLength(MAX_TAGS)),
  });
export type ImportedPage = z.infer<ReturnType<typeof importedPage>>;

/** A ruling of elsewhere; it stands here under the name of who imported it. */
const importedRuling = () =>
  z.strictObject({
    ref: reference(),
    sha256: digest(),
    title: title(),
    choice: text(),
    rationale: text(),
    options: z.optional(z.array(text()).check(z.maxLength(MAX_OPTIONS))),
  });
export type ImportedRuling = z.infer<ReturnType<typeof importedRuling>>;

let made: ReturnType<typeof makeEntry> | undefined;
/** The schema of an import's entries, made once: making it costs more than an entry does. */
export const importEntry = (): ReturnType<typeof makeEntry> => {
  made ??= makeEntry();
  return made;
};

/** One entry of an import: tasks that may name each other, notes that the entry of their task had no room for, pages. */
const makeEntry = () =>
  z.strictObject({
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    tasks: z.array(importedTask()).check(z.maxLength(MAX_LIST)),
    more: z.optional(z.array(z.strictObject({ ref: reference(), notes: z.array(importedNote()) }))),
    pages: few(importedPage()),
    decisions: few(importedRuling()),
  });
export type ImportEntry = z.infer<ReturnType<typeof makeEntry>>;
