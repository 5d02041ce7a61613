import { plain, type Room } from '../room.ts';
import { repoLaws } from './laws.ts';
import { link, unlink } from './link.ts';
import { query } from './query.ts';
import { repoRecord } from './record.ts';
import { register } from './register.ts';

export const repos: Room = {
  name: 'repos',
  records: [plain(repoRecord)],
  laws: repoLaws,
  operations: [register, link, unlink, query],
};
