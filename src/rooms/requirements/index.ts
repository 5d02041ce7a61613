import type { Room } from '../room.ts';
import { add } from './add.ts';
import { query } from './query.ts';
import { waive } from './waive.ts';

export const requirements: Room = { name: 'requirements', records: [], laws: [], operations: [add, waive, query] };
