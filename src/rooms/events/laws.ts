import { FUTURE_MS } from '../../kernel/hold.ts';
import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import { batchId, batchRecord } from './record.ts';

const enforcedBy = 'rooms/events.test.ts';

export const eventLaws: Law[] = [
  defineRecordLaw({
    id: 'event.batch',
    says: 'The id of a batch of events follows from the place in the spool where it begins, so that no line lands twice; it is by the actor and of the time of its entry, and takes at least one byte.',
    enforcedBy,
    on: batchRecord,
    check({ id, before, after }, { entry: { intent } }) {
      if (before || !after) return undefined; // append-only and record.kept name it
      if (batchId(after) !== id) return { message: `${id} does not follow from where it begins` };
      if (after.to <= after.from) return { message: `${id} ends before it begins` };
      return after.by === intent.actor && after.at === intent.at
        ? undefined
        : { message: `${id} is by ${after.by}, its entry by ${intent.actor}` };
    },
  }),
  defineRecordLaw({
    id: 'event.time',
    says: 'No event is from after the entry that lands it, but for ten minutes of clocks that differ.',
    enforcedBy,
    on: batchRecord,
    check({ id, before, after }, { entry: { intent } }) {
      if (before || !after) return undefined;
      const late = epochMs(intent.at) + FUTURE_MS;
      const wrong = after.events.find(({ ts }) => epochMs(ts) > late);
      return wrong && { message: `${id} has an event from ${wrong.ts}, its entry is from ${intent.at}` };
    },
  }),
];
