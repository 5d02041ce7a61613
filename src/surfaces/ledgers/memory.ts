import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isLedgerName } from '../../book/refs.ts';
import { readText, writeWhole } from '../../store/git/files.ts';

/** Where a worktree keeps which ledger it uses: in its own git dir, which no push, merge or checkout carries. */
export function memoryPath(gitDir: string): string {
  return join(gitDir, 'ledgenter-ledger');
}

/** The ledger that a worktree remembers; undefined where it remembers none, or nothing that can be one. */
export function remembered(gitDir: string): string | undefined {
  const text = readText(memoryPath(gitDir))?.trim();
  return text !== undefined && isLedgerName(text) ? text : undefined;
}

/** Keeps it as one line, which the hooks read without a process; undefined forgets it. */
export async function remember(gitDir: string, ledger: string | undefined): Promise<void> {
  if (ledger === undefined) rmSync(memoryPath(gitDir), { force: true });
  else await writeWhole(memoryPath(gitDir), `${ledger}\n`);
}
