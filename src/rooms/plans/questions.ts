import * as z from 'zod/mini';
import { limit } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { cut, PAGE, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { type Asked, isRequired, keyNumber, questionsOf, versionOf } from './look.ts';

/** A question as lists show it. */
export function rowOf({ id, record }: Asked) {
  const { text, required, status, answer, answered_by, by } = record;
  return {
    id,
    status,
    ...(required ? { required } : {}),
    text: cut(text) ?? text,
    ...(answer === undefined ? {} : { answer: cut(answer) ?? answer, answered_by }),
    by,
  };
}

/** What comes after a look at the questions of a task, or an answer to one. */
export async function nextOf(
  { view }: Pick<Context, 'view'>,
  id: string,
  questions: readonly Asked[],
): Promise<string> {
  const open = questions.find(isRequired) ?? questions.find(({ record }) => record.status === 'open');
  if (open) return `ledgenter question answer ${id} --answers '${open.id}: <answer>'`;
  const newest = await versionOf(view, id);
  if (!newest) return `ledgenter plan template ${id} --from-answers`;
  return `ledgenter plan review ${id}`;
}

export const questions = defineOperation({
  name: 'question.query',
  kind: 'read',
  summary: 'List the questions about a task with their answers; open: only those that wait',
  input: () => z.strictObject({ task_id: taskId(), open: z.optional(z.boolean()), limit: limit(), ...pageFields() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter question query <task_id> --open', says: 'what somebody has to say first' }],
  table: { rows: 'questions', columns: ['id', 'status', 'required', 'by', 'text', 'answer'], none: 'no such question' },
  async query(context, { task_id: id, open = false, fields, cursor, limit: few = PAGE }) {
    const { view } = context;
    await needTask(view, id);
    const all = await questionsOf(view, id);
    const found = all.filter(({ record }) => !open || record.status === 'open');
    const from = cursor === undefined ? 0 : (keyNumber('q', cursor) ?? 0);
    const rest = found.filter(one => keyNumber('q', one.id)! > from);
    const page = rest.slice(0, few);
    return {
      questions: page.map(one => pick(rowOf(one), fields, 'id')),
      total: found.length,
      ...(page.length < rest.length ? { cursor: page.at(-1)!.id } : {}),
      hints: { next: await nextOf(context, id, all) },
    };
  },
});
