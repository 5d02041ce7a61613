import { plain, type Room } from '../room.ts';
import { end } from './end.ts';
import { get } from './get.ts';
import { runLaws } from './laws.ts';
import { query } from './query.ts';
import { runRecord } from './record.ts';
import { start } from './start.ts';

export const runs: Room = {
  name: 'runs',
  records: [plain(runRecord)],
  laws: runLaws,
  operations: [start, end, query, get],
};
