import { PAGE } from '../../lists.ts';
import { find } from '../../lookup.ts';
import { literal } from '../../markdown.ts';
import { taskIndex } from '../ports.ts';
import { taskRecord } from '../record.ts';
import { defineSection, type Items, listed, MAX_ITEMS, type Subject, some } from './section.ts';

interface Linked {
  how: string;
  id: string;
  title?: string;
  status?: string;
}

/** Tasks that it waits for, came from, is part of, or that are below it. */
export const links = defineSection<Items<Linked>>({
  key: 'links',
  title: 'Other tasks',
  async read(subject) {
    const { context, task } = subject;
    const named: [string, string][] = [
      ...(task.parent === undefined ? [] : [['parent', task.parent] as [string, string]]),
      ...task.depends_on.map((id): [string, string] => ['waits for', id]),
      ...task.links.map(({ kind, task_id }): [string, string] => [kind.replace('_', ' '), task_id]),
    ];
    const all: Linked[] = [];
    for (const [how, id] of named.slice(0, MAX_ITEMS)) {
      const other = await find(context.view, taskRecord, id);
      all.push({ how, id, ...(other ? { title: other.title, status: other.status } : {}) });
    }
    const below = await children(subject);
    const shown = some([...all, ...below.rows]);
    const left = named.length - all.length + below.more + (shown?.left_out ?? 0);
    return shown && { items: shown.items, ...(left > 0 ? { left_out: left } : {}) };
  },
  lines: items =>
    listed(items, ({ how, id, title, status }) => `- ${how} ${id}${title ? ` ${literal(title)} (${status})` : ''}`),
});

async function children({ context, id }: Subject): Promise<{ rows: Linked[]; more: number }> {
  const index = await context.use(taskIndex);
  const { rows, total } = await index.query({ parent: id }, { limit: PAGE, now: context.now });
  const shown = rows.map(({ id: child, title, status }) => ({ how: 'child', id: child, title, status }));
  return { rows: shown, more: total - rows.length };
}
