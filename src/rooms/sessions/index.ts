import { plain, type Room } from '../room.ts';
import { correct } from './correct.ts';
import { sessionLaws } from './laws.ts';
import { pause, resume } from './pause.ts';
import { query } from './query.ts';
import { correctionRecord, pauseRecord } from './record.ts';
import { timesheet } from './timesheet.ts';

export const sessions: Room = {
  name: 'sessions',
  records: [plain(pauseRecord), plain(correctionRecord)],
  laws: sessionLaws,
  operations: [pause, resume, correct, query, timesheet],
};
