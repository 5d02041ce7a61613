import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOid, isRefName } from '../../store/encoding/names.ts';
import { faultOf } from '../../store/git/faults.ts';
import type { Oid } from '../../store/port.ts';

/**
 * Refs of a ledger that are files of their own, and what each names: an empty or torn file, as a power failure leaves it, is
 * passed over by git when it lists refs and in the way of every write. Packed refs and reftables have none.
 */
export function refFiles(git: string, ledger: string): { ref: string; oid: Oid | undefined }[] {
  return [`refs/ledgenter/${ledger}`, `refs/ledgenter-local/${ledger}`].flatMap(folder => filesBelow(git, folder));
}

function filesBelow(git: string, folder: string): { ref: string; oid: Oid | undefined }[] {
  try {
    return readdirSync(join(git, folder), { withFileTypes: true }).flatMap(entry => {
      const ref = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(git, ref);
      return entry.name.endsWith('.lock') || !isRefName(ref) ? [] : [{ ref, oid: oidIn(join(git, ref)) }];
    });
  } catch {
    return []; // there is none
  }
}

function oidIn(path: string): Oid | undefined {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return isOid(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the file below our own folder, where git does not look. @throws LedgerError READ_ONLY_REPOSITORY */
export function putRefAside(git: string, ref: string, ledger: string, now: number): string {
  const name = `ledgenter/${ledger}/refs/${ref.replace(/\//g, '-')}.damaged-${now.toString(16)}`;
  try {
    mkdirSync(dirname(join(git, name)), { recursive: true });
    renameSync(join(git, ref), join(git, name));
    return name;
  } catch (error) {
    throw faultOf('moving a ref', error);
  }
}
