import { join } from 'node:path';
import type { Ledger } from './ledgers.ts';
import { type Command, once, ratioOf } from './measure.ts';

const PAIRS = 60;

const commitIn = (ledger: Ledger, cwd: string): Command => ({
  program: 'git',
  args: [
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.com',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'measured',
  ],
  cwd,
  env: ledger.env,
});

/**
 * What our hooks cost: a commit that has nothing to do with a task, in ms more than in a clone without hooks (median of pairs,
 * each made one right after the other), and a linked one, as CPU against an empty Node, git's own part included.
 */
export function commitCosts(ledger: Ledger): { untouched: number; linked: number } {
  const without = join(ledger.folder, 'without');
  ledger.git(ledger.folder, 'clone', '-q', ledger.hub, without);
  ledger.run('hooks', 'install', '--yes');
  const plain = commitIn(ledger, without);
  const hooked = commitIn(ledger, ledger.clone);
  const untouched = median(
    Array.from({ length: PAIRS }, () => {
      const base = wallOf(plain);
      return wallOf(hooked) - base;
    }),
  );
  ledger.run('task', 'claim');
  return { untouched, linked: ratioOf(ledger.node, hooked, 24).ratio };
}

function wallOf(command: Command): number {
  const began = performance.now();
  once(command);
  return performance.now() - began;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
