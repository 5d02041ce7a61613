import { plain, type Room } from '../room.ts';
import { get } from './get.ts';
import { decisionLaws } from './laws.ts';
import { log } from './log.ts';
import { query } from './query.ts';
import { decisionRecord, supersededRecord } from './record.ts';

export const decisions: Room = {
  name: 'decisions',
  records: [plain(decisionRecord), plain(supersededRecord)],
  laws: decisionLaws,
  operations: [log, get, query],
};
