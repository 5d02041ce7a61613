// Races at full size, with real processes and real git: `npm run races`, or some of them: `npm run races -- crowd killed`.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from '../e2e/stage.ts';
import { claimNext } from './claim-next.ts';
import { crowd } from './crowd.ts';
import { fromHandToHand, oneAnswers } from './handoff.ts';
import { killedExchanging, killedWriting } from './killed.ts';
import { run as model } from './model.ts';
import { oneWinner } from './one-winner.ts';
import type { Race } from './race.ts';
import { createAtOnce, stampede } from './stampede.ts';

const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const RACES: Race[] = [
  { name: 'one winner', run: dir => oneWinner(new Stage(dir), { processes: 16, clones: 4, rounds: 20 }) },
  { name: 'handoff', run: dir => oneAnswers(new Stage(dir), { processes: 16, clones: 4, rounds: 20 }) },
  { name: 'handoff from hand to hand', run: dir => fromHandToHand(new Stage(dir), { moves: 12 }) },
  { name: 'claim next', run: dir => claimNext(new Stage(dir), { clones: 24 }) },
  { name: 'create at once', run: dir => createAtOnce(new Stage(dir), { processes: 20 }) },
  { name: 'stampede', run: dir => stampede(new Stage(dir), { processes: 100, each: 1 }) },
  { name: 'stampede of many writes', run: dir => stampede(new Stage(dir), { processes: 20, each: 20 }) },
  { name: 'killed writing', run: dir => killedWriting(new Stage(dir), { writes: 100 }) },
  { name: 'killed exchanging', run: dir => killedExchanging(new Stage(dir), { rounds: 13 }) },
  { name: 'crowd', run: dir => crowd(new Stage(dir), { clones: 50 }) },
  {
    name: 'model',
    run: () =>
      model({
        seeds: setting('LEDGENTER_MODEL_SEEDS', 100_000),
        from: setting('LEDGENTER_MODEL_FROM', 1_000_000),
        workers: setting('LEDGENTER_WORKERS', availableParallelism()),
        progress: line => console.error(`model: ${line}`),
      }),
  },
];

const wanted = process.argv.slice(2);
let failed = 0;
for (const { name, run } of RACES) {
  if (wanted.length > 0 && !wanted.some(word => name.includes(word))) continue;
  const dir = mkdtempSync(join(tmpdir(), 'ledgenter-race-'));
  const start = Date.now();
  try {
    const { figures, faults } = await run(dir);
    const told = Object.entries(figures).map(([key, value]) => `${key} ${value}`);
    console.log(
      `${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${told.join(', ')} (${Math.round((Date.now() - start) / 1000)} s)`,
    );
    for (const fault of faults) console.log(`       ${fault}`);
    if (faults.length > 0) failed++;
    else rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error instanceof Error ? error.stack : String(error)}\n       left in ${dir}`);
  }
}
console.log(`load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`);
process.exitCode = failed > 0 ? 1 : 0;
