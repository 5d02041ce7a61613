import { plain, type Room } from '../room.ts';
import { archive } from './archive.ts';
import { get } from './get.ts';
import { knowledgeLaws } from './laws.ts';
import { query } from './query.ts';
import { knowledgeRecord, revisionRecord } from './record.ts';
import { search } from './search.ts';
import { write } from './write.ts';

export const knowledge: Room = {
  name: 'knowledge',
  records: [plain(knowledgeRecord), plain(revisionRecord)],
  laws: knowledgeLaws,
  operations: [write, get, query, search, archive],
};
