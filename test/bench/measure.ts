import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** How a command is started for a measurement. */
export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Exit codes that count as done. */
  good?: number[];
}

/** Clock ticks a second of /proc (USER_HZ), 100 on every Linux that Node runs on. */
const HZ = 100;

/** CPU of all children waited for so far, in ms: theirs and their children's. Undefined where there is no /proc. */
function childCpu(): number | undefined {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return ((Number(fields[13]) + Number(fields[14])) * 1000) / HZ;
  } catch {
    return undefined;
  }
}

/** Mean CPU of one run in ms (wall time where CPU cannot be read), after one run to warm up. */
export function cpuOf(command: Command, runs: number): number {
  once(command);
  const before = childCpu();
  const started = performance.now();
  for (let run = 0; run < runs; run++) once(command);
  const after = childCpu();
  return (before !== undefined && after !== undefined ? after - before : performance.now() - started) / runs;
}

/** Interleaves base and command, so that both meet the same machine; the ratio of their CPU. */
export function ratioOf(
  base: Command,
  command: Command,
  runs: number,
  rounds = 4,
): { ratio: number; base: number; ms: number } {
  let baseSum = 0;
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    baseSum += cpuOf(base, Math.ceil(runs / rounds));
    sum += cpuOf(command, Math.ceil(runs / rounds));
  }
  return { ratio: sum / baseSum, base: baseSum / rounds, ms: sum / rounds };
}

export function once({ program, args, cwd, env, good = [0] }: Command): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (!good.includes(status ?? -1))
    throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr || stdout}`);
  return stdout;
}

/** What the figures were seen on. */
export function machine(): string {
  const git = once({ program: 'git', args: ['--version'], cwd: '.', env: process.env }).trim();
  return `${process.platform} ${process.arch}, ${cpus().length} cores, Node ${process.version}, ${git}`;
}
