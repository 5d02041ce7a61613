import { plain, type Room } from '../room.ts';
import { importBacklog } from './import_backlog.ts';
import { importBeads } from './import_beads.ts';
import { importLedger } from './import_ledger.ts';
import { importTaskledger } from './import_taskledger.ts';
import { importingLaws } from './laws.ts';
import { sourceRecord } from './record.ts';

export { mapBeads } from './beads/map.ts';
export type { ImportReport } from './common/report.ts';
export type { ImportEntry } from './entry.ts';
export { type CopyReport, mapCopies, type OtherPages, type OtherTask } from './ledger/map.ts';

/** Brings work of other systems in; its own records only say where something comes from. */
export const importing: Room = {
  name: 'importing',
  records: [plain(sourceRecord)],
  laws: importingLaws,
  operations: [importBeads, importBacklog, importTaskledger, importLedger],
};
