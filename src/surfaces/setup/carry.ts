import { exclude, include } from '../skills/checkout.ts';
import { removeEmpty, replaceBytes } from './bytes.ts';
import type { Machine } from './machine.ts';
import { writeManifest } from './manifest.ts';
import { type Change, type Ground, isPending } from './plan.ts';

/**
 * Does what was agreed to, file by file. The manifest goes before a file is written and after it is taken back, so that a
 * crash between leaves nothing that could not be undone.
 * @throws LedgerError BUSY when a file changed since it was shown; those before it are done and known
 */
export async function carryOut(
  changes: readonly Change[],
  ground: Ground,
  machine: Machine,
  removal: boolean,
): Promise<void> {
  const { manifest } = ground;
  const { files } = manifest;
  const commonDir = machine.checkout?.commonDir;
  for (const change of changes) {
    const { file, now, after, row, folders } = change;
    if (removal) {
      if (isPending(change)) replaceBytes(file, now, after);
      removeEmpty(folders);
      if (files.delete(file)) writeManifest(machine.home, manifest);
      if (change.excluded && commonDir) await include(commonDir, new Set([change.excluded]));
      continue;
    }
    if (!isPending(change) || !row) continue;
    // Hidden first: git never shows a file that is not to be committed.
    const added = change.excluded && commonDir ? await exclude(commonDir, [change.excluded]) : undefined;
    const was = files.get(file);
    files.set(file, added?.size ? { ...row, excluded: change.excluded! } : row);
    writeManifest(machine.home, manifest);
    try {
      replaceBytes(file, now, after, ground.topLevel === undefined ? 0o600 : 0o644);
    } catch (error) {
      if (was) files.set(file, was);
      else files.delete(file);
      writeManifest(machine.home, manifest);
      throw error;
    }
  }
}
