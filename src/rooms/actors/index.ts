import { plain, type Room } from '../room.ts';
import { keyAdd } from './key_add.ts';
import { keyRemove } from './key_remove.ts';
import { keyLaws } from './keylaws.ts';
import { actorLaws } from './laws.ts';
import { query } from './query.ts';
import { actorRecord } from './record.ts';
import { register } from './register.ts';

export const actors: Room = {
  name: 'actors',
  records: [plain(actorRecord)],
  laws: [...actorLaws, ...keyLaws],
  operations: [register, keyAdd, keyRemove, query],
};
