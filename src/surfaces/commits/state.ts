import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../views/files.ts';

/** What this clone saw of the code when it last looked: disposable, made anew at the next look. */
export interface Seen {
  /** Tips of all branches and worktrees, and of the default branch. */
  tips: string[];
  main: string[];
  /** Commits that tasks link to → whether a branch or tag reached them. */
  reached: Record<string, boolean>;
}

const folderOf = (commonDir: string): string => join(commonDir, 'ledgenter', 'hooks');
const OID = /^[0-9a-f]{40,64}$/;

export function readSeen(commonDir: string, ledger: string): Seen | undefined {
  try {
    const { tips, main, reached } = JSON.parse(
      readFileSync(join(folderOf(commonDir), `code-${ledger}.json`), 'utf8'),
    ) as Seen;
    if (![...tips, ...main].every(oid => OID.test(oid)) || typeof reached !== 'object') return undefined;
    return { tips, main, reached };
  } catch {
    return undefined; // never looked, or damaged
  }
}

/** @param at when the look began, ms since the epoch: what moved after that is looked at again */
export function writeSeen(commonDir: string, ledger: string, seen: Seen, at: number): void {
  const folder = folderOf(commonDir);
  try {
    writeWhole(folder, `code-${ledger}.json`, [Buffer.from(JSON.stringify(seen))]);
    const mark = join(folder, `code-seen-${ledger}`);
    writeFileSync(mark, '');
    utimesSync(mark, at / 1000, at / 1000);
  } catch {
    // a git dir that cannot be written: the next look begins anew
  }
}
