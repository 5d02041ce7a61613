import { codeIndex } from '../../rooms/code/ports.ts';
import { CodeIndexes } from '../../views/code/index.ts';
import { perSeat, providePort } from './port.ts';

const codeIndexes = perSeat(seat => new CodeIndexes(seat.store, seat.cacheFolder));

export const codeIndexSource = providePort(codeIndex, ({ seat, tip }) => codeIndexes(seat).at(tip()));
