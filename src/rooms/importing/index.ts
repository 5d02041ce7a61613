import type { Room } from '../room.ts';
import { importBeads } from './import_beads.ts';

export { mapBeads } from './beads/map.ts';
export type { ImportReport } from './beads/report.ts';
export type { ImportEntry } from './entry.ts';

/** Brings tasks of other systems in; it keeps no records of its own. */
export const importing: Room = { name: 'importing', records: [], laws: [], operations: [importBeads] };
