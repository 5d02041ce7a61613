import { LedgerError } from '../../kernel/errors.ts';
import { failureText, runGit } from '../../store/git/index.ts';

/** Longest that git may look, in ms: a large checkout with a cold cache takes a while. */
const LOOK_MS = 120_000;
const LOOK_BYTES = 262_144;

/** Where a checkout stands. */
export interface Standing {
  /** HEAD, whole; undefined before the first commit. */
  head: string | undefined;
  /** The first path that differs from HEAD or is neither tracked nor ignored; undefined in a clean tree. */
  changed: string | undefined;
}

/** Submodules count with what is in them, whatever the configuration leaves out. @throws LedgerError when git cannot say */
export async function standingOf(root: string): Promise<Standing> {
  const args = ['status', '-z', '--porcelain=v2', '--branch', '--untracked-files=normal', '--ignore-submodules=none'];
  const run = await runGit([...args, '--no-renames'], { cwd: root, timeoutMs: LOOK_MS, maxOutput: LOOK_BYTES });
  if (run.code !== 0 && run.killed !== 'output')
    throw new LedgerError('INTERNAL', `git status: ${failureText(run).trim().split('\n', 1)[0]}`);
  const lines = run.stdout.toString('utf8').split('\0');
  const oid = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  const first = lines.find(line => /^[12u?] /.test(line));
  return { head: oid === '(initial)' ? undefined : oid, changed: first === undefined ? undefined : pathIn(first) };
}

/** The path behind the fields of a line: eight before it, ten where a merge is open, one for what is untracked. */
function pathIn(line: string): string {
  const fields = { '?': 1, u: 10 }[line[0]!] ?? 8;
  return line.split(' ').slice(fields).join(' ');
}
