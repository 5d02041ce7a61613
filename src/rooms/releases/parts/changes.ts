import { cut } from '../../lists.ts';
import { code, inline } from '../../markdown.ts';
import type { RecordedChange } from '../../tasks/record.ts';
import { definePart, MAX_ITEMS, MAX_TEXT } from './part.ts';

interface Changed {
  changes?: RecordedChange[];
  more_changes?: number;
  evidence?: string;
}

/** What recorded work says of itself. */
export const changes = definePart<Changed>({
  key: 'recorded_work',
  read(_view, _id, { changes: all = [], evidence }) {
    if (all.length === 0 && evidence === undefined) return undefined;
    const shown = all.slice(0, MAX_ITEMS).map(one => ({ ...one, what: cut(one.what, MAX_TEXT) ?? one.what }));
    return {
      ...(shown.length > 0 ? { changes: shown } : {}),
      ...(shown.length < all.length ? { more_changes: all.length - shown.length } : {}),
      ...(evidence === undefined ? {} : { evidence: cut(evidence, MAX_TEXT) ?? evidence }),
    };
  },
  lines: ({ changes: all = [], more_changes, evidence }) => [
    ...all.map(({ path, kind, what }) => `${kind} ${code(path)}: ${inline(what)}`),
    ...(more_changes ? [`and ${more_changes} more changes`] : []),
    ...(evidence === undefined ? [] : [`evidence, as recorded: ${inline(evidence)}`]),
  ],
});
