import { plain, type Room } from '../room.ts';
import { fileLaws } from './laws.ts';
import { link } from './link.ts';
import { linkedFileRecord } from './record.ts';
import { status } from './status.ts';

export const files: Room = {
  name: 'files',
  records: [plain(linkedFileRecord)],
  laws: fileLaws,
  operations: [link, status],
};
