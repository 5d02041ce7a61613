import { plain, type Room } from '../room.ts';
import { archive } from './archive.ts';
import { get } from './get.ts';
import { skillLaws } from './laws.ts';
import { query } from './query.ts';
import { skillRecord, versionRecord } from './record.ts';
import { upsert } from './upsert.ts';

export const skills: Room = {
  name: 'skills',
  records: [plain(skillRecord), plain(versionRecord)],
  laws: skillLaws,
  operations: [upsert, get, query, archive],
};
