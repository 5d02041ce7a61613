import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { mark } from '../../kernel/fields.ts';
import { isId, sha256Hex } from '../../kernel/ids.ts';
import { lazy } from '../../kernel/lazy.ts';
import type { View } from '../../kernel/view.ts';
import { ledgerName, tipOid } from '../ledger/fields.ts';
import { find } from '../lookup.ts';
import { askedTaskId, askId, askRecord } from './asks.ts';
import { FINAL, type Task, taskRecord } from './record.ts';

/** Records that come along with one task at most. */
export const MAX_BROUGHT = 4_000;

/** A file in the folder of a task: `notes/7k3qz0m4xv.json`. */
const INSIDE = /^[a-z][a-z0-9_-]{0,30}(?:\/[a-z0-9][a-z0-9._-]{0,70}){0,2}\/[a-z0-9][a-z0-9._-]{0,70}\.json$/;
export const isInside = (path: string): boolean => INSIDE.test(path) && !path.includes('..');

const machine = <S extends z.ZodMiniType>(schema: S): S => mark(schema, { machine: true });

/** What an entry says of the task that it brings from another ledger; the other records travel beside it, by their digest. */
export const adoption = lazy(() =>
  z.strictObject({
    task_id: machine(z.string().check(z.refine(text => isId('t', text), { error: 'is no whole task id' }))),
    from: ledgerName(),
    tip: tipOid(),
    /** The record as it was there, without its hold. */
    task: machine(
      z.record(z.string(), z.unknown()).check(
        z.refine(value => taskRecord.schema().safeParse(value).success && !('hold' in value), {
          error: 'is no task that nobody holds',
        }),
      ),
    ),
    /** What its project and its ledger asked of it there, which it asks of itself here. */
    asked: z.optional(
      z.strictObject({
        requires_evidence: z.optional(z.literal(true)),
        resolution_required: z.optional(z.literal(true)),
        plan_required: z.optional(z.literal(true)),
        validation_required: z.optional(z.literal(true)),
      }),
    ),
    /** Files in its folder, sorted. */
    records: machine(
      z
        .array(z.string().check(z.refine(isInside, { error: 'is no file in the folder of a task' })))
        .check(z.maxLength(MAX_BROUGHT)),
    ),
    /** {@link digestOf} them, 64 hex digits. */
    sha256: machine(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  }),
);
export type Adoption = z.infer<ReturnType<typeof adoption>>;

/** One digest over the paths inside the folder of a task and the bytes there, in the order given. */
export function digestOf(files: readonly { path: string; text: string }[]): string {
  return sha256Hex(canonicalJson(files.map(({ path, text }) => [path, sha256Hex(text)])));
}

/** The folder of a task, where all of its records lie. */
export function folderOf(id: string): string {
  const path = taskRecord.path(id);
  return path.slice(0, path.lastIndexOf('/'));
}

/**
 * The task as it is here: nobody holds it, what it names is here, and it says where it comes from. A function of the entry
 * and of the state before it, so that the law comes to the same. What is over stays over, on the word of its ledger; of what
 * was under way nobody works on it here yet.
 */
export async function adoptedTask(was: View, said: Adoption, by: { actor: string; at: string }): Promise<Task> {
  const {
    review: _review,
    parent,
    depends_on,
    links,
    also_asked,
    waived,
    adopted: _before,
    ...rest
  } = said.task as Task;
  const left: string[] = [];
  const here = async (id: string): Promise<boolean> => {
    const there = (await find(was, taskRecord, id)) !== undefined;
    if (!there) left.push(id);
    return there;
  };
  const parted = async <T>(items: readonly T[], id: (item: T) => string): Promise<T[]> => {
    const kept: T[] = [];
    for (const item of items) if (await here(id(item))) kept.push(item);
    return kept;
  };
  const waits = await parted(depends_on, id => id);
  const free = waits.filter(id => waived?.includes(id));
  const over = FINAL.includes(rest.status) || rest.status === 'blocked';
  const task: Task = {
    ...rest,
    ...said.asked,
    ...(parent !== undefined && (await here(parent)) ? { parent } : {}),
    status: over ? rest.status : 'open',
    depends_on: waits,
    ...(free.length > 0 ? { waived: free } : {}),
    links: await parted(links, link => link.task_id),
    also_asked: await freeOf(was, said.task_id, also_asked, left),
    imported: true,
    adopted: {
      ledger: said.from,
      tip: said.tip,
      status: rest.status,
      records: said.records.length,
      by: by.actor,
      at: by.at,
    },
  };
  const excused = (waived ?? []).filter(other => task.depends_on.includes(other));
  if (excused.length > 0) task.waived = excused;
  if (left.length > 0) task.adopted!.left = [...new Set(left)].sort();
  return JSON.parse(canonicalJson(task));
}

/** The further references that no other task has here: a reference has one owner. */
async function freeOf(was: View, id: string, refs: readonly string[], left: string[]): Promise<string[]> {
  const own: string[] = [];
  for (const ref of refs) {
    const first = askedTaskId(ref);
    const taken =
      (await find(was, askRecord, askId(ref))) ?? (first === id ? undefined : await find(was, taskRecord, first));
    (taken ? left : own).push(ref);
  }
  return own;
}
