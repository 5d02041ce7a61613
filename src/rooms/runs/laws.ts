import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { runRecord } from './record.ts';

const enforcedBy = 'rooms/actors.test.ts';

export const runLaws: Law[] = [
  defineRecordLaw({
    id: 'run.own',
    says: 'A run enters the book with its own first entry, which gives its actor, parent and time.',
    enforcedBy,
    on: runRecord,
    check({ id, before, after }, { entry }) {
      const { run, actor, at } = entry.intent;
      if (before || !after) return undefined; // append-only names it
      const own = id === run[0] && after.actor === actor && after.parent === run[1] && after.started_at === at;
      return own ? undefined : { message: `${id} is not the run of this entry` };
    },
  }),
  defineLaw({
    id: 'run.known',
    says: "An entry's run is in the book, is its actor's, and its ancestors are the parents that the book has.",
    enforcedBy,
    async check({ entry, after }) {
      const { run, actor } = entry.intent;
      for (const [index, id] of run.entries()) {
        const known = await find(after, runRecord, id);
        if (!known) {
          if (index === 0) return { message: `run ${id} is not in the book` };
          return undefined; // an ancestor that never wrote: nothing to compare with
        }
        if (index === 0 && known.actor !== actor) return { message: `run ${id} is ${known.actor}'s, not ${actor}'s` };
        if (known.parent !== run[index + 1]) return { message: `run ${id} began under ${known.parent ?? 'no run'}` };
      }
      return undefined;
    },
  }),
];
