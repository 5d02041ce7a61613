import * as z from 'zod/mini';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, type RecordDef } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { knowledgeRecord } from '../knowledge/record.ts';
import { find } from '../lookup.ts';
import { plain } from '../room.ts';
import { taskRecord } from '../tasks/record.ts';

const intro = lazy(() =>
  z.strictObject({
    by: z.string().check(z.minLength(1), z.maxLength(200)),
    at: z.string().check(z.refine(value => parseInstant(value) === value, { error: 'is no stored time' })),
  }),
);
export type Intro = z.infer<ReturnType<typeof intro>>;

/** Its key is the id of the introduction: each is linked to a task once. */
export const introRecord: RecordDef<Intro> = defineRecord<Intro>({
  kind: 'introduction',
  command: 'intro',
  room: 'intros',
  owner: plain(taskRecord),
  schema: intro,
  appendOnly: true,
});

/** The introductions that are linked to a task, as they are called now, oldest link first; archived ones are left out. */
export async function introsOf(view: View, task: string): Promise<{ id: string; title: string }[]> {
  const all = await view.all(introRecord, task);
  const found: { id: string; title: string }[] = [];
  for (const { id } of all.sort((a, b) => (a.record.at < b.record.at ? -1 : 1))) {
    const known = await find(view, knowledgeRecord, id);
    if (known && !known.archived) found.push({ id, title: known.title });
  }
  return found;
}
