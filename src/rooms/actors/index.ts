import { plain, type Room } from '../room.ts';
import { actorLaws } from './laws.ts';
import { query } from './query.ts';
import { actorRecord } from './record.ts';
import { register } from './register.ts';

export const actors: Room = {
  name: 'actors',
  records: [plain(actorRecord)],
  laws: actorLaws,
  operations: [register, query],
};
