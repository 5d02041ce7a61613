import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import { type FileChange, Overlay, View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { criterionId, lookedSha, taskId } from '../tasks/fields.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { criterionHash, waivedCriteria } from './gate.ts';
import { type Waiver, waiverRecord } from './record.ts';
import { waiverFinding } from './rules.ts';
import { needLooked, worded } from './said.ts';
import { answer } from './show.ts';

/**
 * The file of a waiver that the entry adds to a task, and its id; `after` is the task as the entry leaves it.
 * @throws LedgerError HUMAN_ONLY, REFUSED
 */
export async function waiverFile(
  view: View,
  by: By,
  { task_id, after, ...of }: { task_id: string; after: Task } & Omit<Waiver, 'by' | 'at'>,
): Promise<{ id: string; file: FileChange }> {
  const id = by.newId(any(waiverRecord));
  const record: Waiver = { ...of, by: by.actor, at: by.at };
  const file = waiverRecord.put(id, record, task_id);
  const then = new View(new Overlay(view.reader, [taskRecord.put(task_id, after), file]));
  const found = await waiverFinding({ task_id, id, record, intent: by.intent, was: view, view: then });
  if (found) throwFinding(found, 'waiver.human');
  return { id, file };
}

export const waive = defineOperation({
  name: 'validate.waive',
  kind: 'write',
  humanOnly: true,
  summary: 'Say, as a person, that a criterion of a task need not be met, and why; it stays in sight for ever',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      criterion: criterionId(),
      reason: text(),
      looked_sha256: z.optional(lookedSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter validate waive <task_id> --criterion c1 --reason 'the old host is switched off on Friday'",
      says: 'done without it',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, criterion }) => `waived ${criterion} of ${task_id}`,
  placed: ({ view }, given) => worded(view, given),
  async decide(view, { task_id, criterion: name, reason, looked_sha256 }, by) {
    const before = await needTask(view, task_id);
    const criterion = before.criteria.find(one => one.id === name);
    if (!criterion)
      refuse('NOT_FOUND', `${task_id} has no criterion ${name}`, { hint: `ledgenter validate status ${task_id}` });
    needLooked({ task_id, looked_sha256 }, criterionHash(criterion));
    if ((await waivedCriteria(view, task_id, before)).has(name)) return { same: { task_id, criterion: name } };
    const of = { criterion: name, criterion_sha256: criterionHash(criterion), reason };
    const { id, file } = await waiverFile(view, by, { task_id, after: before, ...of });
    const edit = { id: task_id, before, after: before };
    return settle(view, by, [edit], [file], { task_id, criterion: name, waiver_id: id });
  },
  async show(context, { task_id, criterion, waiver_id }) {
    return { ...(waiver_id === undefined ? {} : { waiver_id }), criterion, ...(await answer(context, task_id)) };
  },
});
