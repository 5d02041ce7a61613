import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { writeWhole } from '../../store/git/files.ts';

/** A link in the place of a file is not followed, where the system can be told so; and a pipe there is not waited for. */
const NO_LINK = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Which of these lines a file has not yet. Every line that it has must be one of them: it is never written anew.
 * @throws LedgerError REFUSED for a file with a line of its own
 */
export function checkLines(base: string, path: readonly string[], lines: readonly string[]): string[] {
  const shown = path.join('/');
  const refuse = (what: string): never => {
    throw new LedgerError('REFUSED', `${shown} ${what}; it was left alone`, {
      hint: 'ledgenter event export <another folder>',
    });
  };
  // The folder that is named may be anything; what lies below it is ours, and leads nowhere else.
  for (const folder of [path.slice(0, -1), [...path.slice(0, -1), 'sessions']])
    if (lstatSync(join(base, ...folder), { throwIfNoEntry: false })?.isSymbolicLink())
      throw new LedgerError('REFUSED', `${folder.join('/')} is a link; nothing was written through it`, {
        hint: 'ledgenter event export <another folder>',
      });
  const there = read(base, path, refuse);
  if (there !== '' && !there.endsWith('\n')) refuse('ends within a line');
  const open = new Map<string, number>();
  for (const line of lines) open.set(line, (open.get(line) ?? 0) + 1);
  for (const [index, line] of there.split('\n').slice(0, -1).entries()) {
    const count = open.get(line) ?? 0;
    if (count === 0) refuse(`has a line ${index + 1} that is no event of this ledger`);
    open.set(line, count - 1);
  }
  return lines.filter(line => {
    const count = open.get(line)!;
    open.set(line, count - 1);
    return count > 0;
  });
}

function read(base: string, path: readonly string[], refuse: (what: string) => never): string {
  try {
    const file = openSync(join(base, ...path), constants.O_RDONLY | NO_LINK);
    try {
      return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : refuse('is no file');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof LedgerError) throw error;
    return code === 'ENOENT' ? '' : refuse(`cannot be read: ${message}`);
  }
}

/** Appends in one write; the folder is made where needed. @throws LedgerError BAD_INPUT */
export function appendLines(base: string, path: readonly string[], lines: readonly string[]): void {
  const target = join(base, ...path);
  try {
    mkdirSync(dirname(target), { recursive: true });
    const file = openSync(target, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | NO_LINK, 0o666);
    try {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new LedgerError('BAD_INPUT', `${path.join('/')} cannot be written: ${(error as Error).message}`, {
      hint: 'ledgenter event export <another folder>',
    });
  }
}

/** Readers see the old text or the new one, never half of one; what is the same already is left alone. */
export async function replaceFile(base: string, path: readonly string[], text: string): Promise<void> {
  const target = join(base, ...path);
  try {
    if (readFileSync(target, 'utf8') === text) return;
  } catch {
    // not there yet
  }
  await writeWhole(target, text);
}
