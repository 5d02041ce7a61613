import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer';
import t from 'tap';
import { type Answer, Stage } from './stage.ts';

const SESSION = { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'session-1' };
const JS = ['-e', 'process.stdout.write("started "); process.exit(7)'];

t.test('poll: the exit code alone says whether there is something to do, at one look at the remote', async t => {
  const stage = new Stage(t.testdir());
  const { clones, remote } = await stage.team(['here', 'there']);
  const [here, there] = clones as [string, string];
  const poll = (...flags: string[]) => stage.run(here, ['poll', ...flags]);
  t.match(await poll(), { code: 1, answer: { ok: true, wake: false, pool: 0, inbox: 0 } });
  const task = await stage.task(there, 'new elsewhere', '--sync');
  stage.resetPushes();
  t.match(await poll(), { code: 0, answer: { wake: true, pool: 1 } }, 'seen without a sync');
  t.equal(stage.pushes().size, 0, 'nothing is pushed');
  t.match(await poll('--inbox'), { code: 1 });
  await stage.ok(there, ['handoff', 'create', 'Which?', '--kind', 'question', '--to', 'anna', '--sync'], {
    as: 'bert',
  });
  t.match(await poll('--inbox'), { code: 0, answer: { inbox: 1 } });
  await stage.ok(there, ['task', 'claim', task], { as: 'bert' });
  t.match(await poll('--pool'), { code: 1, answer: { pool: 0 } }, 'what another holds wakes nobody');
  t.match(await poll('--mapped-only'), { code: 78, answer: { error: { code: 'NO_REPO_MAP' } } });
  renameSync(remote, `${remote}.gone`);
  t.match(
    await poll('--inbox'),
    { answer: { ok: true, offline: true } },
    'offline it goes by what is known, and says so',
  );
});

t.test(
  'poll --exec starts a program without a shell when there is something to do, and passes its exit code on',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['here']);
    const cwd = clones[0]!;
    const exec = ['poll', '--exec', process.execPath, '--', ...JS];
    t.match(await stage.plain(cwd, exec), { code: 1 });
    await stage.task(cwd, 'to do');
    t.match(await stage.plain(cwd, exec), { code: 7, out: /^started / });
    t.match(await stage.plain(cwd, ['poll', '--exec', 'no-such-program']), { code: 64, err: /cannot be started/ });
  },
);

t.test('lesson 32: prime is told once a session, and is silent and exit 0 where there is no ledger', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here']);
  const cwd = clones[0]!;
  await stage.task(cwd, 'a \u202etitle');
  const prime = (args: string[] = [], env: Record<string, string> = SESSION, where = cwd) =>
    stage.plain(where, ['prime', ...args], { env });
  const both = await Promise.all([prime(), prime()]);
  t.same(
    both.map(({ code }) => code),
    [0, 0],
  );
  const told = both.filter(({ out }) => out !== '');
  t.equal(told.length, 1, 'of two hooks that start at once, too');
  t.match(told[0]!.out, /Next: ledgenter task query --ready/);
  t.ok(countTokens(told[0]!.out) <= 300, `${countTokens(told[0]!.out)} tokens`);
  t.equal((await prime()).out, '');
  t.not((await prime(['--again'])).out, '');
  t.not((await prime([], { ...SESSION, CLAUDE_CODE_SESSION_ID: 'session-2' })).out, '', 'another session');
  const none = await stage.repository('none');
  for (const where of [none, stage.dir])
    t.match(await prime([], {}, where), { code: 0, out: '', err: '' }, 'no ledger, or no repository');
  t.match(await prime(['--no-such-flag']), { code: 0, out: '', err: '' }, 'a host is never failed');
});

