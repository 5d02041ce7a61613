import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LAUNCHER, Stage } from './stage.ts';

const stage = new Stage(t.testdir());
const posix = process.platform !== 'win32';
const nowhere = stage.path('nowhere');
const here = stage.path('here');
mkdirSync(nowhere);

t.before(async () => {
  await stage.git(stage.dir, 'init', '-q', here);
  writeFileSync(join(here, 'kept.txt'), 'kept\n');
  await stage.git(here, 'add', '.');
  await stage.git(here, 'commit', '-qm', 'first');
});

interface How {
  code: number | null;
  signal: string | null;
  out: Buffer;
  err: Buffer;
}

/** Starts `wrap` without an actor of the stage's, as bytes. */
function wrap(
  cwd: string,
  words: string[],
  { input, env = {} }: { input?: Buffer; env?: Record<string, string> } = {},
) {
  const child = spawn(process.execPath, [LAUNCHER, 'wrap', ...words], { cwd, env: stage.env(env), stdio: 'pipe' });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  child.stdout.on('data', chunk => out.push(chunk));
  child.stderr.on('data', chunk => err.push(chunk));
  const ended = new Promise<How>(resolve =>
    child.on('close', (code, signal) => resolve({ code, signal, out: Buffer.concat(out), err: Buffer.concat(err) })),
  );
  return { child, ended };
}

const node = (script: string, ...args: string[]): string[] => [
  '--as',
  'claude',
  '--',
  process.execPath,
  '-e',
  script,
  ...args,
];
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

// biome-ignore lint/suspicious/noExplicitAny: lines of a file, of which each check reads its own part
function spooled(folder: string): any[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map(line => JSON.parse(line));
}
const spool = (cwd = here): string => join(cwd, '.git', 'ledgenter', 'main', 'spool');

t.test('exit codes are those of the command, and a program that does not start says so', async t => {
  const codes = await Promise.all(
    [0, 1, 7, 255].map(async code => (await wrap(here, node(`process.exit(${code})`)).ended).code),
  );
  t.same(codes, [0, 1, 7, 255]);
  const missing = await wrap(here, ['--as', 'claude', '--', 'no-such-program-here']).ended;
  t.equal(missing.code, 127);
  t.match(missing.err.toString(), /^ledgenter: "no-such-program-here": there is no such program\n$/);
  if (posix) {
    const script = stage.path('plain.txt');
    writeFileSync(script, 'no program');
    chmodSync(script, 0o644);
    t.equal((await wrap(here, ['--as', 'claude', '--', script]).ended).code, 126);
  }
  for (const bad of [
    [],
    ['--color', 'red', '--', 'true'],
    ['--as'],
    ['--task', 'x', '--', 'true'],
    ['--as', 'a b', '--', 'true'],
  ])
    t.equal((await wrap(here, bad).ended).code, 64, bad.join(' '));
  t.match(
    spooled(spool()).find(({ event }) => event === 'error')?.summary,
    /no-such-program-here could not be started: ENOENT/,
  );
});

t.test('bytes pass as they are, both ways: 10 MB that are no text', async t => {
  const bytes = randomBytes(10 << 20);
  const copy = "process.stdin.on('data', c => process.stderr.write(c)); process.stdin.pipe(process.stdout)";
  const { code, out, err } = await wrap(here, node(copy), { input: bytes }).ended;
  t.equal(code, 0);
  t.equal(sha(out), sha(bytes), 'stdin to stdout');
  t.equal(sha(err), sha(bytes), 'and to stderr, with nothing of ours in it');
});

t.test('what was printed, how long it took and what was written is kept, without secrets and paths', async t => {
  const key = `ghp_${'a1B2'.repeat(9)}`;
  const script = `require('fs').writeFileSync('made.txt', 'x'); require('fs').rmSync('kept.txt');
    console.log('token: ${key}'); console.error(process.cwd() + '/made.txt'); process.exit(3)`;
  await wrap(here, [...node(script), key], {}).ended;
  const [start, result] = spooled(spool()).filter(({ summary }) => /writeFileSync|exit 3/.test(summary));
  t.match(start, { event: 'task_start', agent: 'claude', source: 'wrap', run_id: /^r-/ });
  t.match(result, {
    event: 'task_result',
    data: { exit_code: 3, duration_ms: Number, files: ['kept.txt', 'made.txt'] },
  });
  t.equal(result.run_id, start.run_id);
  t.match(result.data.output_tail, /\[repo\]\/made\.txt/);
  const all = JSON.stringify(spooled(spool()));
  t.notMatch(all, key, 'neither from the command line nor from what was printed');
  t.notOk(all.includes(here), 'no path of this machine');
  await stage.git(here, 'checkout', '-q', 'kept.txt');
});

t.test('what the command commits is among the files that it touched', async t => {
  const script = `const { execFileSync: run } = require('child_process'); require('fs').writeFileSync('new.txt', 'x');
    run('git', ['add', 'new.txt']); run('git', ['commit', '-qm', 'by the agent'])`;
  t.equal((await wrap(here, ['--as', 'committer', ...node(script).slice(2)]).ended).code, 0);
  t.match(spooled(spool()).find(({ agent, event }) => agent === 'committer' && event === 'task_result')?.data.files, [
    'new.txt',
  ]);
});

