import { plain, type Room } from '../room.ts';
import { checkRecord, validationRecord, waiverRecord } from './record.ts';

export const validation: Room = {
  name: 'validation',
  records: [plain(checkRecord), plain(validationRecord), plain(waiverRecord)],
  laws: [],
  operations: [],
};
