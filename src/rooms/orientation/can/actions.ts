import type { View } from '../../../kernel/view.ts';
import { planRecord } from '../../plans/record.ts';
import type { Task } from '../../tasks/record.ts';
import { waivedCriteria } from '../../validation/gate.ts';
import { openTodos } from '../../work/gate.ts';

/** What one may ask whether it is allowed. */
export const CAN = [
  'claim',
  'plan',
  'accept',
  'implement',
  'todo',
  'finish',
  'validate',
  'waive',
  'review',
  'done',
  'cancel',
  'reopen',
  'release',
] as const;
export type Can = (typeof CAN)[number];

/** An operation that would do it, tried on the state and never written. */
export interface Trial {
  operation: string;
  input: { [key: string]: unknown };
  /** The command to paste where it is allowed. */
  command: string;
}

/** Why there is nothing that could be tried. */
export interface Blank {
  what: string;
  remedy: string;
}

/** Where the task must get through its gates, all of them are told. */
export const GATED: readonly Can[] = ['done', 'finish'];

const WORDS = 'as it would be';

/** What a trial of each action is; `Blank`: there is nothing that it could be done to. */
export const TRIALS: Record<Can, (view: View, id: string, task: Task) => Promise<Trial | Blank> | Trial | Blank> = {
  claim: (_view, id) => ({ operation: 'task.claim', input: { task_id: id }, command: `ledgenter task claim ${id}` }),
  plan: (_view, id) => ({
    operation: 'plan.propose',
    input: { task_id: id, goal: WORDS },
    command: `ledgenter plan propose ${id} --goal '<goal>'`,
  }),
  async accept(view, id) {
    const versions = (await view.ids(planRecord, id)).map(key => Number(key.slice(1)));
    if (versions.length === 0)
      return { what: `${id} has no plan`, remedy: `ledgenter plan propose ${id} --goal '<goal>'` };
    const version = Math.max(...versions);
    return {
      operation: 'plan.accept',
      input: { task_id: id, version, note: WORDS },
      command: `ledgenter plan accept ${id} --version ${version} --note '<why it is good>'`,
    };
  },
  implement: (_view, id) => ({
    operation: 'work.log',
    input: { task_id: id, kind: 'progress', text: WORDS },
    command: `ledgenter next ${id}`,
  }),
  async todo(view, id, task) {
    const [first] = await openTodos(view, id, task);
    if (!first) return { what: `${id} has no open todo`, remedy: `ledgenter todo add ${id} --text '<todo>'` };
    return {
      operation: first.record.status === 'open' ? 'todo.block' : 'todo.open',
      input: { task_id: id, todo_id: first.id, ...(first.record.status === 'open' ? { reason: WORDS } : {}) },
      command: `ledgenter todo get ${id} --todo-id ${first.id}`,
    };
  },
  finish: (_view, id) => ({
    operation: 'work.finish',
    input: { task_id: id, summary: WORDS },
    command: `ledgenter work finish ${id} --summary '<what was done>'`,
  }),
  async validate(view, id, task) {
    const waived = await waivedCriteria(view, id, task);
    const first = task.criteria.find(one => !waived.has(one.id));
    // A trial by the result that asks for nothing more than the right to say it.
    return first
      ? {
          operation: 'validate.check',
          input: { task_id: id, criterion: first.id, result: 'blocked', text: WORDS },
          command: `ledgenter next ${id}`,
        }
      : {
          operation: 'validate.finish',
          input: { task_id: id, result: 'blocked', summary: WORDS },
          command: `ledgenter next ${id}`,
        };
  },
  async waive(view, id, task) {
    const waived = await waivedCriteria(view, id, task);
    const first = task.criteria.find(one => !waived.has(one.id) && !one.met) ?? task.criteria[0];
    if (!first) return { what: `${id} has no criterion`, remedy: `ledgenter task get ${id}` };
    return {
      operation: 'validate.waive',
      input: { task_id: id, criterion: first.id, reason: WORDS },
      command: `ledgenter validate waive ${id} --criterion ${first.id} --reason '<why>'`,
    };
  },
  review: (_view, id, { review, reviewer }) =>
    review === undefined
      ? {
          what: reviewer === undefined ? `${id} asks for no review` : `${id} is not in review`,
          remedy: reviewer === undefined ? `ledgenter task update ${id} --reviewer '<actor>'` : `ledgenter next ${id}`,
        }
      : {
          operation: 'handoff.claim',
          input: { handoff_id: review },
          command: `ledgenter handoff respond ${review} --verdict <approve|reject> --answer '<why>'`,
        },
  done: (_view, id) => ({
    operation: 'task.update',
    input: { task_id: id, status: 'done' },
    command: `ledgenter task update ${id} --status done`,
  }),
  cancel: (_view, id) => ({
    operation: 'task.update',
    input: { task_id: id, status: 'cancelled', reason: WORDS },
    command: `ledgenter task update ${id} --status cancelled --reason '<why>'`,
  }),
  reopen: (_view, id, { status }) =>
    status === 'open'
      ? { what: `${id} is open`, remedy: `ledgenter next ${id}` }
      : {
          operation: 'task.update',
          input: { task_id: id, status: 'open', reason: WORDS },
          command: `ledgenter task update ${id} --status open --reason '<why>'`,
        },
  release: (_view, id) => ({
    operation: 'task.release',
    input: { task_id: id },
    command: `ledgenter task release ${id}`,
  }),
};
