import { plain, type Room } from '../room.ts';
import { land } from './land.ts';
import { eventLaws } from './laws.ts';
import { log } from './log.ts';
import { query } from './query.ts';
import { batchRecord } from './record.ts';
import { runSummary } from './summary.ts';
import { validate } from './validate.ts';

export const events: Room = {
  name: 'events',
  records: [plain(batchRecord)],
  laws: eventLaws,
  operations: [log, query, validate, runSummary, land],
};
