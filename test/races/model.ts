import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addTally, emptyTally, type Tally } from '../model/many.ts';
import type { Outcome } from './race.ts';

export interface ModelRace {
  /** Seeds to run, and the first of them. */
  seeds: number;
  from: number;
  /** Worker processes. */
  workers: number;
  progress?: (line: string) => void;
}

/** Seeds a worker is given at a time: some seconds of work. */
const PORTION = 250;
/**
 * A worker runs without the hooks of a test runner, which follow every promise and double the time (60 ms a seed for 30);
 * nearly all that a seed makes is short-lived, and a larger nursery saves another tenth.
 */
const WORKER_FLAGS = ['--import=tsx', '--max-semi-space-size=64'];

/**
 * The protocol on our own code, at full size: I1–I7 over many seeds, in processes of their own.
 * @throws Error when a worker dies
 */
export async function run({ seeds, from, workers, progress = () => {} }: ModelRace): Promise<Outcome> {
  const end = from + seeds;
  const began = performance.now();
  let next = from;
  let all = emptyTally();
  const take = (): [number, number] | undefined => {
    if (next >= end) return undefined;
    const portion: [number, number] = [next, Math.min(PORTION, end - next)];
    next += portion[1];
    return portion;
  };
  const add = (tally: Tally): void => {
    all = addTally(all, tally);
    const left = ((performance.now() - began) / all.seeds) * (seeds - all.seeds);
    progress(`${all.seeds} of ${seeds} seeds, ${all.failed} failed, about ${Math.ceil(left / 60_000)} min left`);
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, () => work(take, add)));
  const each = Math.round(((performance.now() - began) / Math.max(1, all.seeds)) * 10) / 10;
  const faults = Object.entries(all.failures).map(
    ([failure, { count, seed }]) => `${failure}: ${count} times, first in seed ${seed}`,
  );
  return { figures: { seeds: all.seeds, failed: all.failed, msEach: each, ...all.stats }, faults };
}

function work(take: () => [number, number] | undefined, add: (tally: Tally) => void): Promise<void> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./model-worker.ts', import.meta.url)), [], {
    execArgv: WORKER_FLAGS,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return new Promise((resolve, reject) => {
    const feed = (): void => {
      const portion = take();
      if (portion) child.send(portion);
      else {
        child.disconnect();
        resolve();
      }
    };
    child.on('message', tally => {
      add(tally as Tally);
      feed();
    });
    child.on('error', reject);
    child.on('exit', code => {
      if (code) reject(new Error(`a worker ended with exit code ${code}`));
    });
    feed();
  });
}
