import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { isId } from '../../src/kernel/ids.ts';
import { currentRun, enterRun, peekRun, RUN_IDLE_MS, readRunFile, runFilePath } from '../../src/surfaces/runs.ts';

const NOON = Date.UTC(2026, 0, 31, 12);

t.test('one run a worktree and actor, until nothing was written for twelve hours', async t => {
  const gitDir = t.testdir({});
  const run = enterRun(gitDir, 'anna', NOON);
  t.ok(isId('r', run));
  t.equal(peekRun(gitDir, 'anna', NOON + RUN_IDLE_MS - 1), run);
  const next = peekRun(gitDir, 'anna', NOON + RUN_IDLE_MS);
  t.not(next, run);
  t.equal(peekRun(gitDir, 'anna', NOON + RUN_IDLE_MS), next, 'every process comes to the same next run');
  t.equal(enterRun(gitDir, 'anna', NOON + RUN_IDLE_MS), next);
  t.not(enterRun(gitDir, 'bob', NOON), run);
  t.equal(readRunFile(gitDir, 'anna')?.run, next, 'the run of another actor leaves it alone');
});

t.test('a write keeps the run alive', async t => {
  const gitDir = t.testdir({});
  const run = enterRun(gitDir, 'anna', NOON);
  enterRun(gitDir, 'anna', NOON + 10 * 3_600_000, run);
  t.equal(peekRun(gitDir, 'anna', NOON + 20 * 3_600_000), run);
});

t.test('reading leaves no trace', async t => {
  const gitDir = t.testdir({});
  t.ok(isId('r', peekRun(gitDir, 'anna', NOON)));
  t.ok(isId('r', peekRun(undefined, 'anna', NOON)));
  t.same(readdirSync(gitDir), []);
});

t.test('another worktree is another run', async t => {
  const dir = t.testdir({ a: {}, b: {} });
  t.not(enterRun(`${dir}/a`, 'anna', NOON), enterRun(`${dir}/b`, 'anna', NOON));
});

t.test('a damaged file and a folder that cannot be written do no harm', async t => {
  const gitDir = t.testdir({ 'ledgenter-runs': {}, file: '' });
  for (const text of ['', '{', '{"actor":"bob","run":"r-0000000000","last_write":"x"}', 'null']) {
    writeFileSync(runFilePath(gitDir, 'anna'), text);
    const run = enterRun(gitDir, 'anna', NOON);
    t.ok(isId('r', run), text);
    t.equal(readRunFile(gitDir, 'anna')?.run, run, text);
  }
  t.ok(isId('r', enterRun(`${gitDir}/file`, 'anna', NOON)));
  t.same(readdirSync(`${gitDir}/ledgenter-runs`), ['anna.json'], 'nothing temporary stays');
});

t.test('a clock that went back keeps the run', async t => {
  t.equal(
    currentRun(
      { actor: 'a', run: 'r-0000000000', last_write: '2026-01-31T12:00:00.000Z' },
      'a',
      NOON - 5000,
      () => 'x',
    ),
    'r-0000000000',
  );
});

t.test('processes that begin at once share one run', async t => {
  const gitDir = t.testdir({});
  const source = fileURLToPath(new URL('../../src/surfaces/runs.ts', import.meta.url));
  const script = `const { enterRun } = await import(${JSON.stringify(source)}); console.log(enterRun(${JSON.stringify(gitDir)}, 'anna', ${NOON}));`;
  const one = () =>
    new Promise<string>(resolve => {
      const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script]);
      let out = '';
      child.stdout.on('data', part => (out += part));
      child.on('close', () => resolve(out.trim()));
    });
  const runs = await Promise.all([one(), one(), one(), one(), one(), one()]);
  t.ok(isId('r', runs[0]!));
  t.equal(new Set(runs).size, 1);
});
