import type { Room } from '../room.ts';
import { guide } from './guide.ts';
import { search } from './search.ts';
import { whoami } from './whoami.ts';

export const orientation: Room = { name: 'orientation', records: [], laws: [], operations: [whoami, guide, search] };
