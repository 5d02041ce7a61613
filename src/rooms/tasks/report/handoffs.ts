import { byAge, type HandoffRow, handoffTable } from '../../handoffs/table.ts';
import { day, literal } from '../../markdown.ts';
import { type Named, tables } from '../../rows.ts';
import { defineSection, type Items, listed, some } from './section.ts';

/** Questions, reviews and the like about it, with their verdicts. */
export const handoffs = defineSection<Items<Named<HandoffRow>>>({
  key: 'handoffs',
  title: 'Handoffs and reviews',
  async read({ context, id }) {
    const rows = await (await context.use(tables)).rows(handoffTable);
    return some(rows.filter(({ task_id }) => task_id === id).sort(byAge), 'last');
  },
  lines: items =>
    listed(items, ({ id, kind, status, title, from, to, verdict, answered_by, created_at }) => {
      const answer = answered_by ? `, ${verdict ?? 'answered'} by ${answered_by}` : '';
      return `- ${day(created_at)} ${kind} ${id} ${literal(title)}: ${from} → ${to.join(', ')}, ${status}${answer}`;
    }),
});
