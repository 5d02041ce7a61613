import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import { epochMs } from '../../kernel/time.ts';
import { type FileSite, type FileState, fileSite } from '../../rooms/files/ports.ts';
import { gitEnvironment } from '../../store/git/environment.ts';
import { failureText, lastLine, type RunResult, runGit } from '../../store/git/index.ts';
import type { Env } from '../hosts.ts';
import { providePort } from './port.ts';

/** Git answers in this time, in ms, and with so many bytes of names, or not at all. */
const BOUND_MS = 15_000;
const MAX_OUTPUT = 16 << 20;

export const fileSiteSource = providePort(fileSite, ({ context, options: { place, env } }) => {
  const top = place.repository?.topLevel;
  if (top === undefined) throw new LedgerError('NO_REPOSITORY', 'there is no work tree here');
  return new WorkTree(top, env, context.signal);
});

/** Git in the work tree that somebody stands in; paths of the ledger reach it only behind `--`, as they are. */
export class WorkTree implements FileSite {
  readonly #top: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal | undefined;

  constructor(top: string, env: Env, signal?: AbortSignal) {
    this.#top = top;
    this.#env = gitEnvironment(env);
    this.#signal = signal;
  }

  async states(paths: readonly string[], since: string): Promise<FileState[]> {
    const from = await this.#before(since);
    const diff = ['diff', '--name-status', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-relative', '-z'];
    const changed = pairs(await this.#said([...diff, from, '--', ...paths]));
    const status = ['status', '--porcelain=v1', '--no-renames', '--untracked-files=all', '-z'];
    const open = (await this.#said([...status, '--', ...paths])).filter(name => name !== '');
    for (const line of open) if (line.startsWith('??')) changed.set(line.slice(3), 'A');
    const uncommitted = open.map(line => line.slice(3));
    return paths.map(path => {
      const kinds = new Set([...changed].filter(([name]) => isIn(name, path)).map(([, kind]) => kind));
      return {
        path,
        exists: isThere(this.#top, path),
        ...(kinds.size === 0 ? {} : { changed: kindOf(kinds) }),
        ...(uncommitted.some(name => isIn(name, path)) ? { uncommitted: true } : {}),
      };
    });
  }

  /**
   * The commit that HEAD was at then, by the times of commits; the empty tree before the first. They count whole seconds:
   * what was committed within the same one counts as later.
   */
  async #before(since: string): Promise<string> {
    const last = Math.floor(epochMs(since) / 1000) - 1;
    const run = await this.#git(['rev-list', '--max-count=1', `--min-age=${last}`, 'HEAD', '--']);
    const found = run.code === 0 ? run.stdout.toString('utf8').trim() : '';
    if (found !== '') return found;
    const [empty = ''] = await this.#said(['hash-object', '-t', 'tree', '--stdin']);
    return empty.trim();
  }

  async #said(args: readonly string[]): Promise<string[]> {
    const run = await this.#git(args);
    if (run.code !== 0) throw fault(args[0]!, run);
    return run.stdout.toString('utf8').split('\0');
  }

  #git(args: readonly string[]): Promise<RunResult> {
    return runGit(['--literal-pathspecs', ...args], {
      cwd: this.#top,
      env: this.#env,
      timeoutMs: BOUND_MS,
      maxOutput: MAX_OUTPUT,
      signal: this.#signal,
      input: '',
    });
  }
}

function fault(what: string, run: RunResult): LedgerError {
  if (run.killed === 'timeout')
    return new LedgerError('BUSY', `git ${what} took longer than ${BOUND_MS / 1000} seconds`);
  if (run.killed === 'output') return new LedgerError('TOO_LARGE', `git ${what} had too much to say`);
  return new LedgerError('NOT_FOUND', `git ${what}: ${lastLine(failureText(run))}`, { hint: 'git status' });
}

/** `M\0a\0D\0b\0` by name. */
function pairs(fields: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) if (fields[at] !== '') found.set(fields[at + 1]!, fields[at]![0]!);
  return found;
}

const isIn = (name: string, path: string): boolean => name === path || name.startsWith(`${path}/`);

function kindOf(kinds: ReadonlySet<string>): NonNullable<FileState['changed']> {
  if (kinds.size > 1) return 'modified';
  return kinds.has('A') ? 'added' : kinds.has('D') ? 'deleted' : 'modified';
}

/** Nothing is looked for behind a link: a path of the ledger leads nowhere but into this work tree. */
function isThere(top: string, path: string): boolean {
  const parts = path.split('/');
  try {
    return parts.every((_, at) => {
      const found = lstatSync(join(top, ...parts.slice(0, at + 1)), { throwIfNoEntry: false });
      return found !== undefined && (at + 1 === parts.length || found.isDirectory());
    });
  } catch {
    return false; // a name that this system has no file for, or a folder that nobody may read
  }
}
