import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { knowledgeId } from '../knowledge/fields.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { answer } from '../tasks/show.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { introFinding } from './laws.ts';
import { introRecord } from './record.ts';

export const link = defineOperation({
  name: 'intro.link',
  kind: 'write',
  summary: 'Link an introduction to a task: what whoever claims it reads first',
  input: () => z.strictObject({ task_id: taskId(), knowledge_id: knowledgeId() }),
  positional: 'task_id',
  examples: [
    {
      cli: 'ledgenter intro link <task_id> --knowledge-id <knowledge_id>',
      says: 'it stands in its context from now on',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, knowledge_id }) => `linked ${knowledge_id} to ${task_id}`,
  async decide(view, { task_id, knowledge_id }, by) {
    const before = await needTask(view, task_id);
    const found = await introFinding(view, knowledge_id);
    if (found) throwFinding(found, 'intro.form');
    if (await find(view, introRecord, knowledge_id, task_id)) return { same: { task_id, knowledge_id } };
    const file = introRecord.put(knowledge_id, { by: by.actor, at: by.at }, task_id);
    return settle(view, by, [{ id: task_id, before, after: before }], [file], { task_id, knowledge_id });
  },
  async show(context, { task_id, knowledge_id }) {
    return { knowledge_id, ...(await answer(context, task_id)) };
  },
});
