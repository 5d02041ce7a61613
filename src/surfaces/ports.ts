import { join } from 'node:path';
import { CommitReader } from '../book/reader.ts';
import { clonePort, sitePort } from '../exchange/site.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { Context } from '../kernel/operation.ts';
import { graceOf } from '../rooms/ledger/grace.ts';
import { taskIndex } from '../rooms/tasks/ports.ts';
import { TaskIndexes } from '../views/tasks/index.ts';
import type { OfficeOptions } from './compose.ts';
import type { Seat } from './seat.ts';
import { makeSite } from './site.ts';

const indexes = new WeakMap<Seat, TaskIndexes>();

/** What queries ask for by name, made when first asked for. */
export async function portOf(seat: Seat, name: string, context: Context, options: OfficeOptions): Promise<unknown> {
  switch (name) {
    case clonePort.name:
      return seat.clone();
    case sitePort.name:
      return makeSite(seat, options.ask);
    case taskIndex.name:
      return (await indexesOf(seat)).at(tipOf(context), context.who.actor, await graceOf(context.view));
    default:
      throw new LedgerError('INTERNAL', `nothing is known by the name ${name}`);
  }
}

async function indexesOf(seat: Seat): Promise<TaskIndexes> {
  let made = indexes.get(seat);
  if (!made) {
    made = new TaskIndexes(seat.store, join(seat.discovery.location.commonDir, 'ledgenter', 'cache', seat.ledger));
    indexes.set(seat, made);
  }
  return made;
}

function tipOf(context: Context): string {
  const { reader } = context.view;
  if (reader instanceof CommitReader) return reader.commit;
  throw new LedgerError('NO_LEDGER', 'there is no ledger here yet');
}
