import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { noteReserved } from '../../book/reserved.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { stagedPort } from '../../rooms/reservations/ports.ts';
import { gitEnvironment } from '../../store/git/environment.ts';
import { failureText, runGit } from '../../store/git/run.ts';
import type { Env } from '../hosts.ts';
import { providePort } from './port.ts';

/** Most bytes of names that one look takes in. */
const MAX_NAMES = 16 << 20;

export const stagedSource = providePort(stagedPort, ({ seat, options, tip }) => ({
  async paths() {
    const root = options.place.repository?.topLevel;
    if (root === undefined) throw new LedgerError('BAD_INPUT', 'nothing is staged here: there is no work tree');
    // Who asks is a hook: a clone that has no note for its quiet path yet gets it.
    await noteReserved(seat.book, tip());
    return stagedPaths(root, options.env);
  },
}));

/**
 * Paths that differ between HEAD and the index, from the top of the work tree. Without rename detection, so that the old
 * name of what was renamed is among them.
 * @throws LedgerError BAD_INPUT when git cannot say
 */
export async function stagedPaths(root: string, env: Env): Promise<string[]> {
  const index = indexOf(root, env);
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '--no-relative', '-z'];
  const ran = await runGit(args, {
    cwd: root,
    env: { ...gitEnvironment(env), ...(index === undefined ? {} : { GIT_INDEX_FILE: index }) },
    maxOutput: MAX_NAMES,
  });
  if (ran.code !== 0)
    throw new LedgerError('BAD_INPUT', `git does not say what is staged: ${firstLine(failureText(ran))}`);
  return ran.stdout
    .toString('utf8')
    .split('\0')
    .filter(path => path !== '');
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200);

/**
 * The index that git made for this one commit (`git commit <file>` and `-a` have one of their own) and named to its hook;
 * undefined for the usual one, and for what is no index of git.
 */
function indexOf(root: string, env: Env): string | undefined {
  const named = env.GIT_INDEX_FILE;
  if (!named) return undefined;
  const path = resolve(root, named);
  try {
    return statSync(path).isFile() && signature(path) === 'DIRC' ? path : undefined;
  } catch {
    return undefined; // not there
  }
}

function signature(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, 4, 0));
  } finally {
    closeSync(file);
  }
}
