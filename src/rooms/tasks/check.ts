import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { criterionId, taskId } from './fields.ts';
import { type Criterion, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

export const check = defineOperation({
  name: 'task.check',
  kind: 'write',
  summary: 'Say that an acceptance criterion of a task is met, or not',
  input: () => z.strictObject({ task_id: taskId(), criterion: criterionId(), met: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter task check <task_id> --criterion c1 --met', says: 'the first criterion holds' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, criterion, met = true }) => `${met ? 'met' : 'unmet'} ${criterion} of ${task_id}`,
  async decide(view, { task_id: id, criterion: name, met = true }, by) {
    const before = await needTask(view, id);
    const old = before.criteria.find(criterion => criterion.id === name);
    if (!old) {
      const names = before.criteria.map(criterion => criterion.id).join(', ') || 'none';
      refuse('NOT_FOUND', `${id} has no criterion ${name} (it has ${names})`, { hint: `ledgenter task get ${id}` });
    }
    const result = { task_id: id, criterion: name };
    if (old.met === met) return { same: result };
    const { met_by: _by, met_at: _at, proof: _proof, ...rest } = old;
    const now: Criterion = met ? { ...rest, met, met_by: by.actor, met_at: by.at } : { ...rest, met };
    const criteria = before.criteria.map(criterion => (criterion.id === name ? now : criterion));
    return settle(view, by, [{ id, before, after: { ...before, criteria } }], [], result);
  },
  show: (context, result) => answer(context, result.task_id),
});
