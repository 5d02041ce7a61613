import { code, inline } from '../../markdown.ts';
import { numberOf } from '../../work/gate.ts';
import { type Evidence, type Todo, todoRecord } from '../../work/record.ts';
import { defineSection, type Items, listed, short, some } from './section.ts';

export const todos = defineSection<Items<Todo & { id: string }>>({
  key: 'todos',
  title: 'Todos',
  async read({ context: { view }, id }) {
    const all = (await view.all(todoRecord, id)).sort((a, b) => numberOf(a.id) - numberOf(b.id));
    return some(all.map(({ id: key, record }) => ({ ...record, id: key, text: short(record.text) })));
  },
  lines: items =>
    listed(items, ({ id, text, status, optional, evidence, reason, updated_by }) => {
      const how = status === 'done' || status === 'open' ? '' : ` (${status}${reason ? `: ${inline(reason)}` : ''})`;
      const shows = evidence ? `, shown by ${shownBy(evidence)}` : '';
      const by = status === 'open' ? '' : `, ${updated_by}`;
      return `- [${status === 'done' ? 'x' : ' '}] ${id}${optional ? ', optional,' : ''} ${inline(text)}${how}${shows}${by}`;
    }),
});

function shownBy({ commit, log_id, attachment_id, text }: Evidence): string {
  const parts = [
    commit && `commit ${code(commit.slice(0, 12))}`,
    log_id,
    attachment_id,
    text && `“${inline(short(text))}”`,
  ];
  return parts.filter(Boolean).join(', ');
}
