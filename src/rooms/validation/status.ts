import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { askedOf, gapOf } from '../tasks/gates.ts';
import { nextFor } from '../tasks/show.ts';
import { needTask } from '../tasks/write.ts';
import { commitsHash, roundsOf, workedOn } from './gate.ts';
import { roundKey, type Validation } from './record.ts';
import { roundOf, short, shownWaivers } from './show.ts';
import { type Standing, standingOf } from './standing.ts';

/** Ended rounds that are shown, newest last. */
const ROUNDS = 10;

export const status = defineOperation({
  name: 'validate.status',
  kind: 'read',
  summary:
    'How the validation of a task stands: each criterion with what was seen of it, rounds, waivers, what is left',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter validate status <task_id>', says: 'what is to be checked, and who may' }],
  async query(context, { task_id: id }) {
    const { view, who } = context;
    const task = await needTask(view, id);
    const asked = await askedOf(view, task);
    const rounds = await roundsOf(view, id);
    const open = task.status === 'in_review';
    // Where it is over, or passed and still counts, the last round shows: what was seen when it ended.
    const { round } = await roundOf(view, id, task);
    const commits = await commitsHash(view, id);
    const gap = await gapOf(view, id, task);
    const waivers = await shownWaivers(view, id, task);
    const standing = await standingOf(view, id, task, round);
    const next = await nextFor(view, id, task, who.actor, context);
    return {
      task_id: id,
      title: task.title,
      status: task.status,
      asked: asked.validation_required,
      ...(task.assignee === undefined ? {} : { worker: task.assignee }),
      ...(workedOn(task, who.actor) ? { you_worked_on_it: true } : {}),
      round,
      criteria: standing.map(shown),
      ...(rounds.length === 0 ? {} : { rounds: rounds.map(told).slice(-ROUNDS) }),
      ...(waivers.length === 0 ? {} : { waivers }),
      ...(gap && open ? { gate: gap.gate, left: gap.message } : {}),
      hints: { next: next ?? `ledgenter task get ${id}` },
    };

    function told({ result, summary, by, at, commits_sha256 }: Validation, index: number) {
      const outdated = commits_sha256 === commits ? {} : { other_commits: true };
      return { round: roundKey(index + 1), result, by, at, summary: short(summary), ...outdated };
    }
  },
});

function shown({ criterion, check, outdated, unproven, waiver }: Standing): Record<string, unknown> {
  return {
    id: criterion.id,
    met: criterion.met,
    result: waiver ? 'waived' : (check?.result ?? 'unchecked'),
    ...(check ? { by: check.by, saw: short(check.text) } : {}),
    ...(check?.commit === undefined ? {} : { commit: check.commit }),
    ...(waiver ? { by: waiver.by, saw: short(waiver.reason) } : {}),
    ...(outdated === undefined ? {} : { outdated: `${outdated} changed since it was checked` }),
    ...(criterion.check === undefined ? {} : { check: short(criterion.check) }),
    ...(unproven === undefined ? {} : { unproven }),
    text: short(criterion.text),
  };
}
