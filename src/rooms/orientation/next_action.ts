import * as z from 'zod/mini';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { elsewhere } from './here.ts';
import { type Found, idle } from './next-action/idle.ts';
import { stepOf } from './next-action/index.ts';
import { progressOf } from './next-action/progress.ts';
import { Situation } from './next-action/situation.ts';
import { short } from './short.ts';

export const nextAction = defineOperation({
  name: 'next_action',
  kind: 'read',
  toolset: 'orientation',
  summary:
    'The one next command of a task, or without one of the work there is, to paste once its <placeholders> are filled; with alternatives, progress and what blocks it',
  input: () => z.strictObject({ task_id: z.optional(taskId()) }),
  positional: 'task_id',
  aliases: [{ name: 'next', args: [] }],
  examples: [
    { cli: 'ledgenter next', says: 'what to do now' },
    { cli: 'ledgenter next <task_id>', says: 'what this task needs from you' },
  ],
  async query(context, { task_id }) {
    const { step, situation } = task_id === undefined ? await idle(context) : await named(context, task_id);
    const { action, says, primary, item, others = [], blocking = [] } = step;
    const repo = situation && (await elsewhere(context, situation.task.project));
    return {
      action,
      command: primary.command,
      says,
      ...(situation
        ? { task: { id: situation.id, title: short(situation.task.title), status: situation.task.status } }
        : {}),
      item: item ?? null,
      commands: [{ ...primary, primary: true }, ...others.map(other => ({ ...other, primary: false }))],
      progress: situation ? await progressOf(situation) : {},
      blocking,
      ...(repo === undefined ? {} : { repo }),
    };
  },
});

async function named(context: Context, id: string): Promise<Found> {
  const situation = new Situation(context.view, id, await needTask(context.view, id), context.who.actor, context);
  return { step: await stepOf(situation), situation };
}
