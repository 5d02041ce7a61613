import { createInterface } from 'node:readline';
import { FORMAT } from '../../src/kernel/entry.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { discover } from '../../src/store/git/index.ts';
import { theRulebook } from '../../src/surfaces/compose.ts';
import { takeSeat } from '../../src/surfaces/seat.ts';
import { Signing } from '../../src/surfaces/signing.ts';

/** One process that writes so many tasks when it is told to go, and says how often it had to decide. */
const [cwd, name, count] = process.argv.slice(2) as [string, string, string];
const seat = await takeSeat({
  env: process.env,
  discovery: await discover(cwd, process.env),
  cwd,
  problem: undefined,
  rulebook: theRulebook(),
  lander: name,
  ledger: 'main',
  setting: () => undefined,
  signing: commonDir =>
    new Signing(
      { place: { config: () => undefined }, env: process.env, who: { actor: name }, setting: () => undefined },
      commonDir,
    ),
});
const { book } = seat;
await book.tip();
console.log('ready');
for await (const _go of createInterface({ input: process.stdin })) break;
const ids: unknown[] = [];
for (let index = 0; index < Number(count); index++) {
  const written = await book.transact({
    op: 'task.create',
    ledger: 'main',
    format: FORMAT,
    actor: name,
    kind: 'agent',
    run: [recordId('r', 'run', name)],
    at: instant(seat.now()),
    nonce: seat.nonce(),
    input: { title: `${name} writes ${index}` },
  });
  if (written.kind === 'written') ids.push(written.enacted.entry.id);
}
console.log(JSON.stringify({ ids, decides: book.decides }));
await seat.store.close();
process.exit(0);
