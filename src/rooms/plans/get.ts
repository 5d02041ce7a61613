import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { version } from './fields.ts';
import { needVersion, verdictsOf, versionOf } from './look.ts';
import { nextOf, saidOf, showPlan } from './show.ts';

export const get = defineOperation({
  name: 'plan.get',
  kind: 'read',
  summary: 'A version of a plan (default the accepted one, else the newest), and what was said of it',
  input: () => z.strictObject({ task_id: taskId(), version: z.optional(version()), full: z.optional(z.boolean()) }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter plan get <task_id>', says: 'the plan to work by' }],
  async query({ view }, { task_id: id, version: wanted, full = false }) {
    const task = await needTask(view, id);
    const found = await needVersion(view, id, wanted ?? task.plan?.version);
    const verdicts = await verdictsOf(view, id);
    const { plan, state, truncated } = await showPlan(view, id, task, found, verdicts, full);
    const newest = (await versionOf(view, id))!.version;
    const said = saidOf(verdicts, found.version);
    return {
      task_id: id,
      plan,
      ...(said.length > 0 ? { verdicts: said } : {}),
      ...(newest > found.version ? { newest } : {}),
      ...(truncated ? { truncated } : {}),
      hints: {
        next: nextOf(id, found.version, newest, state),
        ...(truncated ? { whole: `ledgenter plan get ${id} --version ${found.version} --full` } : {}),
      },
    };
  },
});
