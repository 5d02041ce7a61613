import { plain, type Room } from '../room.ts';
import { planRecord, questionRecord, verdictRecord } from './record.ts';

export const plans: Room = {
  name: 'plans',
  records: [plain(planRecord), plain(verdictRecord), plain(questionRecord)],
  laws: [],
  operations: [],
};
