import { RECORDS } from '../../rooms/index.ts';
import { searchIndex } from '../../rooms/searching.ts';
import { SearchShelves } from '../../views/search/shelves.ts';
import { perSeat, providePort } from './port.ts';

const searchIndexes = perSeat(seat => new SearchShelves(seat.store, RECORDS, seat.cacheFolder));

export const searchSource = providePort(searchIndex, ({ seat, context, tip }) =>
  searchIndexes(seat).at(tip(), context.progress),
);
