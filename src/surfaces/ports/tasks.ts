import { graceOf } from '../../rooms/ledger/grace.ts';
import { taskIndex } from '../../rooms/tasks/ports.ts';
import { TaskIndexes } from '../../views/tasks/index.ts';
import { perSeat, providePort } from './port.ts';

export const taskIndexes = perSeat(seat => new TaskIndexes(seat.store, seat.cacheFolder));

export const taskIndexPort = providePort(taskIndex, async ({ seat, context, tip }) =>
  taskIndexes(seat).at(tip(), context.who.actor, await graceOf(context.view)),
);
