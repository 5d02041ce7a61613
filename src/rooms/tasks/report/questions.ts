import { inline, quoted } from '../../markdown.ts';
import { type Question, questionRecord } from '../../plans/record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

export const questions = defineSection<Items<Question & { id: string }>>({
  key: 'questions',
  title: 'Questions',
  async read({ context: { view }, id }) {
    const all = byTime(await view.all(questionRecord, id));
    return some(
      all.map(one => ({ ...one, text: short(one.text), ...(one.answer ? { answer: short(one.answer) } : {}) })),
    );
  },
  lines: items =>
    listed(items, ({ id, text, required, status, answer, by, answered_by }) => [
      `- ${id}, ${by}${required ? ', required' : ''}, ${status}${answered_by ? ` by ${answered_by}` : ''}: ${inline(text)}`,
      ...(answer === undefined ? [] : ['', ...quoted(answer, '  '), '']),
    ]),
});
