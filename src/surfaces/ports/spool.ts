import { takeBatch } from '../../rooms/events/batch.ts';
import { spoolPort } from '../../rooms/events/ports.ts';
import type { EventRow } from '../../rooms/events/record.ts';
import { faultOf } from '../../store/git/faults.ts';
import { SpoolFolder } from '../../store/git/spool.ts';
import { landedFrom, whereOf } from '../events/folders.ts';
import { spool } from '../events/spooling.ts';
import { providePort } from './port.ts';

export const spoolSource = providePort(spoolPort, maker => ({
  ...(maker.options.place.repository?.topLevel ? { root: maker.options.place.repository.topLevel } : {}),
  async add(event) {
    try {
      spool(whereOf(maker.options), event as never);
    } catch (error) {
      throw faultOf('keeping an event', error);
    }
  },
  async waiting() {
    const { landedIn } = await import('../events/landing.ts');
    const events: EventRow[] = [];
    for (const folder of landedFrom(whereOf(maker.options)).map(path => new SpoolFolder(path))) {
      for (const name of folder.names()) {
        let from = await landedIn(maker.context.view, folder, name);
        for (;;) {
          const taken = takeBatch(folder.rest(name, from));
          if (taken.bytes === 0) break;
          events.push(...taken.events.map(({ kind: _kind, chain: _chain, ...event }) => event));
          from += taken.bytes;
        }
      }
    }
    return events.sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
  },
  land: async () => (await maker.seat.landing?.()) ?? 0,
}));
