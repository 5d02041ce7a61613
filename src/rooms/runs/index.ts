import { plain, type Room } from '../room.ts';
import { runLaws } from './laws.ts';
import { runRecord } from './record.ts';

export const runs: Room = { name: 'runs', records: [plain(runRecord)], laws: runLaws, operations: [] };
