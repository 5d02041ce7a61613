import { plain, type Room } from '../room.ts';
import { check } from './check.ts';
import { finish } from './finish.ts';
import { validationLaws } from './laws.ts';
import { checkRecord, validationRecord, waiverRecord } from './record.ts';
import { status } from './status.ts';
import { waive } from './waive.ts';

export const validation: Room = {
  name: 'validation',
  records: [plain(checkRecord), plain(validationRecord), plain(waiverRecord)],
  laws: validationLaws,
  operations: [status, check, waive, finish],
};
