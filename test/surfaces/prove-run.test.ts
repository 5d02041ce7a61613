import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type RunOptions, runCheck } from '../../src/surfaces/prove/run.ts';
import { standingOf } from '../../src/surfaces/prove/standing.ts';

const posix = process.platform !== 'win32';
const { NODE_OPTIONS: _watching, ...env } = process.env;
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  cwd: process.cwd(),
  env,
  timeoutMs: 60_000,
  ...more,
});
const node = (code: string, ...args: string[]): string[] => [process.execPath, '-e', code, ...args];

t.test('a program is started with the words as they are, an empty stdin, and no repository pointed at', async t => {
  const code = `
    const read = require('node:fs').readFileSync(0, 'utf8');
    process.stdout.write(JSON.stringify([process.argv.slice(1), read, process.env.GIT_DIR ?? null, process.env.KEPT]));
  `;
  const ran = await runCheck(node(code, 'a b', '$HOME', '*'), options({ env: { ...env, GIT_DIR: '/x', KEPT: 'y' } }));
  t.match(ran, { exit_code: 0, signal: undefined, ended: undefined });
  t.same(JSON.parse(ran.output.end().toString()), [['a b', '$HOME', '*'], '', null, 'y']);
  t.ok(ran.duration_ms > 0);
});

t.test('both streams are kept as they come, and how it ended', async t => {
  const code = 'process.stdout.write("out\\n", () => process.stderr.write("err\\n", () => process.exit(7)))';
  const ran = await runCheck(node(code), options());
  t.match(ran, { exit_code: 7 });
  t.equal(ran.output.end().toString(), 'out\nerr\n');
  if (posix)
    t.match(await runCheck(node('process.kill(process.pid, "SIGKILL")'), options()), {
      exit_code: null,
      signal: 'SIGKILL',
    });
});

t.test('what cannot be started is told', async t => {
  await t.rejects(runCheck(['no-such-program-here'], options()), { code: 'USAGE', message: /not on the PATH/ });
  if (posix) await t.rejects(runCheck([process.cwd()], options()), { code: 'USAGE', message: /not executable/ });
  if (posix) {
    const cwd = t.testdir({ 'args.sh': '#!/bin/sh\n', lost: '#!/no/such/interpreter\n' });
    for (const name of ['args.sh', 'lost']) chmodSync(join(cwd, name), 0o755);
    await t.rejects(runCheck(['./nothere'], options({ cwd })), { message: /no such file/ });
    await t.rejects(runCheck(['./lost'], options({ cwd })), { message: /interpreter that its first line names/ });
    await t.rejects(runCheck(['args.sh'], options({ cwd })), { message: /not on the PATH, but/, hint: /\.\/args\.sh/ });
  }
  const signal = AbortSignal.abort();
  await t.rejects(runCheck(node(''), options({ signal })), { code: 'CANCELLED' });
});

t.test('what a program leaves running is ended with it', { skip: !posix }, async t => {
  const left = `const wait = ['-e', 'setInterval(() => {}, 1000)'];
    const { pid } = require('node:child_process').spawn(process.execPath, wait, { stdio: 'inherit' });
    console.log(pid); process.exit(0);`;
  const ran = await runCheck(node(left), options());
  t.match(ran, { exit_code: 0, ended: undefined }, 'it passed all the same');
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', ran.output.end().toString().trim()], { encoding: 'utf8' });
  t.match(stdout.trim(), /^(Z.*)?$/);
});

t.test('nor does a daemon get away that has no parent any more', { skip: process.platform !== 'linux' }, async t => {
  const far = `const wait = ['-e', 'setInterval(() => {}, 1000)'];
    const { pid } = require('node:child_process').spawn(process.execPath, wait, { stdio: 'ignore', detached: true });
    console.log(pid); process.exit(0);`;
  const twice = `const near = ['-e', ${JSON.stringify(far)}];
    require('node:child_process').spawn(process.execPath, near, { stdio: 'inherit', detached: true }).on('exit', () => process.exit(0));`;
  for (const code of [far, twice]) {
    const ran = await runCheck(node(code), options());
    t.match(ran, { exit_code: 0, ended: undefined }, 'it passed all the same');
    const pid = ran.output.end().toString().trim();
    t.match(pid, /^\d+$/);
    const state = () => spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
    for (let tries = 0; tries < 50 && /^[^Z]/.test(state()); tries++) await sleep(20);
    t.match(state(), /^(Z.*)?$/);
  }
});

t.test('a check knows the folder that it runs in, and one within another keeps both words', async t => {
  const code = 'process.stdout.write(JSON.stringify([process.env.PWD, process.env.LEDGENTER_CHECK]))';
  const ran = await runCheck(node(code), options({ env: { ...env, PWD: '/elsewhere', LEDGENTER_CHECK: 'outer' } }));
  t.match(JSON.parse(ran.output.end().toString()), [process.cwd(), /^outer [0-9a-f]{32}$/]);
});

t.test('at the time limit nothing is left, be it deaf and in a group of its own', { skip: !posix }, async t => {
  const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.send("up")';
  const code = `const { spawn } = require('node:child_process');
    const far = spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true });
    far.on('message', () => console.log(far.pid));`;
  const ran = await runCheck(node(code), options({ timeoutMs: 1_500 }));
  t.match(ran, { exit_code: null, ended: 'timeout' });
  const pid = ran.output.end().toString().trim();
  t.match(pid, /^\d+$/);
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  t.match(stdout.trim(), /^(Z.*)?$/);
});

t.test('a tree is clean when nothing is changed, staged, untracked or different in a submodule', async t => {
  const dir = t.testdir();
  const home = { ...env, HOME: dir, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: posix ? '/dev/null' : 'NUL' };
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always'];
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', [...who, ...args], {
      cwd,
      env: home,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const [lib, root] = [join(dir, 'lib'), join(dir, 'root')];
  for (const folder of [lib, root]) {
    mkdirSync(folder);
    git(folder, 'init', '-q');
    t.same(await standingOf(folder), { head: undefined, changed: undefined });
    writeFileSync(join(folder, 'a.txt'), 'a\n');
    writeFileSync(join(folder, '.gitignore'), 'ignored\n');
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'first');
  }
  git(root, 'submodule', '--quiet', 'add', lib, 'sub module');
  git(root, 'config', 'submodule.sub module.ignore', 'all');
  git(root, 'config', 'status.showUntrackedFiles', 'no');
  git(root, 'commit', '-q', '-m', 'with a submodule');
  const head = git(root, 'rev-parse', 'HEAD');
  mkdirSync(join(root, 'ignored'));
  writeFileSync(join(root, 'ignored', 'x'), '');
  t.same(await standingOf(root), { head, changed: undefined }, 'what is ignored does not count');
  for (const [path, told] of [
    ['new file', 'new file'],
    ['sub module/new', 'sub module'],
    ['sub module/a.txt', 'sub module'],
    ['a.txt', 'a.txt'],
  ] as const) {
    writeFileSync(join(root, path), 'changed\n');
    t.same(await standingOf(root), { head, changed: told }, path);
    git(root, 'clean', '-q', '-f', '-d');
    git(root, 'checkout', '-q', '.');
    git(join(root, 'sub module'), 'clean', '-q', '-f');
    git(join(root, 'sub module'), 'checkout', '-q', '.');
  }
  writeFileSync(join(root, 'staged'), '');
  git(root, 'add', 'staged');
  t.same(await standingOf(root), { head, changed: 'staged' });
});
