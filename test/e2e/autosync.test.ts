import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { BOOK, type RunOptions, Stage } from './stage.ts';

const AUTO: RunOptions = { env: { LEDGENTER_AUTOSYNC: '' } };

/** Loaded into every Node process below: the background sync tells when it begins and when it ends. */
const WITNESS = `
const { appendFileSync } = require('node:fs');
if (process.argv.includes('--background')) {
  const tell = what => appendFileSync(process.env.LIVES, what + ' ' + process.pid + '\\n');
  tell('start');
  process.on('exit', () => tell('end'));
}
`;

/** Looks until it is so, or a minute has passed. */
async function until(look: () => Promise<boolean>): Promise<boolean> {
  for (let look_ = 0; look_ < 300; look_++) {
    if (await look()) return true;
    await sleep(200);
  }
  return false;
}

t.test(
  'by default a write returns and the entry reaches the remote by itself; the process that carried it ends',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['one']);
    const cwd = clones[0]!;
    writeFileSync(stage.path('witness.cjs'), WITNESS);
    const log = stage.path('lives.log');
    const lives = (what: string): string[] => {
      const lines = readFileSync(log, 'utf8').split('\n');
      return lines.filter(line => line.startsWith(`${what} `)).map(line => line.slice(what.length + 1));
    };
    const watched = { env: { ...AUTO.env, NODE_OPTIONS: `--require=${stage.path('witness.cjs')}`, LIVES: log } };
    const before = await stage.git(remote, 'rev-parse', BOOK);
    const made = await stage.ok(cwd, ['task', 'create', 'carried'], watched);
    t.equal(made.landed, false, 'the answer does not wait for the remote');
    await stage.ok(cwd, ['task', 'create', 'carried along'], watched);
    const tip = await stage.git(cwd, 'rev-parse', BOOK);
    t.ok(await until(async () => (await stage.git(remote, 'rev-parse', BOOK)) === tip), 'both reached the remote');
    t.not(tip, before);
    const started = (): string[] => lives('start');
    t.ok(started().length > 0, 'a process of its own carried them');
    t.ok(await until(async () => started().every(pid => lives('end').includes(pid))), 'and it ended by itself');
    t.same(await stage.faults(cwd), []);
  },
);

t.test('a claim with autosync lands its entry at once or soon', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  const task = await stage.task(clones[0]!, 'to claim', '--sync');
  await stage.ok(clones[0]!, ['task', 'claim', task], AUTO);
  const tip = await stage.git(clones[0]!, 'rev-parse', BOOK);
  t.ok(await until(async () => (await stage.git(remote, 'rev-parse', BOOK)) === tip));
});

t.test(
  'lesson 18: each switch turns it off: LEDGENTER_AUTOSYNC=false, ledgenter.autosync=false, --no-sync',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['by-variable', 'by-config', 'by-flag']);
    const before = await stage.git(remote, 'rev-parse', BOOK);
    const [variable, config, flag] = clones as [string, string, string];
    await stage.git(config, 'config', 'ledgenter.autosync', 'false');
    stage.resetPushes();
    await stage.ok(variable, ['task', 'create', 'a']);
    await stage.ok(config, ['task', 'create', 'b'], AUTO);
    await stage.ok(flag, ['task', 'create', 'c', '--no-sync'], AUTO);
    // A background sync would have begun by now: the one that is asked for here begins later and is through.
    const { clones: late } = await stage.team(['witness'], remote);
    await stage.ok(late[0]!, ['task', 'create', 'd'], AUTO);
    t.ok(await until(async () => (await stage.git(remote, 'rev-parse', BOOK)) !== before), 'the witness landed');
    t.same([...stage.pushes().keys()], ['witness']);
    for (const cwd of [variable, config, flag]) t.match(await stage.ok(cwd, ['status']), { waiting: 1 });
  },
);

t.test('lesson 17: with --sync exit 0 says that the remote has it: read back from another clone', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one', 'two']);
  const made = await stage.ok(clones[0]!, ['task', 'create', 'landed', '--sync']);
  t.equal(made.landed, true);
  t.equal(await stage.git(remote, 'rev-parse', BOOK), await stage.git(clones[0]!, 'rev-parse', BOOK));
  await stage.ok(clones[1]!, ['sync']);
  t.match(await stage.ok(clones[1]!, ['task', 'get', made.task.id]), { task: { title: 'landed' } });
});
