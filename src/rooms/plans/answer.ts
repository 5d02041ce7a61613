import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { text } from '../../kernel/fields.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import { type By, type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { answerLine, askedSha, MAX_ASKED, questionId } from './fields.ts';
import { planGap } from './gate.ts';
import { type Asked, questionsOf } from './look.ts';
import { nextOf, rowOf } from './questions.ts';
import { type Question, questionRecord } from './record.ts';
import { answerFinding } from './rules.ts';

interface Words {
  id: string;
  words: string;
}

/** `q1: Yes.` and, on lines of their own, further ones. @throws LedgerError BAD_INPUT */
function readAnswers(given: readonly string[]): Words[] {
  return given
    .flatMap(item => item.trim().split(/\n(?=q[1-9][0-9]{0,3}\s*:)/))
    .map(item => {
      const [, id, words = ''] = /^(q[1-9][0-9]{0,3})\s*:\s*(.*)$/s.exec(item) ?? [];
      if (id === undefined || words.trim() === '')
        refuse('BAD_INPUT', `${JSON.stringify(item.slice(0, 40))} is no answer of the form q1: <answer>`);
      return { id, words: words.trim() };
    });
}

/**
 * What the questions say that are settled, as a hash in the intent: of two that were asked offline at once the later gets
 * another number, and no answer may end up under a question that nobody answered.
 */
async function askedHash(view: View, task: string, ids: readonly string[]): Promise<string> {
  const all = await questionsOf(view, task);
  return sha256Hex(canonicalJson(ids.map(id => [id, all.find(one => one.id === id)?.record.text ?? null])));
}

/** @throws LedgerError NOT_FOUND, REFUSED */
async function needQuestions(view: View, task: string, ids: readonly string[], asked?: string): Promise<Asked[]> {
  const all = await questionsOf(view, task);
  const missing = ids.find(id => !all.some(one => one.id === id));
  const hint = `ledgenter question query ${task}`;
  if (missing !== undefined) {
    const names = all.map(({ id }) => id).join(', ') || 'none';
    refuse('NOT_FOUND', `${task} has no question ${missing} (it has ${names})`, { hint });
  }
  if (asked !== undefined && (await askedHash(view, task, ids)) !== asked)
    refuse('REFUSED', `${ids.join(', ')} of ${task} ask something else than was answered`, { hint });
  return ids.map(id => all.find(one => one.id === id)!);
}

/** One entry that gives questions their answers, or dismisses them. */
async function settled(
  view: View,
  by: By,
  task: string,
  said: readonly Words[],
  status: Exclude<Question['status'], 'open'>,
  asked: string | undefined,
) {
  const before = await needTask(view, task);
  const ids = said.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) refuse('BAD_INPUT', `${twice} is answered twice in one entry`);
  const questions = await needQuestions(view, task, ids, asked);
  const files = [];
  for (const [index, { words }] of said.entries()) {
    const question = questions[index]!;
    if (question.record.status === status && question.record.answer === words) continue;
    const finding = answerFinding(task, question, status, by.intent);
    if (finding) throwFinding(finding, 'question.answer');
    const now: Question = { ...question.record, status, answer: words, answered_by: by.actor, answered_at: by.at };
    files.push(questionRecord.put(question.id, now, task));
  }
  return settle(view, by, [{ id: task, before, after: before, beside: true }], files, {
    task_id: task,
    questions: ids,
  });
}

async function shown(context: Context, task_id: unknown, questions: unknown) {
  const { view } = context;
  const id = String(task_id);
  const task = await needTask(view, id);
  const all = await questionsOf(view, id);
  const told = all.filter(one => (questions as string[]).includes(one.id)).map(rowOf);
  const stale = task.plan !== undefined && (await planGap(view, id, task, true)) !== undefined;
  return {
    task_id: id,
    questions: told,
    ...(stale ? { plan_stale: true } : {}),
    hints: {
      next: await nextOf(context, id, all),
      ...(stale ? { amend: `ledgenter plan propose ${id} --from-answers` } : {}),
    },
  };
}

export const answer = defineOperation({
  name: 'question.answer',
  kind: 'write',
  summary: 'Answer questions about a task, several at once; a plan accepted before is accepted again, or amended',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      /** `q1: Yes.`, one each. */
      answers: z.optional(z.array(answerLine()).check(z.minLength(1), z.maxLength(MAX_ASKED))),
      question_id: z.optional(questionId()),
      answer: z.optional(text()),
      asked_sha256: z.optional(askedSha()),
    }),
  positional: 'task_id',
  examples: [
    { cli: "ledgenter question answer <task_id> --answers 'q1: UTC.' --answers 'q2: 30 days.'", says: 'two at once' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: given =>
    `answered ${wordsOf(given)
      .map(({ id }) => id)
      .join(', ')} of ${given.task_id}`,
  async placed({ view }, given) {
    const ids = wordsOf(given).map(({ id }) => id);
    return { ...given, asked_sha256: given.asked_sha256 ?? (await askedHash(view, given.task_id, ids)) };
  },
  async decide(view, given, by) {
    return settled(view, by, given.task_id, wordsOf(given), 'answered', given.asked_sha256);
  },
  show: (context, { task_id, questions }) => shown(context, task_id, questions),
});

/** @throws LedgerError BAD_INPUT */
function wordsOf(given: {
  answers?: string[] | undefined;
  question_id?: string | undefined;
  answer?: string | undefined;
}): Words[] {
  const { answers, question_id, answer: words } = given;
  const one = question_id !== undefined && words !== undefined && answers === undefined;
  if (one) return [{ id: question_id, words }];
  if (answers === undefined || question_id !== undefined || words !== undefined)
    refuse('BAD_INPUT', "give answers ('q1: <answer>'), or question_id with answer");
  return readAnswers(answers);
}

export const dismiss = defineOperation({
  name: 'question.dismiss',
  kind: 'write',
  summary: 'Dismiss a question that needs no answer, with the reason: who asked it may, or a person',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      question_id: questionId(),
      reason: text(),
      asked_sha256: z.optional(askedSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter question dismiss <task_id> --question-id q2 --reason 'there are no logs'",
      says: 'a plan no longer waits for it',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, question_id }) => `dismissed ${question_id} of ${task_id}`,
  async placed({ view }, given) {
    const { task_id, question_id } = given;
    return { ...given, asked_sha256: given.asked_sha256 ?? (await askedHash(view, task_id, [question_id])) };
  },
  decide: (view, { task_id, question_id, reason, asked_sha256 }, by) =>
    settled(view, by, task_id, [{ id: question_id, words: reason }], 'dismissed', asked_sha256),
  show: (context, { task_id, questions }) => shown(context, task_id, questions),
});
