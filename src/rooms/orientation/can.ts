import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { choice } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { taskId } from '../tasks/fields.ts';
import { gapsOf } from '../tasks/gates.ts';
import { activeTask, taskIndex } from '../tasks/ports.ts';
import type { Task } from '../tasks/record.ts';
import { needTask } from '../tasks/write.ts';
import { CAN, type Can, GATED, TRIALS } from './can/actions.ts';
import { refusals } from './can/trial.ts';
import { needMeant } from './meant.ts';
import type { Blocker } from './next-action/step.ts';
import { catalogue } from './ports.ts';

export const can = defineOperation({
  name: 'can',
  kind: 'read',
  toolset: 'orientation',
  summary:
    'Whether you may do something to a task now: yes, or no with everything that is in the way and what mends it',
  input: () => z.strictObject({ action: choice(CAN), task_id: z.optional(taskId()) }),
  positional: 'action',
  second: 'task_id',
  exit: answer => (answer.can === true ? EXIT.ok : EXIT.no),
  examples: [
    { cli: 'ledgenter can done <task_id>', says: 'what is missing, all of it' },
    { cli: 'ledgenter can claim <task_id>', says: 'exits with 1 when it is not yours to take' },
  ],
  async query(context, { action, task_id }) {
    const id = task_id ?? (await asked(context, action));
    const task = await needTask(context.view, id);
    const trial = await TRIALS[action](context.view, id, task);
    const blockers = 'operation' in trial ? await tried(context, action, id, task, trial) : [trial];
    const yes = blockers.length === 0;
    return {
      can: yes,
      action,
      task: { id, status: task.status },
      blockers,
      hints: { next: yes && 'command' in trial ? trial.command : `ledgenter next ${id}` },
    };
  },
});

async function tried(
  context: Context,
  action: Can,
  id: string,
  task: Task,
  trial: { operation: string; input: { [key: string]: unknown }; command: string },
): Promise<Blocker[]> {
  const { operations } = await context.use(catalogue);
  const operation = operations.find(({ name }) => name === trial.operation);
  if (operation?.kind !== 'write') throw new TypeError(`${trial.operation} writes nothing`);
  const found: Blocker[] = [];
  for (const { code, message, hint } of await refusals(context, operation, trial.input))
    found.push({
      what: message,
      remedy: code === 'HUMAN_ONLY' ? `a person runs: ${trial.command}` : hint.replace('<task_id>', id),
    });
  if (GATED.includes(action)) for (const gap of await gaps(context.view, action, id, task)) found.push(gap);
  const once = new Map(found.map(one => [one.what, one]));
  return [...once.values()];
}

/** All gates that are open; what is looked at only after the work is handed in does not keep it from that. */
async function gaps(view: View, action: Can, id: string, task: Task): Promise<Blocker[]> {
  const found: Blocker[] = [];
  for await (const { gate, message, hint } of gapsOf(view, id, task))
    if (action === 'done' || gate === 'todos' || gate === 'plan') found.push({ what: message, remedy: hint });
  return found;
}

/** The task of a question that names none; for a claim the active one, else the best that is ready. */
async function asked(context: Context, action: Can): Promise<string> {
  if (action !== 'claim') return needMeant(context, `ledgenter can ${action} <task_id>`);
  const active = await (await context.use(activeTask)).id();
  if (active !== undefined) return active;
  const index = await context.use(taskIndex);
  for await (const { id } of index.claimable({ actor: context.who.actor }, context.now)) return id;
  refuse('NOT_FOUND', 'nothing is ready for you', { hint: 'ledgenter task query --ready --explain' });
}
