import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { writeWhole } from '../../views/files.ts';

/** The active task of each ledger that this worktree looked at. */
type Known = { [ledger: string]: string };

/** What is no such file, or names no task, is as good as none. */
function known(path: string): Known {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, id]) => isId('t', String(id))));
  } catch {
    return {};
  }
}

export function readActive(path: string, ledger: string): string | undefined {
  const all = known(path);
  return Object.hasOwn(all, ledger) ? all[ledger] : undefined;
}

/** @throws LedgerError READ_ONLY_REPOSITORY */
export function writeActive(path: string, ledger: string, id: string | undefined): void {
  const { [ledger]: _before, ...others } = known(path);
  const text = `${JSON.stringify({ ...others, ...(id === undefined ? {} : { [ledger]: id }) })}\n`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(dirname(path), basename(path), [Buffer.from(text)]);
  } catch (error) {
    throw new LedgerError('READ_ONLY_REPOSITORY', `${path} cannot be written: ${(error as Error).message}`);
  }
}
