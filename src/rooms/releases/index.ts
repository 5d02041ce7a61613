import { plain, type Room } from '../room.ts';
import { changelog } from './changelog.ts';
import { get } from './get.ts';
import { releaseLaws } from './laws.ts';
import { query } from './query.ts';
import { releaseRecord } from './record.ts';
import { tag } from './tag.ts';

export const releases: Room = {
  name: 'releases',
  records: [plain(releaseRecord)],
  laws: releaseLaws,
  operations: [tag, get, query, changelog],
};
