import * as z from 'zod/mini';
import { mark, word } from '../../kernel/fields.ts';
import { MIN_PREFIX, prefixBody } from '../../kernel/ids.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { draftFields, newTask } from './draft.ts';
import { taskRecord } from './record.ts';
import { brief } from './show.ts';
import { settle } from './write.ts';

/** Most tasks of one entry. */
export const MAX_BATCH = 200;

const local = () => mark(word(), { verbatim: true, word: true });

/** What `name` means in a batch: one of its keys, or a task that exists. */
async function resolve(view: View, keys: ReadonlyMap<string, string>, name: string): Promise<string> {
  const here = keys.get(name);
  if (here !== undefined) return here;
  const body = prefixBody(taskRecord.letter, name);
  const found = body === undefined ? [] : await view.matching(taskRecord, body);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) refuse('AMBIGUOUS', `${name} means ${found.slice(0, 5).join(', ')}`);
  refuse('NOT_FOUND', `${name} is neither a key of this batch nor a task (${MIN_PREFIX} characters or more)`);
}

export const createMany = defineOperation({
  name: 'task.create_many',
  kind: 'write',
  creates: true,
  summary: 'Create several tasks in one entry, all or none; depends_on and parent may name keys of the batch',
  input: () =>
    z.strictObject({
      tasks: z
        .array(
          z.strictObject({
            key: local(),
            ...draftFields(),
            parent: z.optional(local()),
            depends_on: z.optional(z.array(local()).check(z.maxLength(200))),
          }),
        )
        .check(z.minLength(1), z.maxLength(MAX_BATCH)),
    }),
  examples: [
    {
      cli: `ledgenter task create-many --tasks '[{"key":"a","title":"Design"},{"key":"b","title":"Build","depends_on":["a"]}]'`,
      says: 'a small plan, the second task waiting for the first',
    },
  ],
  subject: ({ tasks }) => `created ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}: ${tasks[0]!.title}`,
  async decide(view, { tasks }, by) {
    const keys = new Map(tasks.map(({ key }, index) => [key, by.newId(any(taskRecord), index)]));
    if (keys.size < tasks.length) refuse('BAD_INPUT', 'two tasks of the batch have the same key');
    const edits = [];
    for (const { key, parent, depends_on, ...draft } of tasks) {
      const above = parent === undefined ? {} : { parent: await resolve(view, keys, parent) };
      const waits = await Promise.all((depends_on ?? []).map(name => resolve(view, keys, name)));
      edits.push({ id: keys.get(key)!, after: await newTask(view, { ...draft, ...above, depends_on: waits }, by) });
    }
    return settle(view, by, edits, [], { tasks: Object.fromEntries(keys) });
  },
  async show({ view }, { tasks }) {
    const made = [];
    for (const [key, id] of Object.entries(tasks as Record<string, string>)) {
      const task = await view.get(taskRecord, id);
      made.push({ key, ...(task ? brief(id, task) : { id }) });
    }
    return { tasks: made, total: made.length, hints: { next: 'ledgenter task query --ready' } };
  },
});
