import * as z from 'zod/mini';
import { choice, text } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { Overlay, View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { lookedSha, taskId } from '../tasks/fields.ts';
import { asFinding, gapOf } from '../tasks/gates.ts';
import { moved } from '../tasks/move.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { criteriaHash, withReview } from '../tasks/review.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { commitsHash, lookedHash, roundsOf } from './gate.ts';
import { ROUND_RESULTS, roundKey, type Validation, validationRecord } from './record.ts';
import { reviewedFinding, workerFinding } from './rules.ts';
import { looked, needLooked } from './said.ts';
import { answer } from './show.ts';
import { passGap, standingOf } from './standing.ts';

export const finish = defineOperation({
  name: 'validate.finish',
  kind: 'write',
  summary:
    'End a round of validation: passed (every criterion passed in it or is waived) finishes the task where no gate is left, failed opens it again with the plan kept, blocked leaves it in review',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      result: choice(ROUND_RESULTS),
      summary: text(),
      looked_sha256: z.optional(lookedSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter validate finish <task_id> --result failed --summary 'the last row stays'",
      says: 'its worker goes on with it',
    },
    {
      cli: "ledgenter validate finish <task_id> --result passed --summary 'all rows are swept'",
      says: 'done, where nothing else is asked for',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, result }) => `validated ${task_id}: ${result}`,
  placed: ({ view }, given) => looked(view, given),
  async decide(view, { task_id: id, result, summary, looked_sha256 }, by) {
    const before = await needTask(view, id);
    const closed = reviewedFinding(id, before);
    if (closed) throwFinding(closed, 'validation.round');
    const worker = workerFinding(id, before, by.actor);
    if (worker) throwFinding(worker, 'validation.worker');
    needLooked({ task_id: id, looked_sha256 }, await lookedHash(view, id, before));
    const round = (await roundsOf(view, id)).length + 1;
    if (result === 'passed') {
      const gap = passGap(id, await standingOf(view, id, before, round));
      if (gap) throwFinding(asFinding(gap), 'validation.round');
    }
    const record: Validation = {
      result,
      summary,
      commits_sha256: await commitsHash(view, id),
      criteria_sha256: criteriaHash(before.criteria),
      ...(before.plan ? { plan: before.plan.version } : {}),
      by: by.actor,
      at: by.at,
    };
    const file = validationRecord.put(roundKey(round), record, id);
    const { task, files } = await withReview(view, by, id, before, await ended());
    const told = { task_id: id, validation: roundKey(round), result };
    return settle(view, by, [{ id, before, after: task }], [file, ...files], told);

    /** The task after the round: done only where nothing else is asked for. */
    async function ended(): Promise<Task> {
      if (result === 'failed') return moved(before, { status: 'open', reason: summary }, by);
      if (result === 'blocked') return before;
      const done = moved(before, { status: 'done' }, by);
      const then = new View(new Overlay(view.reader, [file]));
      return (await gapOf(then, id, done, before.status)) ? before : done;
    }
  },
  async show(context, { task_id, validation, result }) {
    const id = String(task_id);
    const task = await context.view.get(taskRecord, id);
    const gap = task?.status === 'in_review' && result === 'passed' ? await gapOf(context.view, id, task) : undefined;
    return {
      validation,
      result,
      ...(gap ? { gate: gap.gate, left: gap.message } : {}),
      ...(await answer(context, id)),
    };
  },
});
