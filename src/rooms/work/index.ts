import { plain, type Room } from '../room.ts';
import { logRecord, todoRecord } from './record.ts';

export const work: Room = {
  name: 'work',
  records: [plain(todoRecord), plain(logRecord)],
  laws: [],
  operations: [],
};
