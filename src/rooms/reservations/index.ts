import { plain, type Room } from '../room.ts';
import { check } from './check.ts';
import { claim } from './claim.ts';
import { reservationLaws } from './laws.ts';
import { query } from './query.ts';
import { liveRecord, reservationRecord } from './record.ts';
import { release } from './release.ts';

export const reservations: Room = {
  name: 'reservations',
  records: [plain(reservationRecord), plain(liveRecord)],
  laws: reservationLaws,
  operations: [claim, release, query, check],
};
