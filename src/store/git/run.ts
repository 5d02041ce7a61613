import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { LedgerError } from '../../kernel/errors.ts';
import { gitEnvironment, SETTINGS } from './environment.ts';

export interface RunOptions {
  cwd: string;
  /** Passed as `--git-dir`; without it git finds the repository of `cwd`. */
  gitDir?: string;
  /** A prepared environment; default: this process's, scrubbed. */
  env?: NodeJS.ProcessEnv;
  /** Killed after this many ms; default 60 s. */
  timeoutMs?: number;
  /** Killed when stdout grows over this many bytes; default 64 MB. */
  maxOutput?: number;
  input?: string | Iterable<string>;
  signal?: AbortSignal | undefined;
}

export interface RunResult {
  /** null when it was killed. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** Why we or the system ended it. */
  killed?: 'timeout' | 'output' | 'aborted' | NodeJS.Signals;
}

const MAX_STDERR = 64 * 1024;
/** After SIGTERM git gets this long to remove its lock files, in ms. */
const LAST_WORDS_MS = 2000;

let spawned = 0;
/** Git processes this process started so far: what an operation costs is counted by it. */
export function spawnCount(): number {
  return spawned;
}

/** Processes of git that run now. */
const running = new Set<ChildProcessWithoutNullStreams>();

/** Ends every git that this process started: it is about to go, and nobody waits for their answers. */
export function endGit(): void {
  for (const child of running) child.kill('SIGTERM');
}

/** Starts git with our settings and nobody's hooks. The caller minds errors, time and output. */
export function startGit(args: readonly string[], options: RunOptions): ChildProcessWithoutNullStreams {
  spawned++;
  const dir = options.gitDir === undefined ? [] : [`--git-dir=${options.gitDir}`];
  const child = spawn('git', [...SETTINGS, ...dir, ...args], {
    cwd: options.cwd,
    env: options.env ?? gitEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  // A git that ends early closes its stdin; the exit code tells what happened.
  child.stdin.on('error', () => {});
  return child;
}

/**
 * Runs git to its end. A failure of git is in the result, not thrown.
 * @throws LedgerError GIT_TOO_OLD when there is no git, NO_REPOSITORY when `cwd` is gone, CANCELLED when aborted
 */
export async function runGit(args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) throw new LedgerError('CANCELLED', 'cancelled');
  const child = startGit(args, options);
  const out: Buffer[] = [];
  let size = 0;
  let stderr = '';
  let killed: RunResult['killed'];
  let lastWords: NodeJS.Timeout | undefined;
  const end = (why: 'timeout' | 'output' | 'aborted'): void => {
    killed ??= why;
    child.kill('SIGTERM');
    lastWords ??= setTimeout(() => {
      child.kill('SIGKILL');
      // A grandchild (ssh) may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, LAST_WORDS_MS);
  };
  const timer = setTimeout(() => end('timeout'), options.timeoutMs ?? 60_000);
  const abort = (): void => end('aborted');
  options.signal?.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > (options.maxOutput ?? 64 << 20)) end('output');
    else out.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-MAX_STDERR);
  });
  try {
    const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', error => reject(startFault(error, options.cwd)));
      child.once('close', (code, signal) => resolve([code, signal]));
    });
    feed(child, options.input);
    const [code, signal] = await closed;
    if (killed === 'aborted') throw new LedgerError('CANCELLED', 'cancelled');
    const why = killed ?? signal ?? undefined;
    return { code: why ? null : code, stdout: Buffer.concat(out), stderr, ...(why ? { killed: why } : {}) };
  } finally {
    clearTimeout(timer);
    clearTimeout(lastWords);
    options.signal?.removeEventListener('abort', abort);
  }
}

function feed(child: ChildProcessWithoutNullStreams, input: RunOptions['input']): void {
  child.stdin.end(input === undefined || typeof input === 'string' ? (input ?? '') : [...input].join(''));
}

/** `ENOENT` from spawn means no git, or no such folder to start it in. */
export function startFault(error: NodeJS.ErrnoException, cwd: string): LedgerError {
  if (error.code !== 'ENOENT') return new LedgerError('INTERNAL', `git did not start: ${error.message}`);
  if (!existsSync(cwd)) return new LedgerError('NO_REPOSITORY', `no such folder: ${cwd}`);
  return new LedgerError('GIT_TOO_OLD', 'git is not installed, or not on the PATH');
}

/** Why a run failed, for faultOf and for reasons: how it was killed, else its stderr. */
export function failureText({ killed, stderr }: RunResult): string {
  if (killed === 'timeout') return 'no answer in time';
  if (killed === 'output') return 'too long an answer';
  return killed === undefined ? stderr : `ended by ${killed} ${stderr}`;
}
