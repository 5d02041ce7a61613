import { constants, existsSync } from 'node:fs';
import { copyFile, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exclude, include } from './checkout.ts';
import { lookAt, type OnDisk, replaceFile, sha256 } from './disk.ts';
import { changeManifest, type Manifest, readManifest, type Written } from './manifest.ts';
import type { Item, Owner } from './plan.ts';

/** Where it is written: the user's folders, or a checkout with its exclude file. */
export interface Ground {
  manifest: string;
  commonDir?: string;
  /** The exclude line of a slug in the folder of a host. */
  line?(host: string, slug: string): string;
}

/**
 * Does what was agreed to, file by file; the manifest follows each, so that a crash leaves nothing of ours unknown. A file
 * that changed since it was looked at is left alone.
 */
export async function apply(items: readonly Item[], owner: Owner, ground: Ground): Promise<Map<Item, string>> {
  const did = new Map<Item, string>();
  const { commonDir, line } = ground;
  const writes = items.filter(item => item.act === 'write' || item.act === 'adopt');
  // Hidden first: git never shows a file that is none of the checkout's.
  const added =
    commonDir && line && writes.length > 0
      ? await exclude(
          commonDir,
          writes.map(item => line(item.host, item.skill)),
        )
      : new Set<string>();
  for (const item of items) {
    if (!item.act) continue;
    if (!sameAs(lookAt(item.file), item.disk)) {
      did.set(item, 'skipped: it changed meanwhile');
      continue;
    }
    const beside = item.keepOld ? await putBeside(item) : undefined;
    if (item.act === 'remove') {
      await removeOne(item.file, commonDir !== undefined);
      await changeManifest(ground.manifest, manifest => void manifest.delete(item.file));
    } else {
      if (item.act === 'write') await replaceFile(item.file, item.want!);
      const excluded = line?.(item.host, item.skill);
      await changeManifest(ground.manifest, manifest => {
        const mine = excluded !== undefined && (added.has(excluded) || hasLine(manifest, excluded));
        manifest.set(item.file, rowOf(item, owner, mine ? excluded : undefined));
      });
    }
    const verb = { write: 'written', remove: 'removed', adopt: 'taken over as it is' }[item.act];
    did.set(item, beside === undefined ? verb : `${verb}; what was there is ${beside}`);
  }
  if (commonDir) await unhide(commonDir, items, readManifest(ground.manifest));
  return did;
}

function rowOf({ skill, host, record, want }: Item, owner: Owner, excluded: string | undefined): Written {
  return {
    skill,
    host,
    version: record!.version,
    sha256: sha256(want!),
    ...owner,
    ...(excluded === undefined ? {} : { excluded }),
  };
}

const hasLine = (manifest: Manifest, line: string): boolean =>
  [...manifest.values()].some(row => row.excluded === line);

/** Takes away the exclude lines of removed files that no other file, of another worktree say, still needs. */
export async function unhide(
  commonDir: string,
  items: readonly Pick<Item, 'row'>[],
  manifest: Manifest,
): Promise<void> {
  const lines = items.map(({ row }) => row?.excluded).filter(line => line !== undefined);
  const free = new Set(lines.filter(line => !hasLine(manifest, line)));
  if (free.size > 0) await include(commonDir, free);
}

function sameAs(now: OnDisk, then: OnDisk): boolean {
  return now.kind === then.kind && (now.kind !== 'file' || now.sha256 === (then as { sha256: string }).sha256);
}

/** The old text stays under another name: hosts read only `SKILL.md`. */
async function putBeside({ file, disk }: Item): Promise<string> {
  const name = `${file}.${(disk as { sha256: string }).sha256.slice(0, 8)}.old`;
  if (!existsSync(name)) await copyFile(file, name, constants.COPYFILE_EXCL);
  return name;
}

/** Removes the file and its folder, in a checkout those above it too, where nothing else is in them. */
export async function removeOne(file: string, checkout: boolean): Promise<void> {
  await rm(file, { force: true });
  let folder = file;
  for (let left = checkout ? 3 : 1; left > 0; left--) {
    folder = dirname(folder);
    const gone = await rmdir(folder).then(
      () => true,
      () => false, // somebody else's files are in it
    );
    if (!gone) return;
  }
}
