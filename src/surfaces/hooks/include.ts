import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerError } from '../../kernel/errors.ts';
import { slashed } from './stub.ts';

/** Relative to the configuration that names it. */
const INCLUDED = 'ledgenter/hooks/config';
/** As long as git itself waits for nobody: a `git config` takes a few ms. */
const PATIENCE_MS = 2000;
const WAIT_MS = 25;

/**
 * The sections that put our folder in effect. They hold only where the repository lies now: in a container that sees it
 * under another path, or after it was moved, our folder would be found nowhere, and with it no hook of anybody. Two,
 * because a linked worktree has a git dir of its own.
 */
export function sectionsFor(commonDir: string): string {
  // A pattern in a quoted string: both have letters of their own.
  const path = slashed(commonDir)
    .replace(/[\\*?[\]]/g, '\\$&')
    .replace(/[\\"]/g, '\\$&');
  return ['', '/worktrees/'].map(under => `[includeIf "gitdir/i:${path}${under}"]\n\tpath = ${INCLUDED}\n`).join('');
}

/** What the included file holds. */
export function includedText(bin: string): string {
  const quoted = slashed(bin).replace(/[\\"]/g, '\\$&');
  return `# made by "ledgenter hooks install", taken away by "ledgenter hooks uninstall"\n[core]\n\thooksPath = "${quoted}"\n`;
}

export const isIncluded = (text: string): boolean => text.split('\n').some(isOurs);
const isOurs = (line: string): boolean => line.trim() === `path = ${INCLUDED}`;

/**
 * @param text of the configuration, as {@link editConfig} sees it
 * @returns it with our sections at its end, where they count over all others, and what was put there
 */
export function withSections(text: string, commonDir: string): { text: string; added: string } {
  const added = `${text === '' || text.endsWith('\n') ? '' : '\n'}${asBytes(sectionsFor(commonDir))}`;
  return { text: text + added, added };
}

/** The configuration without our part: exactly what was put there, else what is left of it after others edited the file. */
export function withoutSections(text: string, added: string | undefined): string {
  const at = added ? text.lastIndexOf(added) : -1;
  if (at >= 0) return text.slice(0, at) + text.slice(at + added!.length);
  const lines = text.split(/(?<=\n)/);
  const out: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!isOurs(line)) {
      out.push(line);
      continue;
    }
    const next = lines[index + 1]?.trimStart();
    // Somebody may have put more into our section.
    const isAlone = next === undefined || next.startsWith('[');
    if (isAlone && /^\[includeIf "gitdir\/i:/.test(out.at(-1) ?? '')) out.pop();
  }
  return out.join('');
}

/**
 * Changes git's configuration under the lock that git itself takes, byte by byte: the text goes in and out as latin1.
 * @throws LedgerError BUSY when the lock is held; READ_ONLY_REPOSITORY
 */
export async function editConfig(file: string, change: (text: string) => string): Promise<void> {
  // A person who keeps the configuration elsewhere keeps the link, as git does.
  const real = realpathSync(file);
  const lock = `${real}.lock`;
  closeSync(await take(lock));
  try {
    const before = readFileSync(real, 'latin1');
    const after = change(before);
    if (after === before) return rmSync(lock, { force: true });
    writeFileSync(lock, after, 'latin1');
    chmodSync(lock, statSync(real).mode & 0o7777);
    renameSync(lock, real);
  } catch (error) {
    rmSync(lock, { force: true });
    throw new LedgerError('READ_ONLY_REPOSITORY', `${file} cannot be written: ${(error as Error).message}`);
  }
}

async function take(lock: string): Promise<number> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(WAIT_MS)) {
    try {
      return openSync(lock, 'wx', 0o666);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new LedgerError('READ_ONLY_REPOSITORY', `${lock} cannot be made: ${(error as Error).message}`);
      if (Date.now() > until)
        throw new LedgerError('BUSY', `${lock} is there: git is changing the configuration, or ended while it did`);
    }
  }
}

/** Text as {@link editConfig} sees it. */
export const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
export const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
