import type { Room } from '../room.ts';
import { query } from './query.ts';

export const logbook: Room = { name: 'logbook', records: [], laws: [], operations: [query] };
