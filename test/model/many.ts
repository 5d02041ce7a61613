import type { Rules } from '../../src/exchange/rules.ts';
import type { Mistakes, Stats } from './cast.ts';
import type { Invariant } from './oracle.ts';
import { runSeed } from './run.ts';

export interface ManyOptions {
  from: number;
  seeds: number;
  rules?: Partial<Rules>;
  mistakes?: Mistakes;
  /** Called now and then with the number of seeds that are done. */
  progress?: (done: number, failed: number) => void;
}

/** What many seeds came to. */
export interface Tally {
  seeds: number;
  failed: number;
  /** `I7: …` → how often, and the first seed that shows it. */
  failures: Record<string, { count: number; seed: number }>;
  invariants: Partial<Record<Invariant | 'fault', number>>;
  stats: Record<keyof Stats, number>;
}

export function emptyTally(): Tally {
  return { seeds: 0, failed: 0, failures: {}, invariants: {}, stats: {} as Record<keyof Stats, number> };
}

/** Seeds one after another; a seed whose code throws counts as failed, under `fault`. */
export async function runMany({ from, seeds, rules = {}, mistakes = {}, progress }: ManyOptions): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed < from + seeds; seed++) {
    const found = new Map<string, Invariant | 'fault'>();
    try {
      const { failures, stats } = await runSeed({ seed, rules, mistakes });
      for (const { invariant, message } of failures) found.set(`${invariant}: ${message}`, invariant);
      addStats(tally, stats);
    } catch (error) {
      found.set(`fault: ${error instanceof Error ? error.message.replace(/[0-9a-f]{12,}/g, '…') : error}`, 'fault');
    }
    tally.seeds++;
    if (found.size > 0) tally.failed++;
    for (const [failure, invariant] of found) count(tally, failure, invariant, seed);
    if (tally.seeds % 100 === 0) progress?.(tally.seeds, tally.failed);
  }
  return tally;
}

function count(tally: Tally, failure: string, invariant: Invariant | 'fault', seed: number): void {
  tally.failures[failure] ??= { count: 0, seed };
  tally.failures[failure].count++;
  tally.invariants[invariant] = (tally.invariants[invariant] ?? 0) + 1;
}

function addStats(tally: Tally, stats: Stats): void {
  for (const [name, n] of Object.entries(stats) as [keyof Stats, number][]) {
    tally.stats[name] = (tally.stats[name] ?? 0) + n;
  }
}

/** Two tallies as one. */
export function addTally(all: Tally, more: Tally): Tally {
  const failures = { ...all.failures };
  for (const [failure, { count: n, seed }] of Object.entries(more.failures)) {
    const old = failures[failure];
    failures[failure] = old ? { count: old.count + n, seed: Math.min(old.seed, seed) } : { count: n, seed };
  }
  return {
    seeds: all.seeds + more.seeds,
    failed: all.failed + more.failed,
    failures,
    invariants: sum(all.invariants, more.invariants),
    stats: sum(all.stats, more.stats) as Tally['stats'],
  };
}

function sum(a: Partial<Record<string, number>>, b: Partial<Record<string, number>>): Record<string, number> {
  const out: Record<string, number> = {};
  for (const part of [a, b]) for (const [name, n] of Object.entries(part)) out[name] = (out[name] ?? 0) + (n ?? 0);
  return out;
}
