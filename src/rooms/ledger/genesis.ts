import { FORMAT } from '../../kernel/entry.ts';
import type { FileChange } from '../../kernel/view.ts';
import { ledgerRecord } from './record.ts';

/** The files of the genesis commit: a constant of the ledger's name and the format. */
export function genesisFiles(ledger: string): FileChange[] {
  return [ledgerRecord.put('ledger', { format: FORMAT, ledger })];
}
