import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Answer, Stage } from './stage.ts';

const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';
const MINUTE = 60_000;

t.test('hours add themselves up: claimed, paused, released, corrected, shown', { skip: noSsh }, async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('solo');
  const key = stage.path('anna-key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const signs = { 'gpg.format': 'ssh', 'user.signingKey': `${key}.pub`, 'ledgenter.sign': 'true' };
  for (const [name, value] of Object.entries(signs)) await stage.git(cwd, 'config', name, value);
  /** Somebody, so many minutes after the beginning. */
  const at = (minutes: number, who: 'anna' | 'bob') => ({
    as: who,
    env: {
      ...stage.later(minutes * MINUTE),
      LEDGENTER_KIND: who === 'anna' ? 'human' : 'agent',
      ...(who === 'bob'
        ? { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'ledgenter.sign', GIT_CONFIG_VALUE_0: 'false' }
        : {}),
    },
  });
  const ok = (minutes: number, who: 'anna' | 'bob', ...args: string[]): Promise<Answer> =>
    stage.ok(cwd, args, at(minutes, who));
  await ok(0, 'anna', 'init');
  await ok(0, 'anna', 'project', 'create', 'web', '--title', 'Web', '--policy', '{"billable":true}');
  const asked = await ok(
    0,
    'bob',
    'ask',
    '=Crash on save',
    '--origin-ask-ref',
    'github:acme/web#42',
    '--project',
    'web',
  );
  const id = asked.task.id;

  await ok(10, 'bob', 'task', 'claim', id);
  t.match(await ok(20, 'bob', 'session', 'pause', id, '--reason', 'waits for a build'), { paused: true });
  t.match(await ok(30, 'bob', 'session', 'query', '--open'), {
    sessions: [{ actor: 'bob', paused: true, open: true }],
  });
  const elsewhere = { ...at(30, 'anna') };
  t.match(await stage.run(cwd, ['session', 'resume', id], elsewhere), {
    code: 77,
    answer: { error: { code: 'NOT_HOLDER' } },
  });
  t.match(await ok(40, 'bob', 'session', 'resume', id), { paused: false });
  const open = await ok(45, 'bob', 'timesheet');
  t.match(open, { sums: { open: 1, sessions: 1 }, remarks: [/open: counted to now/] });
  t.ok(Math.abs(open.sums.total_ms - 15 * MINUTE) < MINUTE, 'a pause does not count');
  await ok(55, 'bob', 'task', 'release', id);

  const [{ id: session, measured_ms: measured }] = (await ok(56, 'anna', 'session', 'query', id)).sessions;
  const correct = ['session', 'correct', session.slice(0, 6), '--minutes', '-5', '--reason', 'it idled'];
  t.match(await stage.run(cwd, correct, at(57, 'bob')), { code: 77, answer: { error: { code: 'HUMAN_ONLY' } } });
  t.match(await ok(57, 'anna', ...correct), { session_id: session, task_id: id, minutes: -5 });
  t.match(await ok(58, 'anna', 'session', 'query', id), {
    sessions: [{ measured_ms: measured, total_ms: measured - 5 * MINUTE, corrected: '-0:05:00', kind: 'agent' }],
  });

  const shown = await stage.plain(cwd, ['timesheet', '--by', 'task', '--round', '15m', '--tz', 'UTC'], at(58, 'anna'));
  t.match(shown.out, /^All sessions, days in UTC, as of /);
  t.match(shown.out, /\nTASK ID +TITLE +SESSIONS +MEASURED +CORRECTED +TIME +ROUNDED +BILLABLE\n/);
  t.match(shown.out, new RegExp(`\n${id} +=Crash on save +1 +0:2\\d:\\d\\d +-0:05:00 +0:\\d\\d:\\d\\d +0:15:00 `));
  const csv = await stage.plain(cwd, ['timesheet', '--by', 'task', '--format', 'csv'], at(58, 'anna'));
  t.match(csv.out, /^task_id,title,sessions,open,hours,measured_ms,/);
  t.match(csv.out, `"'=Crash on save"`, 'a title is no formula');
  t.match(await ok(58, 'anna', 'timesheet', '--format', 'markdown', '--output', 'sheet.md'), { output: 'sheet.md' });
  t.match(
    readFileSync(join(cwd, 'sheet.md'), 'utf8'),
    /^# Timesheet\n[\s\S]*\| bob \| agent \|[\s\S]*\| \*\*total\*\* \|/,
  );
  t.match(await ok(58, 'anna', 'timesheet', '--format', 'json'), {
    report: { rows: [{ actor: 'bob', kind: 'agent' }] },
  });
  t.match(await stage.run(cwd, ['timesheet', '--tz', 'Moon/Base'], at(58, 'anna')), {
    code: 65,
    answer: { error: { message: /tz: / } },
  });

  const cache = join(cwd, '.git', 'ledgenter', 'cache', 'main', 'sessions.json');
  t.ok(existsSync(cache));
  rmSync(cache);
  t.match(await ok(59, 'anna', 'timesheet'), { sums: { total_ms: measured - 5 * MINUTE } }, 'the view is disposable');
  t.match(await stage.run(cwd, ['verify'], at(59, 'anna')), { code: 0 });
});
