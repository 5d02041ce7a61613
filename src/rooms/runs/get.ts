import * as z from 'zod/mini';
import { idOf } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { cut } from '../lists.ts';
import { historyPort } from '../logbook/ports.ts';
import { find } from '../lookup.ts';
import { tables } from '../rows.ts';
import { taskRecord } from '../tasks/record.ts';
import { runTable } from './ports.ts';
import { runRecord } from './record.ts';
import { shownRun } from './show.ts';

/** Children and tasks that are named; entries of the run that are looked through for the tasks. */
const CHILDREN = 20;
const TASKS = 20;
const ENTRIES = 200;

export const get = defineOperation({
  name: 'run.get',
  kind: 'read',
  summary: 'Show a run: how it began and ended, its child runs, its entries and the tasks it touched',
  input: () => z.strictObject({ run_id: z.optional(idOf('run')), full: z.optional(z.boolean()) }),
  positional: 'run_id',
  examples: [{ cli: 'ledgenter run get', says: 'this run' }],
  async query(context, { run_id, full }) {
    const id = run_id ?? context.who.run[0]!;
    const run = await find(context.view, runRecord, id);
    if (!run) {
      refuse('NOT_FOUND', `run ${id} has written nothing yet`, { hint: 'ledgenter run query' });
    }
    const rows = await (await context.use(tables)).rows(runTable);
    const children = rows.filter(row => row.parent === id);
    return {
      run: shownRun(id, run, full),
      ...(children.length === 0
        ? {}
        : {
            children: children
              .slice(0, CHILDREN)
              .map(({ id: child, actor, kind, ended_at }) => ({ id: child, actor, kind, ended_at })),
            children_total: children.length,
          }),
      ...(await touched(context, id)),
    };
  },
});

async function touched(context: Context, run: string): Promise<{ [key: string]: unknown }> {
  const history = await context.use(historyPort);
  const { rows, total } = await history.entries({ run }, { limit: ENTRIES });
  const ids = [...new Set(rows.flatMap(row => row.records.filter(id => id.startsWith(`${taskRecord.letter}-`))))];
  const tasks: { id: string; status?: string; title?: string }[] = [];
  for (const id of ids.slice(0, TASKS)) {
    const task = await find(context.view, taskRecord, id);
    tasks.push(task ? { id, status: task.status, title: cut(task.title, 80) ?? task.title } : { id });
  }
  return {
    entries: total,
    tasks,
    ...(ids.length > TASKS || total > ENTRIES
      ? { truncated: true, whole: `ledgenter activity query --run-id ${run}` }
      : {}),
  };
}
