import * as z from 'zod/mini';
import { LedgerError } from '../../kernel/errors.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import type { Instant } from '../../kernel/time.ts';
import { taskId } from '../tasks/fields.ts';
import type { Task } from '../tasks/record.ts';
import { needTask } from '../tasks/write.ts';
import { short } from '../validation/show.ts';
import { filesOf } from './linked.ts';
import { type FileState, fileSite } from './ports.ts';

export const status = defineOperation({
  name: 'file.status',
  kind: 'read',
  summary: 'The files linked to a task: which are there, and which changed since it was claimed, as git says here',
  input: () => z.strictObject({ task_id: taskId() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter file status <task_id>', says: 'which of them you touched' }],
  table: {
    rows: 'files',
    columns: ['path', 'role', 'exists', 'changed', 'uncommitted', 'note'],
    none: 'no file is linked',
  },
  async query(context, { task_id: id }) {
    const task = await needTask(context.view, id);
    const files = await filesOf(context.view, id);
    const { since, of } = sinceOf(task);
    const { states, note } = await statesOf(
      context,
      files.map(({ path }) => path),
      since,
    );
    const rows = files.map(({ path, role, note: words }) => {
      const { path: _same, ...state } = states.get(path) ?? { path };
      return { path, role, ...state, ...(words === undefined ? {} : { note: short(words) }) };
    });
    return {
      files: rows,
      total: rows.length,
      since,
      since_it_was: of,
      ...(note === undefined ? {} : { note }),
      hints: { next: files.length === 0 ? `ledgenter file link ${id} --path <path>` : `ledgenter task get ${id}` },
    };
  },
});

/** From when on a change counts: the claim that goes on; where nobody holds it, the task's beginning. */
function sinceOf({ hold, created_at }: Task): { since: Instant; of: 'claimed' | 'created' } {
  return hold ? { since: hold.since, of: 'claimed' } : { since: created_at, of: 'created' };
}

/** What this checkout says of them; where there is none, the list stands all the same. */
async function statesOf(
  { use }: Context,
  paths: readonly string[],
  since: Instant,
): Promise<{ states: Map<string, FileState>; note?: string }> {
  if (paths.length === 0) return { states: new Map() };
  try {
    const found = await (await use(fileSite)).states(paths, since);
    return { states: new Map(found.map(state => [state.path, state])) };
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'NO_REPOSITORY') throw error;
    return { states: new Map(), note: 'there is no work tree here to look at' };
  }
}
