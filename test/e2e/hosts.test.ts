import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { serveHttp } from './http.ts';
import { BOOK, Stage } from './stage.ts';

function hook(repository: string, name: string, body: string): void {
  mkdirSync(join(repository, 'hooks'), { recursive: true });
  writeFileSync(join(repository, 'hooks', name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(repository, 'hooks', name), 0o755);
}

/** The main job between two clones of one remote. */
async function mainJob(t: Test, stage: Stage, url: string): Promise<void> {
  const { clones } = await stage.team(['one', 'two'], url);
  const [one, two] = clones as [string, string];
  const task = await stage.task(one, 'over any transport', '--sync');
  await stage.ok(two, ['sync']);
  const ran = await Promise.all([
    stage.run(one, ['task', 'claim', task]),
    stage.run(two, ['task', 'claim', task], { as: 'bert' }),
  ]);
  t.same(ran.map(({ code }) => code).sort(), [0, 75], 'one winner');
  const [winner, as] = ran[0]!.code === 0 ? [one, 'anna'] : [two, 'bert'];
  await stage.ok(winner, ['task', 'update', task, '--status', 'done', '--sync'], { as });
  for (const cwd of clones) await stage.ok(cwd, ['sync']);
  await stage.sameBook(one, two);
  t.match(await stage.ok(two, ['task', 'get', task]), { task: { status: 'done', assignee: as } });
  t.same(await stage.faults(two), []);
}

t.test('lesson 14: a remote that refuses custom refs: a clear error with the way out, which works', async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  hook(
    remote,
    'update',
    'case "$1" in refs/heads/*|refs/tags/*) exit 0;; esac; echo "only branches and tags here" >&2; exit 1',
  );
  const cwd = await stage.clone(remote, 'one');
  await stage.ok(cwd, ['init']);
  await stage.task(cwd, 'waits for a place');
  const refused = await stage.run(cwd, ['sync']);
  t.match(refused, {
    code: 77,
    answer: {
      error: {
        code: 'REMOTE_REFUSED',
        message: /only branches and tags here/,
        hint: /namespace refs\/heads\/ledgenter/,
      },
    },
  });
  await stage.git(cwd, 'config', 'ledgenter.namespace', 'refs/heads/ledgenter');
  await stage.ok(cwd, ['init']);
  t.match(await stage.run(cwd, ['sync']), { code: 0, answer: { ok: true, waiting: 0 } });
  t.match(await stage.git(remote, 'for-each-ref', '--format=%(refname)'), /^refs\/heads\/ledgenter\/main\/book$/m);
  t.match(await stage.git(remote, 'log', '-1', '--format=%s', 'refs/heads/ledgenter/main/book'), /\[skip ci\]$/);
  const other = await stage.clone(remote, 'two');
  t.match(await stage.ok(other, ['init']), { joined: true, namespace: 'refs/heads/ledgenter' }, 'init finds it there');
  const { tasks } = await stage.ok(other, ['task', 'query']);
  t.match(await stage.ok(other, ['task', 'claim', tasks[0].id], { as: 'bert' }), { claimed: true });
  t.match(await stage.run(cwd, ['task', 'claim', tasks[0].id]), { code: 75 });
  t.same(await stage.faults(other), []);
});

t.test('lesson 8: the remote refuses the push: the claim fails closed and leaves nothing behind', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  const task = await stage.task(clones[0]!, 'not to be had', '--sync');
  const tip = await stage.git(clones[0]!, 'rev-parse', BOOK);
  hook(remote, 'pre-receive', 'cat >/dev/null; echo "closed for today" >&2; exit 1');
  const claimed = await stage.run(clones[0]!, ['task', 'claim', task]);
  t.match(claimed, { code: 77, answer: { ok: false, error: { code: 'REMOTE_REFUSED', message: /closed for today/ } } });
  t.equal(await stage.git(clones[0]!, 'rev-parse', BOOK), tip, 'no local entry that a later push would publish');
  t.match(await stage.ok(clones[0]!, ['task', 'get', task]), { task: { status: 'open' } });
  t.match(await stage.ok(clones[0]!, ['status']), { claims: [], waiting: 0 });
});

