import { plain, type Room } from '../room.ts';
import { projectRecord } from './record.ts';

export const projects: Room = { name: 'projects', records: [plain(projectRecord)], laws: [], operations: [] };
