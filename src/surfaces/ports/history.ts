import { RECORDS } from '../../rooms/index.ts';
import { historyPort } from '../../rooms/logbook/ports.ts';
import { Activity } from '../../views/activity/index.ts';
import { perSeat, providePort } from './port.ts';
import { taskIndexes } from './tasks.ts';

/** Rows asked of the index at once when all tasks of a project are wanted. */
const PAGE = 5_000;

const activities = perSeat(
  seat =>
    new Activity({
      store: seat.store,
      records: RECORDS,
      folder: seat.cacheFolder,
      async tasksOf(project, tip) {
        const index = await taskIndexes(seat).at(tip);
        const ids = new Set<string>();
        let cursor: string | undefined;
        do {
          const page = await index.query(
            { project, all: true },
            { limit: PAGE, now: seat.now(), ...(cursor ? { cursor } : {}) },
          );
          for (const row of page.rows) ids.add(row.id);
          cursor = page.cursor;
        } while (cursor !== undefined);
        return ids;
      },
    }),
);

export const historySource = providePort(historyPort, ({ seat, tip }) => activities(seat).at(tip()));
