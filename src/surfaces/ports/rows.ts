import { tables } from '../../rooms/rows.ts';
import { RowTables } from '../../views/rows/index.ts';
import { perSeat, providePort } from './port.ts';

const rowTables = perSeat(seat => new RowTables(seat.store, seat.cacheFolder));

export const tablesSource = providePort(tables, ({ seat, tip }) => rowTables(seat).at(tip()));
