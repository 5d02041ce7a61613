import * as z from 'zod/mini';
import { mark, text } from '../../kernel/fields.ts';
import { scopePath } from '../decisions/fields.ts';
import { criteria } from '../tasks/fields.ts';
import { MAX_PARTS } from './record.ts';

/** Longest command, path or expected output of a plan, in UTF-16 units. */
export const MAX_LINE = 2_000;
/** Questions asked, and answers given, in one entry at most. */
export const MAX_ASKED = 50;

const few = () => z.maxLength(MAX_PARTS);
const line = () => mark(text().check(z.maxLength(MAX_LINE)), {});

export const version = () => z.int().check(z.minimum(1), z.maximum(9_999));
export const questionId = () =>
  mark(z.string().check(z.regex(/^q[1-9][0-9]{0,3}$/, { error: 'is no question (q1)' })), {
    machine: true,
    word: true,
  });
/** `q1: Yes.`, and on lines of their own further ones. */
export const answerLine = () =>
  mark(text().check(z.regex(/^\s*q[1-9][0-9]{0,3}\s*:\s*\S/, { error: 'is no answer of the form q1: <answer>' })), {
    long: true,
    form: 'q1: <answer>',
  });
export const planSha = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256' })), {
    machine: true,
    form: 'a hash, as plan review prints it',
  });
/** SHA-256 of the questions as they were read; found out where it is not given. */
export const askedSha = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256' })), {
    machine: true,
    form: 'found out by itself',
  });

/** What a plan says, as `plan propose` takes it. */
export const partFields = () => ({
  goal: z.optional(text()),
  body: z.optional(text()),
  acceptance_criteria: z.optional(criteria().check(few())),
  todos: z.optional(
    z.array(z.strictObject({ text: text(), hint: z.optional(text()), optional: z.optional(z.boolean()) })).check(few()),
  ),
  files: z.optional(z.array(mark(scopePath(), { word: true, inRepo: true })).check(few())),
  test_commands: z.optional(z.array(line()).check(few())),
  expected_outputs: z.optional(z.array(line()).check(few())),
});
export type Parts = z.infer<z.ZodMiniObject<ReturnType<typeof partFields>>>;
