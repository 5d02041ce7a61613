import { plain, type Room } from '../room.ts';
import { brief } from './brief.ts';
import { create } from './create.ts';
import { projectLaws } from './laws.ts';
import { query } from './query.ts';
import { projectRecord } from './record.ts';
import { update } from './update.ts';

export const projects: Room = {
  name: 'projects',
  records: [plain(projectRecord)],
  laws: projectLaws,
  operations: [create, update, query, brief],
};
