import * as z from 'zod/mini';
import { choice, oid, text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { Overlay, View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { criterionId, lookedSha, taskId } from '../tasks/fields.ts';
import { type Criterion, taskRecord } from '../tasks/record.ts';
import { needTask, settle, throwFinding } from '../tasks/write.ts';
import { commitsHash, criterionHash, lookedHash, roundsOf } from './gate.ts';
import { CHECK_RESULTS, checkRecord, type ValidationCheck } from './record.ts';
import { checkFinding, reviewedFinding, workerFinding } from './rules.ts';
import { looked, needLooked } from './said.ts';
import { answer } from './show.ts';

export const check = defineOperation({
  name: 'validate.check',
  kind: 'write',
  summary:
    'Say what you saw of one criterion of a task in review that another worked on: pass meets it (with a check command only by its proof), fail does not',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      criterion: criterionId(),
      result: choice(CHECK_RESULTS),
      text: text(),
      commit: z.optional(oid()),
      looked_sha256: z.optional(lookedSha()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter validate check <task_id> --criterion c1 --result pass --text 'ran it for an hour, swept every minute'",
      says: 'the first criterion holds',
    },
    {
      cli: "ledgenter validate check <task_id> --criterion c1 --result fail --text 'the last row stays'",
      says: 'it does not',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, criterion, result }) => `saw ${criterion} of ${task_id} ${SAW[result]}`,
  placed: ({ view }, given) => looked(view, given),
  async decide(view, { task_id: id, criterion: name, result, text: words, commit, looked_sha256 }, by) {
    const before = await needTask(view, id);
    const closed = reviewedFinding(id, before);
    if (closed) throwFinding(closed, 'validation.check');
    const worker = workerFinding(id, before, by.actor);
    if (worker) throwFinding(worker, 'validation.worker');
    const old = before.criteria.find(one => one.id === name);
    if (!old) {
      const names = before.criteria.map(one => one.id).join(', ') || 'none';
      refuse('NOT_FOUND', `${id} has no criterion ${name} (it has ${names})`, {
        hint: `ledgenter validate status ${id}`,
      });
    }
    needLooked({ task_id: id, looked_sha256 }, await lookedHash(view, id, before, name));
    const now = judged(old, result, by);
    const record: ValidationCheck = {
      round: (await roundsOf(view, id)).length + 1,
      criterion: name,
      criterion_sha256: criterionHash(old),
      commits_sha256: await commitsHash(view, id),
      result,
      text: words,
      ...(commit === undefined ? {} : { commit }),
      ...(result === 'pass' && now.proof !== undefined ? { proof: now.proof } : {}),
      by: by.actor,
      at: by.at,
    };
    const check_id = by.newId(any(checkRecord));
    const after = { ...before, criteria: before.criteria.map(one => (one === old ? now : one)) };
    const files = [checkRecord.put(check_id, record, id)];
    const then = new View(new Overlay(view.reader, [taskRecord.put(id, after), ...files]));
    const found = await checkFinding({ task_id: id, id: check_id, record, intent: by.intent, was: view, view: then });
    if (found) throwFinding(found, 'validation.check');
    return settle(view, by, [{ id, before, after }], files, { task_id: id, check_id, round: record.round });
  },
  async show(context, { task_id, check_id, round }, { criterion, result }) {
    return { check_id, round, criterion, result, ...(await answer(context, task_id)) };
  },
});

const SAW = { pass: 'hold', fail: 'fail', blocked: 'blocked' } as const;

/** The criterion after a check: a word meets one without a command, and takes any back. */
function judged(
  criterion: Criterion,
  result: (typeof CHECK_RESULTS)[number],
  { actor, at }: { actor: string; at: string },
): Criterion {
  const { met_by: _by, met_at: _at, proof: _proof, ...rest } = criterion;
  if (result === 'fail') return criterion.met ? { ...rest, met: false } : criterion;
  if (result === 'blocked' || criterion.check !== undefined) return criterion;
  return { ...rest, met: true, met_by: actor, met_at: at };
}
