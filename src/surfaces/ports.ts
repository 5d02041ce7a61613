import { CommitReader } from '../book/reader.ts';
import { claimsOf } from '../exchange/own.ts';
import { clonePort, sitePort } from '../exchange/site.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Context } from '../kernel/operation.ts';
import { LAWS, RECORDS } from '../rooms/index.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import { historyPort } from '../rooms/logbook/ports.ts';
import { catalogue } from '../rooms/orientation/ports.ts';
import { claims, taskIndex } from '../rooms/tasks/ports.ts';
import { Activity } from '../views/activity/index.ts';
import { TaskIndexes } from '../views/tasks/index.ts';
import type { OfficeOptions } from './compose.ts';
import { OPERATIONS } from './operations.ts';
import type { Seat } from './seat.ts';
import { makeSite } from './site.ts';

/** Rows asked of the index at once when all tasks of a project are wanted. */
const PAGE = 5_000;

interface Views {
  tasks: TaskIndexes;
  activity: Activity;
}

const viewsOf = new WeakMap<Seat, Views>();

/** What queries ask for by name, made when first asked for. */
export async function portOf(seat: Seat, name: string, context: Context, options: OfficeOptions): Promise<unknown> {
  switch (name) {
    case clonePort.name:
      return seat.clone();
    case sitePort.name:
      return makeSite(seat, options.ask);
    case claims.name:
      return claimsOf(seat.book.desk, () => seat.clone(), context.who);
    case catalogue.name:
      return { operations: OPERATIONS, laws: LAWS };
    case taskIndex.name:
      return views(seat).tasks.at(tipOf(context), context.who.actor, await graceOf(context.view));
    case historyPort.name:
      return views(seat).activity.at(tipOf(context));
    default:
      throw new LedgerError('INTERNAL', `nothing is known by the name ${name}`);
  }
}

function views(seat: Seat): Views {
  let made = viewsOf.get(seat);
  if (!made) {
    const folder = seat.cacheFolder;
    const tasks = new TaskIndexes(seat.store, folder);
    const activity = new Activity({
      store: seat.store,
      records: RECORDS,
      folder,
      async tasksOf(project, tip) {
        const index = await tasks.at(tip);
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
    });
    made = { tasks, activity };
    viewsOf.set(seat, made);
  }
  return made;
}

function tipOf(context: Context): string {
  const { reader } = context.view;
  if (reader instanceof CommitReader) return reader.commit;
  throw new LedgerError('NO_LEDGER', 'there is no ledger here yet');
}
