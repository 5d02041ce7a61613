import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isolated } from './sample.ts';

/** The launcher that users run; `npm run build` makes what it loads. */
export const LAUNCHER = fileURLToPath(new URL('../../bin/ledgenter.cjs', import.meta.url));

const HOST_MARKS = /^(LEDGENTER_|CLAUDE|CODEX_|CURSOR_|GEMINI_|OPENCODE|AGENT$|AI_AGENT$|CI$|GITHUB_|GIT_)/;

/** An environment in which no host shows and no configuration of the user's counts. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !HOST_MARKS.test(name));
  return { ...(Object.fromEntries(own) as Record<string, string>), ...isolated, LEDGENTER_AUTOSYNC: 'false', ...extra };
}

export interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
}

/** Waits for a child's end, with all it printed. */
export function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', part => (out += part));
  child.stderr?.setEncoding('utf8').on('data', part => (err += part));
  return new Promise(resolve => child.on('close', (code, signal) => resolve({ code, signal, out, err })));
}

/** Starts the built binary. */
export function start(
  args: string[],
  cwd: string,
  options: SpawnOptions = {},
  env: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], { cwd, env: cleanEnv(env), stdio: 'pipe', ...options });
}

/** Runs the built binary to its end, with `input` on stdin. */
export function run(
  args: string[],
  cwd: string,
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = start(args, cwd, {}, env);
  child.stdin?.on('error', () => {}).end(input);
  return ended(child);
}

/** Runs git in `cwd`. */
export async function git(cwd: string, ...args: string[]): Promise<Ended> {
  return ended(spawn('git', args, { cwd, env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** A new repository with an identity. */
export async function repository(cwd: string): Promise<void> {
  await git(cwd, 'init', '-q');
  await git(cwd, 'config', 'user.name', 'Anna');
  await git(cwd, 'config', 'user.email', 'anna@example.com');
}
