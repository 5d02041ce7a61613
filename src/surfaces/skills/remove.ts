import { removeOne, unhide } from './apply.ts';
import { lookAt } from './disk.ts';
import { changeManifest, manifestPath, readManifest } from './manifest.ts';
import type { SkillSite } from './site.ts';

/** What became, or with `dryRun` would become, of the files that skills were written to. */
export interface SkillRemoval {
  removed: string[];
  /** Changed since they were written: left where they are, and out of the manifest. */
  kept: string[];
}

/**
 * Takes back what `skill sync` wrote for the book of this repository: in the user's folders, and in its checkouts. A file
 * that was changed is left alone. Never throws for what is not there.
 * @param options.hereOnly what is in the user's folders stays
 */
export async function removeSkills(
  site: Pick<SkillSite, 'home' | 'book' | 'checkout'>,
  { dryRun = false, hereOnly = false }: { dryRun?: boolean; hereOnly?: boolean } = {},
): Promise<SkillRemoval> {
  const out: SkillRemoval = { removed: [], kept: [] };
  for (const here of [...(hereOnly ? [] : [false]), ...(site.checkout ? [true] : [])]) {
    const path = manifestPath(site, here);
    const rows = [...readManifest(path)].filter(([, row]) => row.book === site.book);
    for (const [file, row] of rows) {
      const disk = lookAt(file);
      const same = disk.kind === 'file' && disk.sha256 === row.sha256;
      if (disk.kind !== 'absent') (same ? out.removed : out.kept).push(file);
      if (dryRun) continue;
      if (same) await removeOne(file, here);
      await changeManifest(path, manifest => void manifest.delete(file));
    }
    if (here && !dryRun) {
      const items = rows.map(([, row]) => ({ row }));
      await unhide(site.checkout!.commonDir, items, readManifest(path));
    }
  }
  return out;
}
