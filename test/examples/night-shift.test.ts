import t from 'tap';
import { playExample, SKIP } from './example.ts';

/** An agent that does what `whoami` says, until it has been told to end its run, and prints each command it was told. */
const AGENT = `
import { spawnSync } from 'node:child_process';
const tick = process.argv[2];
const ledgenter = args => spawnSync('ledgenter', [...args, '--json'], { encoding: 'utf8' });
for (let step = 0; step < 10; step++) {
  const { next } = JSON.parse(ledgenter(['whoami']).stdout).hints;
  console.log(\`tick \${tick}: \${next}\`);
  const words = next.match(/'[^']*'|\\S+/g).map(word => word.replace(/^'|'$/g, ''));
  const { status, stdout } = ledgenter(words.slice(1));
  if (status !== 0) {
    console.log(stdout);
    process.exit(1);
  }
  if (words[1] === 'run') break;
}
`;

t.test(
  'a night shift of three ticks does two tasks and answers a question',
  { skip: SKIP, timeout: 240_000 },
  async t => {
    const { stage, cwd } = await playExample(t, 'night-shift.md', { programs: { 'agent-tick': AGENT } });
    const { runs } = await stage.ok(`${cwd}/day`, ['run', 'query', '--series', 'night-shift']);
    t.equal(runs.length, 2, 'a tick with nothing to do leaves no entry');
    for (const run of runs) t.match(run, { actor: 'builder', kind: 'loop_tick', ended_at: /Z$/ });
    const { run } = await stage.ok(`${cwd}/day`, ['run', 'get', runs[0].id]);
    t.match(run, { counts: { tasks_completed: 1 } });
    t.same(await stage.faults(`${cwd}/night`), []);
  },
);
