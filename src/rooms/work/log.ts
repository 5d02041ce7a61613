import * as z from 'zod/mini';
import { choice, oid, text } from '../../kernel/fields.ts';
import { type By, type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { wholeId } from '../tasks/code_ref.ts';
import { taskId, webUrl } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { needTask, settle } from '../tasks/write.ts';
import { namedPaths, todoId } from './fields.ts';
import { logRecord, type WorkLog } from './record.ts';
import { nextOn, stateOf } from './show.ts';
import { needHand, needTodo } from './todos.ts';

/** Kinds that somebody tells; the others are measured. */
export const TOLD_KINDS = ['change', 'deviation', 'progress', 'artifact'] as const;

/** What a told entry must name beside its words; undefined when it names enough. */
export function unnamed({ kind, paths, commit, url }: Pick<WorkLog, 'kind' | 'paths' | 'commit' | 'url'>) {
  if (kind === 'change' && !paths && commit === undefined) return 'a change names a path or a commit';
  if (kind === 'artifact' && !paths && commit === undefined && url === undefined)
    return 'an artifact names a path, a url or a commit';
  return undefined;
}

/** The file of an entry of the work log that an entry of the book adds. */
export function logFile(task: string, record: Omit<WorkLog, 'by' | 'at'>, by: By): { id: string; file: FileChange } {
  const id = by.newId(any(logRecord));
  return { id, file: logRecord.put(id, { ...record, by: by.actor, at: by.at }, task) };
}

/**
 * Adds an entry to the work log of a task.
 * @throws LedgerError NOT_FOUND, NOT_HOLDER, REFUSED
 */
export async function logged(view: View, id: string, record: Omit<WorkLog, 'by' | 'at'>, by: By) {
  const task = await needTask(view, id);
  needHand(id, task, by);
  if (record.todo_id !== undefined) await needTodo(view, id, record.todo_id);
  const { id: log_id, file } = logFile(id, record, by);
  return settle(view, by, [{ id, before: task, after: task }], [file], { task_id: id, log_id });
}

/** The next command after something was written in the work log of a task. */
export async function nextAfter(context: Context, id: string): Promise<string> {
  const { task, todos } = await stateOf(context.view, id);
  return nextOn(context, id, task, todos);
}

export const log = defineOperation({
  name: 'work.log',
  kind: 'write',
  summary: 'Log what was done on a task: a change or artifact with its paths, a deviation from the plan, progress',
  input: () =>
    z.strictObject({
      task_id: taskId(),
      kind: choice(TOLD_KINDS),
      text: text(),
      path: z.optional(namedPaths()),
      commit: z.optional(oid()),
      todo_id: z.optional(todoId()),
      url: z.optional(webUrl()),
    }),
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter work log <task_id> --kind change --path src/sweeper.ts --text 'sweeps every minute'",
      says: 'what was changed, and where',
    },
    {
      cli: "ledgenter work log <task_id> --kind deviation --text 'no timer: the host has one'",
      says: 'not as planned',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  async placed(context, input) {
    const whole = input.commit === undefined ? undefined : await wholeId(context, input.commit);
    return whole === undefined ? input : { ...input, commit: whole };
  },
  subject: ({ task_id, kind }) => `logged ${kind} on ${task_id}`,
  async decide(view, { task_id, path, ...told }, by) {
    const record = { ...told, ...(path === undefined ? {} : { paths: path.map(one => ({ path: one })) }) };
    const missing = unnamed(record);
    if (missing !== undefined)
      refuse('BAD_INPUT', missing, {
        hint: `ledgenter work log ${task_id} --kind ${told.kind} --path '<path>' --text '<what it is>'`,
      });
    return logged(view, task_id, record, by);
  },
  async show(context, { task_id, log_id }) {
    return { log_id, hints: { next: await nextAfter(context, String(task_id)) } };
  },
});
