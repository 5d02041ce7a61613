import { cut } from '../../lists.ts';
import { inline } from '../../markdown.ts';
import { detail } from '../../tasks/report/work.ts';
import { logRecord, type WorkLog } from '../../work/record.ts';
import { definePart, MAX_ITEMS, MAX_TEXT } from './part.ts';

/** Kinds that say something of what came out; progress, scans and commands are the way there. */
const TOLD: readonly string[] = ['change', 'deviation', 'artifact'];

interface Worked {
  entries: WorkLog[];
  more?: number;
}

/** What the work log says was changed, and where it went another way than planned. */
export const work = definePart<Worked>({
  key: 'work',
  async read(view, id) {
    const all = (await view.all(logRecord, id)).filter(({ record }) => TOLD.includes(record.kind));
    const sorted = all.sort((a, b) => (a.record.at + a.id < b.record.at + b.id ? -1 : 1));
    if (sorted.length === 0) return undefined;
    const entries = sorted.slice(0, MAX_ITEMS).map(({ record }) => ({
      ...record,
      text: cut(record.text, MAX_TEXT) ?? record.text,
      ...(record.paths ? { paths: record.paths.slice(0, MAX_ITEMS) } : {}),
    }));
    return { entries, ...(entries.length < sorted.length ? { more: sorted.length - entries.length } : {}) };
  },
  lines: ({ entries, more }) => [
    ...entries.map(entry => `${entry.kind}: ${inline(entry.text)}${detail(entry)}`),
    ...(more ? [`and ${more} more in its work log`] : []),
  ],
});
