import { RECORDS } from '../../rooms/index.ts';
import { searchIndex } from '../../rooms/searching.ts';
import { SearchIndexes } from '../../views/search/index.ts';
import { perSeat, providePort } from './port.ts';

const searchIndexes = perSeat(seat => new SearchIndexes(seat.store, RECORDS, seat.cacheFolder));

export const searchSource = providePort(searchIndex, ({ seat, context, tip }) =>
  searchIndexes(seat).at(tip(), context.progress),
);
