import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { text } from '../../kernel/fields.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { clock, name, sha256 } from '../../kernel/stored.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

/** Most criteria, todos, files, commands of one plan, each. */
export const MAX_PARTS = 100;
export const ANSWERS = ['open', 'answered', 'dismissed'] as const;
export const DECISIONS = ['accept', 'reject'] as const;

const version = lazy(() => z.int().check(z.minimum(1), z.maximum(9_999)));
const parts = <T extends z.ZodMiniType>(of: T) => z.array(of).check(z.maxLength(MAX_PARTS));
const line = lazy(() => z.string().check(z.minLength(1), z.maxLength(2_000)));

const plan = lazy(() =>
  z.strictObject({
    version: version(),
    goal: text(),
    body: z.optional(text()),
    criteria: parts(z.strictObject({ text: text(), check: z.optional(line()) })),
    todos: parts(z.strictObject({ text: text(), hint: z.optional(text()), optional: z.optional(z.boolean()) })),
    /** Files that it means to touch: paths or patterns from the top of the repository. */
    files: parts(line()),
    test_commands: parts(line()),
    expected_outputs: parts(line()),
    /** The version that it takes the place of. */
    amends: z.optional(version()),
    by: name(),
    at: clock(),
  }),
);
export type Plan = z.infer<ReturnType<typeof plan>>;

/** Key `v1`, `v2`, …: immutable; a better plan is the next version. */
export const planRecord: RecordDef<Plan> = defineRecord<Plan>({
  kind: 'plan',
  room: 'plans',
  owner: plain(taskRecord),
  schema: plan,
  appendOnly: true,
  searched: ({ goal, body, todos }) => ({
    body: [goal, body, ...todos.map(one => one.text)].filter(Boolean).join('\n'),
  }),
});

const verdict = lazy(() =>
  z.strictObject({
    version: version(),
    /** {@link planHash} of the plan that was looked at. */
    plan_sha256: sha256(),
    /** {@link questionsHash} of the questions as they were answered then. */
    questions_sha256: sha256(),
    decision: z.enum(DECISIONS),
    note: text(),
    by: name(),
    at: clock(),
  }),
);
export type Verdict = z.infer<ReturnType<typeof verdict>>;

/** What somebody said of a plan; never changed. Its id follows from the entry. */
export const verdictRecord: RecordDef<Verdict> = defineRecord<Verdict>({
  kind: 'plan_verdict',
  command: 'plan',
  letter: 'y',
  room: 'verdicts',
  owner: plain(taskRecord),
  schema: verdict,
  appendOnly: true,
  // A plan that an answer made stale is accepted again while its task is held; another plan changes the task as well.
  besideHold: () => true,
});

const question = lazy(() =>
  z.strictObject({
    text: text(),
    /** No plan is accepted while it is open. */
    required: z.optional(z.boolean()),
    status: z.enum(ANSWERS),
    /** The answer, or why it was dismissed. */
    answer: z.optional(text()),
    answered_by: z.optional(name()),
    answered_at: z.optional(clock()),
    by: name(),
    at: clock(),
  }),
);
export type Question = z.infer<ReturnType<typeof question>>;

/** Key `q1`, `q2`, …. Asked and answered also while another holds the task. */
export const questionRecord: RecordDef<Question> = defineRecord<Question>({
  kind: 'question',
  room: 'questions',
  owner: plain(taskRecord),
  schema: question,
  besideHold: () => true,
  searched: ({ text: asked, answer }) => ({ body: [asked, answer].filter(Boolean).join('\n') }),
});

export const planKey = (version: number): string => `v${version}`;

/** What an acceptance names: SHA-256 of the plan's canonical JSON. */
export function planHash(plan: Plan): string {
  return sha256Hex(canonicalJson(plan));
}

/** What was asked and how it was answered; another answer is another hash, and a plan accepted before it is stale. */
export function questionsHash(questions: readonly { id: string; record: Question }[]): string {
  const settled = questions.filter(({ record }) => record.status !== 'open');
  const sorted = [...settled].sort((a, b) => (a.id < b.id ? -1 : 1));
  return sha256Hex(canonicalJson(sorted.map(({ id, record }) => [id, record.status, record.answer ?? null])));
}
