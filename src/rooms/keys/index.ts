import { plain, type Room } from '../room.ts';
import { keyLaws } from './laws.ts';
import { keyRecord } from './record.ts';

export const keys: Room = { name: 'keys', records: [plain(keyRecord)], laws: keyLaws, operations: [] };
