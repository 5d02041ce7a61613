import { waivedCriteria } from '../../validation/gate.ts';
import type { Situation } from './situation.ts';

/** How far a task is, part by part; a part that it has none of is left out. */
export async function progressOf(situation: Situation): Promise<Record<string, unknown>> {
  const { view, id, task } = situation;
  const todos = await situation.todos();
  const questions = await situation.questions();
  const proposed = await situation.proposed();
  const rounds = await situation.rounds();
  const { criteria } = task;
  const waived = criteria.length > 0 ? await waivedCriteria(view, id, task) : new Set<string>();
  const open = todos.filter(({ record }) => record.status === 'open' || record.status === 'blocked');
  const done = todos.filter(({ record }) => record.status === 'done').length;
  const checked = (await situation.checks()).size;
  return {
    status: task.status,
    ...(proposed
      ? {
          plan: {
            version: proposed.version,
            verdict: proposed.verdict?.decision ?? null,
            ...(task.plan ? { accepted: task.plan.version } : {}),
          },
        }
      : {}),
    ...(questions.length > 0
      ? {
          questions: {
            total: questions.length,
            open: questions.filter(({ record }) => record.status === 'open').length,
          },
        }
      : {}),
    ...(todos.length > 0
      ? { todos: { total: todos.length, done, open: open.length, open_ids: open.slice(0, IDS).map(one => one.id) } }
      : {}),
    ...(criteria.length > 0
      ? {
          criteria: {
            total: criteria.length,
            met: criteria.filter(({ met }) => met).length,
            ...(waived.size > 0 ? { waived: waived.size } : {}),
          },
        }
      : {}),
    ...(rounds.length > 0 || checked > 0
      ? { validation: { rounds: rounds.length, last: rounds.at(-1)?.result ?? null, checked } }
      : {}),
  };
}

/** Ids of open todos that are listed. */
const IDS = 20;