t.test('an unreachable remote: a claim is refused and retryable, other writes are kept and land later', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const task = await stage.task(cwd, 'for later', '--sync');
  renameSync(remote, stage.path('away.git'));
  const claimed = await stage.run(cwd, ['task', 'claim', task]);
  t.match(claimed, {
    code: 69,
    answer: { ok: false, error: { code: 'UNREACHABLE', retryable: true, hint: /--offline/ } },
  });
  t.match(await stage.ok(cwd, ['task', 'get', task]), { task: { status: 'open' } });
  t.match(await stage.run(cwd, ['task', 'note', task, '--text', 'kept']), { code: 0, answer: { landed: false } });
  t.match(await stage.run(cwd, ['sync']), { code: 69, answer: { error: { code: 'UNREACHABLE', retryable: true } } });
  const waited = await stage.run(cwd, ['task', 'note', task, '--text', 'kept too', '--sync']);
  t.match(waited, { code: 69, answer: { error: { message: /recorded here/ } } }, 'exit 0 only when it landed');
  renameSync(stage.path('away.git'), remote);
  t.match(await stage.run(cwd, ['sync']), { code: 0, answer: { landed: 2, waiting: 0 } });
  t.match(await stage.run(cwd, ['task', 'claim', task]), { code: 0 });
});

t.test(
  'lesson 6: a push that failed though the remote took it is read back: won, not lost and not retried',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['one', 'two']);
    const task = await stage.task(clones[0]!, 'taken without an answer', '--sync');
    await stage.ok(clones[1]!, ['sync']);
    // The push lands, then the other side dies before it answers.
    hook(remote, 'post-receive', 'kill -9 $PPID');
    const claimed = await stage.run(clones[0]!, ['task', 'claim', task]);
    t.match(claimed, { code: 0, answer: { claimed: true } }, 'won: the ref is there');
    hook(remote, 'post-receive', 'exit 0');
    t.match(await stage.run(clones[1]!, ['task', 'claim', task], { as: 'bert' }), {
      code: 75,
      answer: { error: { details: { holder: 'anna' } } },
    });
    await stage.ok(clones[0]!, ['task', 'update', task, '--status', 'done', '--sync']);
    t.same(await stage.faults(clones[0]!), []);
  },
);

t.test(
  'http, through git’s own http-backend; without push rights there: REMOTE_READ_ONLY, and writes wait',
  async t => {
    const stage = new Stage(t.testdir());
    await stage.remote();
    const host = await serveHttp(stage);
    t.teardown(() => host.close());
    await mainJob(t, stage, host.url('shared.git'));
    t.ok(host.requests > 10, 'it really went over http');
    host.readOnly = true;
    const cwd = stage.path('one');
    const task = await stage.task(cwd, 'cannot be pushed');
    const denied = await stage.run(cwd, ['sync']);
    t.match(denied, {
      code: 77,
      answer: { error: { code: 'REMOTE_READ_ONLY', retryable: false, hint: /push rights|--home/ } },
    });
    t.match(await stage.run(cwd, ['task', 'claim', task]), {
      code: 77,
      answer: { error: { code: 'REMOTE_READ_ONLY' } },
    });
    t.match(await stage.ok(cwd, ['task', 'get', task]), { task: { status: 'open' } }, 'reading works');
    t.match(await stage.ok(cwd, ['status']), { waiting: 1 }, 'entries wait');
  },
);

t.test('ssh-like: whatever GIT_SSH_COMMAND or core.sshCommand runs carries the ledger', async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  const script = stage.path('ssh.cjs');
  writeFileSync(
    script,
    `const { spawn } = require('node:child_process');
const command = process.argv.at(-1);
require('node:fs').appendFileSync(${JSON.stringify(stage.path('ssh.log'))}, command + '\\n');
const [program, path] = command.split(' ');
const git = spawn('git', [program.slice(4), path.slice(1, -1)], { stdio: 'inherit' });
git.on('close', code => process.exit(code ?? 1));
`,
  );
  const ssh = [process.execPath, script].map(word => `'${word}'`).join(' ');
  const carried = new (class extends Stage {
    override env(extra: Record<string, string> = {}): Record<string, string> {
      return super.env({ GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'ssh', ...extra });
    }
    override async clone(url: string, name: string): Promise<string> {
      await this.git(this.dir, 'clone', '-q', url, this.path(name));
      return this.path(name);
    }
  })(stage.dir);
  await mainJob(t, carried, `ssh://git@example.invalid${remote}`);
  t.match(
    (await carried.tryGit(stage.dir, ['grep', '--no-index', '-c', 'receive-pack', '--', 'ssh.log'])).out,
    /ssh.log:\d+/,
  );
});
