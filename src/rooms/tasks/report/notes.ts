import { day, literal, quoted } from '../../markdown.ts';
import { type Note, noteRecord } from '../record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

export const notes = defineSection<Items<Note & { id: string }>>({
  key: 'notes',
  title: 'Notes',
  async read({ context: { view }, id }) {
    const all = byTime(await view.all(noteRecord, id)).map(note => ({ ...note, text: short(note.text) }));
    return some(all, 'last');
  },
  lines: items =>
    listed(items, ({ kind, text, decision_id, by, at }) => [
      `- ${day(at)}, ${literal(by)}, ${decision_id === undefined ? kind : `${kind} ${literal(decision_id)}`}:`,
      '',
      ...quoted(text, '  '),
      '',
    ]),
});
