import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

t.test('init touches no file and no remote configuration, and pushes nothing without a terminal', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote();
  const clone = await stage.clone(hub, 'clone');
  const config = readFileSync(join(clone, '.git', 'config'), 'utf8');
  const refs = await stage.git(hub, 'for-each-ref');
  const answer = await stage.ok(clone, ['init']);
  t.match(answer, { created: true, joined: false, published: false, remote: 'origin', role: 'maintainer' });
  t.match(answer.did.join('\n'), /everybody who can read .* will be able to read the ledger/);
  t.equal(readFileSync(join(clone, '.git', 'config'), 'utf8'), config, 'the configuration is as it was');
  t.equal(await stage.git(clone, 'status', '--porcelain'), '', 'the working tree is clean');
  t.equal(await stage.git(hub, 'for-each-ref'), refs, 'nothing was pushed');
  const log = await stage.git(clone, 'log', '--format=%H', BOOK);
  await stage.ok(clone, ['init']);
  t.equal(await stage.git(clone, 'log', '--format=%H', BOOK), log, 'again: no entry');
});

t.test('the first sync publishes; a second clone joins what is there (LESSONS 13)', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote();
  const one = await stage.clone(hub, 'one');
  const two = await stage.clone(hub, 'two');
  await stage.ok(one, ['init']);
  await stage.ok(one, ['task', 'create', 'Carry me over']);
  await stage.ok(one, ['sync']);
  const joined = await stage.ok(two, ['init'], { as: 'bob' });
  t.match(joined, { joined: true, created: false, role: 'member' });
  t.equal(await stage.git(two, 'rev-parse', BOOK), await stage.git(hub, 'rev-parse', BOOK));
  t.equal((await stage.ok(two, ['task', 'query'])).tasks[0].title, 'Carry me over');
});

t.test('several remotes and nobody to ask: exit 64, and the command that chooses', async t => {
  const stage = new Stage(t.testdir());
  const clone = await stage.clone(await stage.remote(), 'clone');
  await stage.git(clone, 'remote', 'add', 'other', await stage.remote('other.git'));
  const refused = await stage.run(clone, ['init']);
  t.equal(refused.code, 64);
  t.match(refused.answer.error, { code: 'CHOOSE_REMOTE', hint: /ledgenter init --remote origin/ });
  t.equal((await stage.tryGit(clone, ['rev-parse', '--verify', '-q', BOOK])).code, 1, 'nothing was made');
  t.match(await stage.ok(clone, ['init', '--remote', 'other']), { remote: 'other' });
});

t.test('without a remote this repository decides', async t => {
  const stage = new Stage(t.testdir());
  const repo = await stage.repository('alone');
  t.match(await stage.ok(repo, ['init']), { created: true, remote: null });
  const { task } = await stage.ok(repo, ['task', 'create', 'Alone']);
  t.match(await stage.ok(repo, ['task', 'claim']), { claimed: true, landed: true });
  const other = await stage.run(repo, ['task', 'claim', task.id], { as: 'bob' });
  t.equal(other.code, 75, 'one winner here too');
  t.match(other.answer.error.message, /anna/);
  t.match(await stage.ok(repo, ['task', 'update', task.id, '--status', 'done']), {
    task: { status: 'done' },
    landed: true,
  });
  t.equal(await stage.git(repo, 'for-each-ref', 'refs/ledgenter/main/claims/'), '', 'the claim went with the end');
  t.match(await stage.ok(repo, ['verify']), { verified: true });
});

t.test('init and what is written next are one run, which says how it began', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  await stage.task(cwd, 'first');
  const { runs, total } = await stage.ok(cwd, ['run', 'query']);
  t.equal(total, 1);
  t.match(runs, [{ actor: 'anna', kind: 'session' }]);
});
