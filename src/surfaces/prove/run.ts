import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { LedgerError } from '../../kernel/errors.ts';
import type { Proof } from '../../rooms/tasks/proofs.ts';
import { type Environment, withoutRepository } from '../../store/git/index.ts';
import { randomHex } from '../../store/random.ts';
import { LAST_WORDS_MS, MARK, Tree } from './ended.ts';
import { Output } from './output.ts';
import { startFault } from './startfault.ts';

/** What a program that has ended may leave running with its output open, in ms. */
const LEFT_MS = 1_000;
const TICK_MS = 1_000;

export interface RunOptions {
  /** Absolute. */
  cwd: string;
  env: Environment;
  timeoutMs: number;
  /** The user interrupts: all of it is ended, and CANCELLED thrown. */
  signal?: AbortSignal | undefined;
  /** Called once a second with the seconds that it runs. */
  tick?: (seconds: number) => void;
  /** What it is called in messages; default `check`. */
  noun?: 'check' | 'command';
}

/** How a program ended, and what it printed. */
export type Ran = Pick<Proof, 'exit_code' | 'signal' | 'ended' | 'duration_ms'> & { output: Output };

/**
 * Runs a program without a shell, without a terminal and with an empty stdin, in a process group of its own. When it has
 * ended, so is all that it started.
 * @throws LedgerError USAGE when it cannot be started, CANCELLED when the user interrupts
 */
export async function runCheck(words: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env, timeoutMs, signal, tick, noun = 'check' } = options;
  const cancelled = (): LedgerError => new LedgerError('CANCELLED', `cancelled: nothing was recorded of the ${noun}`);
  if (signal?.aborted) throw cancelled();
  const [program, ...args] = words as [string, ...string[]];
  const started = performance.now();
  const passed = (): number => Math.round(performance.now() - started);
  const mark = randomHex(16);
  const spawn = process.platform === 'win32' ? (await import('cross-spawn')).default : nodeSpawn;
  const child: ChildProcess = spawn(program, args, {
    cwd,
    // PWD is the folder's name as a shell takes it: the caller's own is of another folder, or goes through a link.
    env: { ...withoutRepository(env), PWD: cwd, [MARK]: env[MARK] ? `${env[MARK]} ${mark}` : mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // On Windows it would open a console window; there the tree is found by who started whom.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const tree = new Tree(child, mark);
  const output = new Output();
  let why: 'timeout' | 'aborted' | undefined;
  let last: NodeJS.Timeout | undefined;
  const end = (): void => {
    tree.end('SIGTERM');
    last ??= setTimeout(() => {
      tree.end('SIGKILL');
      // What got away may hold the pipes open for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, LAST_WORDS_MS);
  };
  const abort = (): void => {
    why ??= 'aborted';
    end();
  };
  const timer = setTimeout(() => {
    why ??= 'timeout';
    end();
  }, timeoutMs);
  const ticking = setInterval(() => tick?.(Math.round(passed() / 1000)), TICK_MS);
  let left: NodeJS.Timeout | undefined;
  const gone = watchExit(tree, abort);
  signal?.addEventListener('abort', abort, { once: true });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.add(chunk));
  try {
    let duration_ms = 0;
    const [code, ended] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', error => reject(startFault(program, error, options)));
      child.once('exit', () => {
        duration_ms = passed();
        left = setTimeout(end, LEFT_MS);
      });
      child.once('close', (...how) => resolve(how));
    });
    if (why === 'aborted') throw cancelled();
    if (why === 'timeout') return { exit_code: null, ended: why, duration_ms, output };
    return { exit_code: code, ...(ended === null ? {} : { signal: ended }), duration_ms, output };
  } finally {
    for (const one of [timer, last, left]) clearTimeout(one);
    clearInterval(ticking);
    signal?.removeEventListener('abort', abort);
    tree.endRest();
    gone();
  }
}

/** Nothing of a check outlives us, unless we are killed. @returns what stops watching */
function watchExit(tree: Tree, abort: () => void): () => void {
  const kill = (): void => tree.endRest();
  let hungUp = 0;
  const hangUp = (): void => {
    if (hungUp++ > 0) process.exit(129);
    abort();
  };
  // A server minds its own end.
  const alone = process.listenerCount('SIGHUP') === 0;
  process.on('exit', kill);
  if (alone) process.on('SIGHUP', hangUp);
  return () => {
    process.off('exit', kill);
    if (alone) process.off('SIGHUP', hangUp);
  };
}
