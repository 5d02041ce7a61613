import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { cleanEnv, ended, LAUNCHER, repository, run, start } from './binary.ts';

const root = dirname(dirname(LAUNCHER));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

t.test('the built binary tells its version, and git finds it as git ledgenter', async t => {
  const cwd = t.testdir({});
  t.match(await run(['--version'], cwd), { code: 0, out: `${version}\n`, err: '' });
  const alias = await ended(
    spawn(
      'git',
      [
        '-c',
        `alias.ledgenter=!"${process.execPath}" "${join(root, 'bin', 'git-ledgenter.cjs')}"`,
        'ledgenter',
        '--version',
      ],
      {
        cwd,
        env: cleanEnv(),
      },
    ),
  );
  t.equal(alias.out, `${version}\n`);
});

t.test('a damaged or missing code cache changes nothing', async t => {
  const dir = t.testdir({ bin: {}, dist: {} });
  for (const name of ['bin/ledgenter.cjs', 'dist/cli.cjs'])
    writeFileSync(join(dir, name), readFileSync(join(root, name)));
  const version_ = () =>
    ended(spawn(process.execPath, [join(dir, 'bin', 'ledgenter.cjs'), '--version'], { env: cleanEnv() }));
  t.equal((await version_()).out, `${version}\n`);
  writeFileSync(join(dir, 'dist', 'cli.cjs.cache'), 'damaged');
  t.match(await version_(), { code: 0, out: `${version}\n`, err: '' });
});

t.test('exit codes: usage, data, not set up', async t => {
  const cwd = t.testdir({ outside: {}, inside: {} });
  const outside = join(cwd, 'outside');
  const env = { GIT_CEILING_DIRECTORIES: cwd };
  t.match(await run(['taks', 'query'], outside, { env }), {
    code: 64,
    out: '',
    err: /^ledgenter: [^\n]+\n {2}next: [^\n]+\n$/,
  });
  t.match(await run(['task', 'query', '--limit', 'x', '--as', 'a'], outside, { env }), { code: 65 });
  const none = await run(['task', 'query', '--json', '--as', 'anna'], outside, { env });
  t.equal(none.code, 78);
  t.match(JSON.parse(none.out), { ok: false, error: { code: 'NO_REPOSITORY', hint: /git init/ } });
  const inside = join(cwd, 'inside');
  await repository(inside);
  const bare = await run(['task', 'query', '--json'], inside);
  t.match([bare.code, JSON.parse(bare.out)], [78, { ok: false, error: { code: 'NO_LEDGER', hint: 'ledgenter init' } }]);
});

t.test('the everyday round works through the binary, and other agents cannot write to the terminal', async t => {
  const cwd = t.testdir({});
  await repository(cwd);
  t.equal((await run(['init'], cwd)).code, 0);
  const esc = String.fromCharCode(27);
  const made = JSON.parse((await run(['task', 'create', `${esc}[2Jboo`, '--json'], cwd)).out);
  t.match(made, { ok: true, task: { id: /^t-/ } });
  const shown = await run(['task', 'query'], cwd);
  t.equal(shown.code, 0);
  t.match(shown.out, made.task.id);
  t.notMatch(shown.out, esc);
  const viaCall = await run(['call', 'task_note', '-'], cwd, {
    input: JSON.stringify({ task_id: made.task.id, text: 'seen' }),
  });
  t.match(JSON.parse(viaCall.out), { ok: true });
  t.match(await run(['task', 'get', made.task.id.slice(0, 6)], cwd), { code: 0, out: /notes +1/ });
  t.match(await run(['task', 'get', 't-zzzz'], cwd), { code: 66 });
});

t.test('a reader that goes away is no fault', async t => {
  const child = start(['help'], t.testdir({}));
  child.stdout?.destroy();
  const { code, err } = await ended(child);
  t.equal(code, 0);
  t.equal(err, '');
});

t.test('too much on stdin, and what is no UTF-8, is refused', async t => {
  const cwd = t.testdir({});
  const big = await run(['call', 'task_note', '-'], cwd, { input: 'x'.repeat(3 << 20) });
  t.match([big.code, JSON.parse(big.out).error.code], [65, 'TOO_LARGE']);
  const child = start(['call', 'task_note', '-'], cwd);
  child.stdin?.end(Buffer.from([0x7b, 0xff, 0x7d]));
  t.match(JSON.parse((await ended(child)).out), { error: { code: 'BAD_INPUT', message: /UTF-8/ } });
});
