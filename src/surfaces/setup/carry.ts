import { isDeepStrictEqual } from 'node:util';
import { LedgerError } from '../../kernel/errors.ts';
import { withLock } from '../../store/git/lock.ts';
import { exclude, include } from '../skills/checkout.ts';
import { removeEmpty, replaceBytes } from './bytes.ts';
import type { Machine } from './machine.ts';
import { lockOf, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type Change, type Ground, isPending } from './plan.ts';
import { handBack, othersHide } from './siblings.ts';

/**
 * Does what was agreed to, file by file. The manifest goes before a file is written and after it is taken back, so that a
 * crash between leaves nothing that could not be undone.
 * @throws LedgerError BUSY when a file or the manifest changed since it was shown; the files before it are done and known
 */
export async function carryOut(
  changes: readonly Change[],
  ground: Ground,
  machine: Machine,
  removal: boolean,
): Promise<void> {
  const { manifest } = ground;
  if (!changes.some(isPending) && (!removal || manifest.files.size === 0)) return;
  await withLock(lockOf(machine.home), async () => {
    refuseStale(manifest, machine);
    for (const change of changes)
      await (removal ? takeBack(change, manifest, machine) : write(change, ground, machine));
  });
}

/** Two at once: what the other noted of the files must not be forgotten. */
function refuseStale({ host, here, files }: Manifest, { home }: Machine): void {
  if (isDeepStrictEqual(readManifest(home, host, here).files, files)) return;
  throw new LedgerError('BUSY', `${host} was set up by somebody else meanwhile; nothing was written`, {
    hint: 'run the same command again',
  });
}

async function takeBack(change: Change, manifest: Manifest, machine: Machine): Promise<void> {
  const { file, now, after, folders, kept, excluded } = change;
  const commonDir = machine.checkout?.commonDir;
  if (isPending(change)) replaceBytes(file, now, after);
  removeEmpty(folders);
  const row = manifest.files.get(file);
  if (row && manifest.files.delete(file)) {
    handBack(machine.home, manifest, file, row);
    writeManifest(machine.home, manifest);
  }
  // What stays of ours stays hidden, here and in the other worktrees.
  if (excluded && commonDir && !kept && !(await othersHide(machine.home, manifest.here, commonDir, excluded)))
    await include(commonDir, new Set([excluded]));
}

async function write({ excluded, ...change }: Change, ground: Ground, machine: Machine): Promise<void> {
  const { file, now, after, row } = change;
  const { manifest } = ground;
  const { files } = manifest;
  const commonDir = machine.checkout?.commonDir;
  if (!isPending(change) || !row) return;
  // Hidden first: git never shows a file that is not to be committed.
  const ours =
    excluded !== undefined &&
    commonDir !== undefined &&
    ((await exclude(commonDir, [excluded])).size > 0 ||
      (await othersHide(machine.home, manifest.here, commonDir, excluded)));
  const was = files.get(file);
  files.set(file, ours ? { ...row, excluded } : row);
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
