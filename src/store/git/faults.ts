import { LedgerError } from '../../kernel/errors.ts';

/** What a failed system call, or git's words about one, mean to the user. First match wins. */
const FAULTS: [RegExp, 'NO_ROOM' | 'READ_ONLY_REPOSITORY' | 'NO_REPOSITORY', string][] = [
  [
    /ENOSPC|EDQUOT|EFBIG|SIGXFSZ|no space left|disk quota exceeded|file too large/i,
    'NO_ROOM',
    'no room to write in the git directory',
  ],
  [
    /EROFS|EACCES|EPERM|ENOTDIR|EEXIST|read-only file system|permission denied|insufficient permission/i,
    'READ_ONLY_REPOSITORY',
    'the git directory cannot be written',
  ],
  [/not a git repository|dubious ownership/i, 'NO_REPOSITORY', 'not inside a git repository'],
];

/**
 * An I/O fault as the error a user can act on; INTERNAL with git's own last line for anything else.
 * @param what what was being done, for the message: `git fast-import`
 * @param cause git's stderr, or an error of node:fs
 */
export function faultOf(what: string, cause: unknown): LedgerError {
  if (cause instanceof LedgerError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const text = `${code} ${cause instanceof Error ? cause.message : String(cause)}`;
  for (const [pattern, fault, message] of FAULTS) {
    if (pattern.test(text)) return new LedgerError(fault, message, { details: { what, cause: lastLine(text) } });
  }
  return new LedgerError('INTERNAL', `${what}: ${lastLine(text)}`);
}

/** What git adds when ssh or the host has already said why. */
const NO_REASON = /^fatal: (?:Could not read from remote repository\.|the remote end hung up)/;

/** The line of git's stderr that says why: the last `fatal:` or `error:` that does, else the last of all, ≤ 300 characters. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  const told = lines.filter(
    line => line !== '' && !NO_REASON.test(line) && !/^(?:Please make sure|and the repository)/.test(line),
  );
  const why = told.filter(line => /^(fatal|error): /.test(line));
  return (why.at(-1) ?? told.at(-1) ?? lines.find(line => line !== '') ?? 'no reason given').slice(0, 300);
}