t.test('signals reach the command, and what ends it ends wrap', { skip: !posix }, async t => {
  const waits = "process.stdout.write('up'); setInterval(() => {}, 1000)";
  const kind = `for (const s of ['SIGINT', 'SIGTERM', 'SIGUSR2']) process.on(s, () => { process.stdout.write(s); process.exit(9) }); ${waits}`;
  const ends = async (script: string, signal: NodeJS.Signals): Promise<How> => {
    const { child, ended } = wrap(here, node(script));
    await new Promise(up => child.stdout.once('data', up));
    child.kill(signal);
    return ended;
  };
  const asked = (['SIGINT', 'SIGTERM', 'SIGUSR2'] as const).map(async signal => {
    const { code, out } = await ends(kind, signal);
    t.equal(`${code} ${out}`, `9 up${signal}`, `${signal} is the command's to handle`);
  });
  const plain = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(async signal =>
    t.match(await ends(waits, signal), { code: null, signal }, `${signal} ended both`),
  );
  await Promise.all([...asked, ...plain]);
  for (const signal of ['SIGKILL', 'SIGSEGV'] as const)
    t.match(await wrap(here, node(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 99)`)).ended, {
      code: null,
      signal,
    });
  t.match(spooled(spool()).find(({ data }) => data?.signal === 'SIGKILL')?.summary, /ended by SIGKILL/);
});

t.test('a reader that goes away ends the command as it would without us', { skip: !posix }, async t => {
  const script = 'node "$1" wrap --as claude -- yes | head -n 1; echo "$PIPESTATUS"';
  const ran = spawnSync('bash', ['-c', script, 'bash', LAUNCHER], { cwd: here, env: stage.env(), encoding: 'utf8' });
  if (ran.error) return void t.pass('there is no bash here');
  t.equal(ran.stdout, 'y\n141\n');
  const again = 'echo one > /dev/stdout; echo two > /dev/stderr';
  const opened = await wrap(here, ['--as', 'claude', '--', 'sh', '-c', again]).ended;
  t.equal(`${opened.code} ${opened.out}${opened.err}`, '0 one\ntwo\n', 'its pipes are pipes');
});

t.test('on a terminal the command has it, and nothing of what it prints is kept', { skip: !posix }, async t => {
  const inner = `"${process.execPath}" "${LAUNCHER}" wrap --as onterminal -- "${process.execPath}" -p "[process.stdin.isTTY, process.stdout.isTTY, process.stderr.isTTY].join()"`;
  const ran = spawnSync('script', ['-qec', inner, '/dev/null'], {
    cwd: here,
    env: stage.env(),
    encoding: 'utf8',
    input: '',
  });
  if (ran.error) return void t.pass('there is no script(1) here');
  t.match(ran.stdout, /true,true,true/);
  const result = spooled(spool()).find(({ agent, event }) => agent === 'onterminal' && event === 'task_result');
  t.match(result, { data: { exit_code: 0 } });
  t.notHas(result.data, { output_tail: /./ });
});

t.test('one file for both outputs has them in the order in which they were written', { skip: !posix }, async t => {
  const script =
    'node "$1" wrap --as claude -- sh -c "for i in 1 2 3 4 5 6 7 8 9; do echo \\$i; echo e\\$i >&2; done" > both.txt 2>&1';
  spawnSync('sh', ['-c', script, 'sh', LAUNCHER], { cwd: here, env: stage.env() });
  t.equal(readFileSync(join(here, 'both.txt'), 'utf8'), [1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => `${n}\ne${n}\n`).join(''));
});

t.test('without a ledger, a repository or room to write the command still runs', async t => {
  const out = await wrap(nowhere, node('console.log(1)')).ended;
  t.match({ ...out, out: out.out.toString(), err: out.err.toString() }, { code: 0, out: '1\n', err: '' });
  const user = join(stage.env().HOME!, '.ledgenter', 'spool', 'none');
  t.match(spooled(user), [{ event: 'task_start' }, { event: 'task_result' }], 'it waits with the user');
  const full = stage.path('no-folder');
  writeFileSync(full, 'a file where a home should be');
  const lost = await wrap(nowhere, node('process.exit(5)'), { env: { HOME: full, USERPROFILE: full } }).ended;
  t.equal(lost.code, 5);
  t.match(lost.err.toString(), /^ledgenter: what the command did was not kept: [^\n]+\n$/, 'one line says so');
});

t.test('a folder that is not there: said of -C, and no matter where the shell stands', { skip: !posix }, async t => {
  const named = await wrap(here, ['-C', stage.path('gone'), ...node('')]).ended;
  t.equal(named.code, 64);
  t.match(named.err.toString(), /there is no folder/);
  const removed = stage.path('removed');
  mkdirSync(removed);
  const script = 'unset NODE_OPTIONS; rmdir "$PWD" && exec "$0" "$1" wrap --as claude -- sh -c "exit 3"';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, LAUNCHER], {
    cwd: removed,
    env: stage.env({}),
  });
  t.equal(status, 3, stderr.toString());
});
