import * as z from 'zod/mini';
import { text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { named, verdictOf } from './accept.ts';
import { planSha, version } from './fields.ts';
import { needVersion } from './look.ts';
import { verdictRecord } from './record.ts';
import { REJECT, verdictFinding } from './rules.ts';

export const reject = defineOperation({
  name: REJECT,
  kind: 'write',
  summary: 'Reject a version of a plan (default the newest) and say why: no agent accepts it any more',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      version: z.optional(version()),
      reason: text(),
      sha256: z.optional(planSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter plan reject <task_id> --version 1 --reason 'no way back is planned'",
      says: 'the next version does better',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, version: number }) =>
    `rejected ${number === undefined ? 'the plan' : `plan v${number}`} of ${task_id}`,
  placed: ({ view }, given) => named(view, given),
  async decide(view, { task_id: id, reason, ...given }, by) {
    const before = await needTask(view, id);
    const { version: number } = await named(view, { task_id: id, ...given });
    const found = await needVersion(view, id, number);
    const finding = await verdictFinding(view, id, before, found, 'reject', by.intent);
    if (finding) throwFinding(finding, 'plan.verdict');
    const verdict = await verdictOf(view, by, id, found, 'reject', reason);
    return settle(
      view,
      by,
      [{ id, before, after: before, beside: true }],
      [verdictRecord.put(by.newId(any(verdictRecord)), verdict, id)],
      { task_id: id, version: number },
    );
  },
  show: async (_context, { task_id, version: number }) => ({
    rejected: true,
    task_id,
    version: number,
    hints: { next: `ledgenter plan template ${task_id}` },
  }),
});