t.test('a run in a repository is entered with its circumstances, and without paths or credentials', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here']);
  const cwd = clones[0]!;
  await stage.git(cwd, 'config', 'remote.elsewhere.url', 'https://anna:hunter2@example.com/acme/web.git');
  const env = { LEDGENTER_RUN_GROUP: 'Night Shift' };
  await stage.ok(cwd, ['task', 'create', 'x'], { env });
  const { run } = await stage.ok(cwd, ['run', 'get'], { env });
  t.match(run, { actor: 'anna', kind: 'loop_tick', series: 'night-shift', repo: { branch: 'trunk', dirty: false } });
  t.match(run.repo.head, /^[0-9a-f]{40}$/);
  const book = await stage.git(cwd, 'log', '-p', '--format=%B', 'refs/ledgenter/main/book');
  for (const secret of [stage.dir, 'hunter2']) t.notOk(book.includes(secret), 'nothing of this machine is in the book');
});

t.test('run end: the next write begins another run, and what is held stays held by name', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here']);
  const cwd = clones[0]!;
  t.match(await stage.ok(cwd, ['run', 'end']), { run: { ended_at: /Z$/ } }, 'the run of init');
  t.match(await stage.ok(cwd, ['run', 'end']), { unchanged: true }, 'nothing was written: no entry');
  const task = await stage.task(cwd, 'long', '--sync');
  await stage.ok(cwd, ['task', 'claim', task]);
  const ended: Answer = await stage.ok(cwd, ['run', 'end', '--counts', '{"notes":0}', '--summary', 'to be continued']);
  t.match(ended, { run: { counts: { notes: 0 }, ended_at: /Z$/ }, claims: [{ task_id: task }] });
  t.same(readdirSync(join(cwd, '.git', 'ledgenter-runs')), []);
  await stage.task(cwd, 'in another run');
  t.not((await stage.ok(cwd, ['run', 'get'])).run.id, ended.run.id);
  t.match(await stage.run(cwd, ['task', 'note', task, '--text', 'x']), { answer: { error: { code: 'NOT_HOLDER' } } });
  const release = (ended.hints.next as string).split(' ').slice(1);
  t.match(await stage.ok(cwd, release), { released: true });
  t.same(await stage.faults(cwd), []);
});

t.test('an abandoned run is closed by whoever begins next in any clone, not while it holds something', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const task = await stage.task(one, 'kept alive', '--sync');
  await stage.ok(one, ['task', 'claim', task, '--lease', '3d', '--sync'], { env: { LEDGENTER_RUN: 'holds' } });
  await stage.ok(one, ['task', 'create', 'left', '--sync'], { env: { LEDGENTER_RUN: 'leaves' } });
  await stage.ok(two, ['sync']);
  const later = { as: 'bert', env: stage.later(14 * 3_600_000) };
  await stage.ok(two, ['task', 'create', 'the day after', '--sync'], later);
  const { runs } = await stage.ok(two, ['run', 'query', '--actor', 'anna'], later);
  const kinds = (runs as Answer[]).filter(({ kind }) => kind === 'session');
  t.same(
    kinds.map(({ abandoned }) => abandoned ?? false).sort(),
    [false, true, true],
    'also the one that made the task',
  );
  t.same(await stage.run(two, ['verify'], later).then(({ code }) => code), 0);
});

t.test('what changed since the last run is told in the next, over two clones', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here', 'there']);
  const [here, there] = clones as [string, string];
  const task = await stage.task(here, 'Wire the sweeper', '--assignee', 'bert', '--sync');
  await stage.ok(here, ['run', 'end', '--sync']);
  await stage.ok(there, ['sync']);
  await stage.ok(there, ['task', 'claim', task], { as: 'bert' });
  await stage.ok(there, ['task', 'update', task, '--status', 'done', '--sync'], { as: 'bert' });
  await stage.ok(here, ['task', 'create', 'of mine']);
  await stage.ok(here, ['sync']);
  for (let again = 0; again < 2; again++)
    t.match((await stage.ok(here, ['whoami'])).since_last_run, {
      entries: 2,
      tasks_done: 1,
      told: ['done by bert: Wire the sweeper'],
    });
  await stage.ok(here, ['run', 'end']);
  t.equal((await stage.ok(here, ['whoami'])).since_last_run, undefined);
});
