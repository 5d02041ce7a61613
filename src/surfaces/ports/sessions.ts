import { sessionsPort, zonesPort } from '../../rooms/sessions/ports.ts';
import { Sessions } from '../../views/sessions/index.ts';
import { makeZones } from '../time/zones.ts';
import { perSeat, providePort } from './port.ts';

const views = perSeat(seat => new Sessions(seat.store, seat.cacheFolder));

export const sessionsSource = providePort(sessionsPort, ({ seat, context, tip }) =>
  views(seat).at(tip(), context.progress),
);

export const zonesSource = providePort(zonesPort, () => makeZones());
