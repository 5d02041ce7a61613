import { spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** null: killed, or never started. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** No such program here. */
  missing?: true;
  late?: true;
  /** Stopped because whoever asked goes away. */
  stopped?: true;
}

export interface ProgramOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  input: string;
  /** Killed after so many ms. */
  timeoutMs: number;
  /** Killed when it is aborted, and when this process ends: nobody would take the answer. */
  signal?: AbortSignal | undefined;
}

/** Most that a program may say on either stream, in bytes. */
const MAX_OUTPUT = 256 * 1024;

/** What runs now: none outlives this process. */
const running = new Set<() => void>();
const killAll = (): void => {
  for (const kill of running) kill();
};

/** Runs ssh-keygen or gpg without a shell, in bounded time and output. Never throws: how it ended is the answer. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  const { cwd, env, input, timeoutMs, signal } = options;
  if (signal?.aborted) return Promise.resolve({ code: null, stdout: Buffer.of(), stderr: '', stopped: true });
  return new Promise(resolve => {
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let late: true | undefined;
    let stopped: true | undefined;
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const end = (code: number | null, missing?: true): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      running.delete(kill);
      if (running.size === 0) process.off('exit', killAll);
      const why = { ...(missing ? { missing } : {}), ...(late ? { late } : {}), ...(stopped ? { stopped } : {}) };
      resolve({ code: late || stopped ? null : code, stdout: Buffer.concat(out), stderr, ...why });
    };
    const kill = (): void => {
      child.kill('SIGKILL');
      // What it started may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, timeoutMs);
    const stop = (): void => {
      stopped = true;
      kill();
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (running.size === 0) process.on('exit', killAll);
    running.add(kill);
    child.once('error', (error: NodeJS.ErrnoException) => end(null, error.code === 'ENOENT' ? true : undefined));
    child.once('close', code => end(code));
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-MAX_OUTPUT);
    });
    // A program that ends early closes its stdin; its end tells what happened.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What a program complained of, as one line. */
export function complaint({ stderr, late, missing, stopped }: Ended, program: string): string {
  if (missing) return `there is no program ${program}`;
  if (stopped) return `${program} was stopped`;
  if (late) return `${program} gave no answer in time`;
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !line.startsWith('[GNUPG:]'));
  return `${program}: ${lines.at(-1)?.trim().slice(0, 200) ?? 'failed'}`;
}
