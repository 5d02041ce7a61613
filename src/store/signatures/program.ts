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
}

export interface ProgramOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  input: string;
  /** Killed after so many ms. */
  timeoutMs: number;
}

/** Most that a program may say on either stream, in bytes. */
const MAX_OUTPUT = 256 * 1024;

/** Runs ssh-keygen or gpg without a shell, in bounded time and output. Never throws: how it ended is the answer. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  const { cwd, env, input, timeoutMs } = options;
  return new Promise(resolve => {
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let late: true | undefined;
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const end = (code: number | null, missing?: true): void => {
      clearTimeout(timer);
      const why = { ...(missing ? { missing } : {}), ...(late ? { late } : {}) };
      resolve({ code: late ? null : code, stdout: Buffer.concat(out), stderr, ...why });
    };
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // What it started may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
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
export function complaint({ stderr, late, missing }: Ended, program: string): string {
  if (missing) return `there is no program ${program}`;
  if (late) return `${program} gave no answer in time`;
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !line.startsWith('[GNUPG:]'));
  return `${program}: ${lines.at(-1)?.trim().slice(0, 200) ?? 'failed'}`;
}
