import * as z from 'zod/mini';
import { choice, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { cut, newestPage, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { needTask } from '../tasks/write.ts';
import { todoId } from './fields.ts';
import { LOG_KINDS, logRecord, type WorkLog } from './record.ts';

/** Characters of a text, and paths, of one entry in the list. */
const WORDS = 400;
const PATHS = 10;

export const workQuery = defineOperation({
  name: 'work.query',
  kind: 'read',
  summary: 'The work log of a task, newest first; full gives texts, paths and outputs uncut',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      kind: z.optional(z.array(choice(LOG_KINDS)).check(z.maxLength(LOG_KINDS.length))),
      todo_id: z.optional(todoId()),
      full: z.optional(z.boolean()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter work query <task_id> --kind command', says: 'what was run, and how it ended' }],
  table: { rows: 'log', columns: ['id', 'at', 'by', 'kind', 'todo_id', 'text'], none: 'nothing was logged' },
  async query({ view }, { task_id: id, kind, todo_id, full = false, fields, ...page }) {
    await needTask(view, id);
    const all = (await view.all(logRecord, id)).map(({ id: name, record }) => ({ id: name, ...record }));
    const found = all.filter(
      one => (!kind || kind.includes(one.kind)) && (todo_id === undefined || one.todo_id === todo_id),
    );
    const { items, ...counts } = newestPage(found, 'at', page);
    return { log: items.map(one => pick(full ? one : shortened(one), fields, 'id')), ...counts };
  },
});

function shortened<R extends WorkLog>({ text, paths, more_paths, output_tail, ...rest }: R) {
  const shown = paths?.slice(0, PATHS);
  const left = (paths?.length ?? 0) - (shown?.length ?? 0) + (more_paths ?? 0);
  const failed = rest.kind === 'command' && rest.exit_code !== 0;
  return {
    ...rest,
    text: cut(text, WORDS) ?? text,
    ...(shown === undefined ? {} : { paths: shown.map(one => [one.change, one.path].filter(Boolean).join(' ')) }),
    ...(left > 0 ? { more_paths: left } : {}),
    // What failed is looked at; the end of what passed is asked for.
    ...(failed && output_tail !== undefined ? { output_tail: lastOf(output_tail) } : {}),
  };
}

function lastOf(tail: string): string {
  const end = [...tail];
  return end.length <= WORDS ? tail : `…${end.slice(-WORDS).join('')}`;
}
