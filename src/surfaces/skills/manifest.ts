import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isSlug } from '../../rooms/skills/fields.ts';
import { withLock } from '../../store/git/lock.ts';
import { replaceFile } from './disk.ts';
import type { SkillSite } from './site.ts';

/** A file that was written from a skill. */
export interface Written {
  skill: string;
  version: number;
  host: string;
  /** SHA-256 of the bytes that were written, 64 hex digits. */
  sha256: string;
  /** The ledger it came from: its name, its authority where it has one, and the repository that holds the book here. */
  ledger: string;
  authority?: string;
  book: string;
  /** The line that was added to the checkout's exclude file for it. */
  excluded?: string;
}

/** Files by absolute path. Kept on this machine and nowhere else. */
export type Manifest = Map<string, Written>;

/** Where the manifest of the user's folders is, and that of the checkouts of a repository: all its worktrees share one. */
export function manifestPath(site: Pick<SkillSite, 'home' | 'checkout'>, here: boolean): string {
  return here
    ? join(site.checkout!.commonDir, 'ledgenter', 'skills.json')
    : join(site.home, '.ledgenter', 'skills.json');
}

/** The manifest as it is now; empty when there is none that can be read: then no file counts as ours. */
export function readManifest(path: string): Manifest {
  try {
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, Written> };
    return new Map(Object.entries(files).filter(([file, row]) => isRow(file, row)));
  } catch {
    return new Map();
  }
}

/** Changes rows in the manifest as it is now: another process may have written others meanwhile. */
export async function changeManifest(path: string, change: (manifest: Manifest) => void): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch(() => {}); // the lock tells why
  await withLock(`${path}.lock`, async () => {
    const manifest = readManifest(path);
    change(manifest);
    const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
    await replaceFile(path, `${JSON.stringify({ format: 1, files }, null, 2)}\n`);
  });
}

/** Only `…/<slug>/SKILL.md` is ever one of ours, whatever a manifest says. */
function isRow(file: string, row: Written): boolean {
  const texts = [row.host, row.ledger, row.book, row.sha256];
  return (
    isAbsolute(file) &&
    basename(file) === 'SKILL.md' &&
    basename(dirname(file)) === row.skill &&
    isSlug(row.skill) &&
    Number.isInteger(row.version) &&
    texts.every(text => typeof text === 'string')
  );
}
