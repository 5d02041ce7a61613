import { historyPort } from '../../logbook/ports.ts';
import { day, inline } from '../../markdown.ts';
import { defineSection, type Items, listed, MAX_ITEMS } from './section.ts';

interface Row {
  at: string;
  actor: string;
  op: string;
  says: string;
  /** Of the entry: `git log` finds it. */
  oid: string;
}

/** What was done to it, by the logbook: the newest entries, oldest first. */
export const timeline = defineSection<Items<Row>>({
  key: 'timeline',
  title: 'Timeline',
  async read({ context, id }) {
    const history = await context.use(historyPort);
    const { rows, total } = await history.entries({ task_id: id }, { limit: MAX_ITEMS });
    if (rows.length === 0) return undefined;
    const items = rows.reverse().map(({ at, actor, op, says, oid }) => ({ at, actor, op, says, oid }));
    return { items, ...(items.length < total ? { left_out: total - items.length } : {}) };
  },
  lines: items => listed(items, ({ at, actor, says }) => `- ${day(at)} ${actor} ${inline(says)}`),
});
