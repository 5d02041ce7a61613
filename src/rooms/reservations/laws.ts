import { canonicalJson } from '../../kernel/canonical.ts';
import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import { graceOf } from '../ledger/grace.ts';
import { liveRows, nextRows } from './live.ts';
import { liveRecord, type Reservation, reservationRecord } from './record.ts';
import { changeFinding, formFinding, freeFinding } from './rules.ts';

const enforcedBy = 'rooms/reservations.test.ts';

export const reservationLaws: Law[] = [
  defineRecordLaw({
    id: 'reservation.form',
    says: 'A reservation is by the actor, run and of the time of its entry, for at most 7 days, of paths named once, in a repository that exists, or of one slot, for a task that exists; the ledger’s own repository goes without a name.',
    enforcedBy,
    on: reservationRecord,
    check({ id, before, after }, { entry, after: view }) {
      return before || !after ? undefined : formFinding(view, { id, record: after }, entry.intent);
    },
  }),
  defineRecordLaw({
    id: 'reservation.change',
    says: 'A reservation is only ever extended or released, by its run, a child of it, the same person or a maintainer; what was released stays so.',
    enforcedBy,
    on: reservationRecord,
    check({ id, before, after }, { entry, before: was }) {
      return before && after ? changeFinding(was, { id, record: after }, before, entry.intent) : undefined;
    },
  }),
  defineRecordLaw({
    id: 'reservation.free',
    says: 'A new or extended reservation overlaps none that another run holds, and a slot has one reservation, whoever made it: not released, its lease and the grace not over at the time of the entry. Patterns that cannot be told apart within bounds overlap.',
    enforcedBy,
    on: reservationRecord,
    async check({ id, after }, { entry, before: was }) {
      if (!after || after.released_at !== undefined) return undefined;
      return freeFinding(was, { id, record: after }, entry.intent, await graceOf(was));
    },
  }),
  defineLaw({
    id: 'reservation.list',
    says: 'The list of live reservations is what it was, without those that lapsed by the time of the entry or that it releases, with those that it makes or extends.',
    enforcedBy,
    async check({ changes, entry, before: was, after: view }) {
      const kinds = new Set([reservationRecord.kind, liveRecord.kind]);
      if (!changes.some(({ def }) => kinds.has(def.kind))) return undefined;
      const written = changes.flatMap(({ def, id, after }) =>
        def.kind === reservationRecord.kind && after ? [{ id, record: after as Reservation }] : [],
      );
      const at = epochMs(entry.intent.at);
      const next = nextRows(await liveRows(was), written, at, await graceOf(was));
      return canonicalJson(next) === canonicalJson(await liveRows(view))
        ? undefined
        : { message: 'the list of live reservations is not what follows from this entry' };
    },
  }),
];
