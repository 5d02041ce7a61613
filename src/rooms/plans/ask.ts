import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { MAX_ASKED } from './fields.ts';
import { questionsOf } from './look.ts';
import { rowOf } from './questions.ts';
import { type Question, questionRecord } from './record.ts';

export const ask = defineOperation({
  name: 'question.ask',
  kind: 'write',
  creates: true,
  summary:
    'Ask what a plan needs to know, several questions at once; required: no plan is accepted while they are open',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      questions: z.array(text()).check(z.minLength(1), z.maxLength(MAX_ASKED)),
      required: z.optional(z.boolean()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter question ask <task_id> --questions 'Which clock?' --questions 'How long are logs kept?' --required",
      says: 'two questions that keep the plan from being accepted',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, questions }) =>
    `asked ${questions.length === 1 ? 'a question' : `${questions.length} questions`} about ${task_id}`,
  async decide(view, { task_id: id, questions, required }, by) {
    const before = await needTask(view, id);
    const known = new Map((await questionsOf(view, id)).map(({ id: name, record }) => [record.text, name]));
    const files = [];
    const ids: string[] = [];
    let made = known.size;
    for (const words of questions) {
      const name = known.get(words) ?? `q${++made}`;
      ids.push(name);
      if (known.has(words)) continue;
      known.set(words, name);
      const question: Question = {
        text: words,
        ...(required ? { required } : {}),
        status: 'open',
        by: by.actor,
        at: by.at,
      };
      files.push(questionRecord.put(name, question, id));
    }
    return settle(view, by, [{ id, before, after: before, beside: true }], files, { task_id: id, questions: ids });
  },
  async show({ view }, { task_id, questions }) {
    const id = String(task_id);
    const asked = (await questionsOf(view, id)).filter(one => (questions as string[]).includes(one.id));
    const first = asked.find(({ record }) => record.status === 'open');
    const next = first
      ? `ledgenter question answer ${id} --answers '${first.id}: <answer>'`
      : `ledgenter question query ${id}`;
    return { task_id: id, questions: asked.map(rowOf), hints: { next } };
  },
});
