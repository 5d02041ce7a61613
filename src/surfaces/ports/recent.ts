import { recentPort } from '../../rooms/logbook/ports.ts';
import { RecentEntries } from '../../views/recent/index.ts';
import { perSeat, providePort } from './port.ts';

const recents = perSeat(seat => new RecentEntries(seat.store, seat.cacheFolder));

export const recentSource = providePort(recentPort, ({ seat, tip }) => recents(seat).at(tip()));
