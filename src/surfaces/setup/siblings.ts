import { realpathSync } from 'node:fs';
import { runGit } from '../../store/git/index.ts';
import { hashOf } from './bytes.ts';
import { allManifests, type Manifest, type Row, writeManifest } from './manifest.ts';

/** True when a setup of another worktree of this repository, or of another host in this one, counts on the line too. */
export async function othersHide(
  home: string,
  here: string | undefined,
  commonDir: string,
  line: string,
): Promise<boolean> {
  for (const other of allManifests(home)) {
    if (other.here === undefined || other.here === here) continue;
    if (![...other.files.values()].some(row => row.excluded === line)) continue;
    if (await shares(other.here, commonDir)) return true;
  }
  return false;
}

/** True when a folder is a checkout of the repository with that common git dir. */
export async function shares(checkout: string, commonDir: string): Promise<boolean> {
  try {
    const run = await runGit(['rev-parse', '--path-format=absolute', '--git-common-dir'], {
      cwd: checkout,
      timeoutMs: 30_000,
    });
    const found = run.stdout.toString('utf8').replace(/\r?\n$/, '');
    return run.code === 0 && realpathSync(found) === realpathSync(commonDir);
  } catch {
    return false; // that worktree is gone
  }
}

/**
 * Two setups of one host may write into one file, for the user and for a checkout: what the later one noted as there
 * before holds what the earlier one wrote, and is what was there before that once the earlier one is taken back.
 */
export function handBack(home: string, from: Manifest, file: string, row: Row): void {
  for (const other of allManifests(home)) {
    const theirs = other.files.get(file);
    if (other.host !== from.host || other.here === from.here || theirs === undefined) continue;
    if (theirs.before === null || hashOf(Buffer.from(theirs.before, 'base64')) !== row.after) continue;
    other.files.set(file, { ...theirs, before: row.before, made: [...row.made, ...theirs.made] });
    writeManifest(home, other);
  }
}
