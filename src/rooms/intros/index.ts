import { plain, type Room } from '../room.ts';
import { introLaws } from './laws.ts';
import { link } from './link.ts';
import { introRecord } from './record.ts';
import { write } from './write.ts';

export const intros: Room = {
  name: 'intros',
  records: [plain(introRecord)],
  laws: introLaws,
  operations: [write, link],
};
