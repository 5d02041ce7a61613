import { cut } from '../../lists.ts';
import { inline, literal } from '../../markdown.ts';
import { noteRecord } from '../../tasks/record.ts';
import { definePart, MAX_ITEMS, MAX_TEXT } from './part.ts';

interface Said {
  by: string;
  text: string;
}

/** Notes that say what was done. */
export const resolution = definePart<Said[]>({
  key: 'resolutions',
  async read(view, id) {
    const notes = (await view.all(noteRecord, id)).filter(({ record }) => record.kind === 'resolution');
    const sorted = notes.sort((a, b) => (a.record.at + a.id < b.record.at + b.id ? -1 : 1)).slice(-MAX_ITEMS);
    if (sorted.length === 0) return undefined;
    return sorted.map(({ record: { by, text } }) => ({ by, text: cut(text, MAX_TEXT) ?? text }));
  },
  lines: said => said.map(({ by, text }) => `${inline(text)} (${literal(by)})`),
});
