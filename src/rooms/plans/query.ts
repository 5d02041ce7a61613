import * as z from 'zod/mini';
import { limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { cut, newestPage, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { stateOf, verdictsOf, versionsOf } from './look.ts';
import { planKey } from './record.ts';

/** Characters of a goal, or of what was said, that a row shows. */
const ROW = 120;

const brief = (text: string): string => {
  const line = text.split('\n', 1)[0]!;
  return cut(line, ROW) ?? line;
};

export const query = defineOperation({
  name: 'plan.query',
  kind: 'read',
  summary: 'List the versions of a plan, newest first, with what became of each',
  input: () => z.strictObject({ task_id: taskId(), limit: limit(), ...pageFields() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter plan query <task_id>', says: 'who proposed what, and who accepted it' }],
  table: {
    rows: 'plans',
    columns: ['id', 'state', 'by', 'at', 'todos', 'decided_by', 'text'],
    none: 'no plan yet: ledgenter plan template <task_id>',
  },
  async query({ view }, { task_id: id, fields, ...page }) {
    const task = await needTask(view, id);
    const verdicts = await verdictsOf(view, id);
    const rows = [];
    for (const { version, plan, sha256 } of await versionsOf(view, id)) {
      const last = verdicts.filter(({ record }) => record.version === version).at(-1)?.record;
      rows.push({
        id: planKey(version),
        version,
        state: await stateOf(view, id, task, version, verdicts),
        text: brief(plan.goal),
        by: plan.by,
        at: plan.at,
        todos: plan.todos.length,
        criteria: plan.criteria.length,
        sha256,
        ...(last ? { decided_by: last.by, decided_at: last.at, note: brief(last.note) } : {}),
      });
    }
    const { items, ...rest } = newestPage(rows, 'at', page);
    const next = rows.length === 0 ? `ledgenter plan template ${id}` : `ledgenter plan get ${id}`;
    return { plans: items.map(row => pick(row, fields, 'id')), ...rest, hints: { next } };
  },
});
