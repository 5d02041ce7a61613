import { existsSync } from 'node:fs';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

t.test('git log of the book reads as a logbook: who, what, when, one line an entry', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  const task = await stage.task(cwd, 'Mend the gate');
  await stage.ok(cwd, ['task', 'claim', task], { as: 'bert' });
  await stage.ok(cwd, ['task', 'note', task, '--text', 'hinges ordered'], { as: 'bert' });
  const log = (await stage.git(cwd, 'log', '--format=%an|%s', BOOK)).split('\n');
  t.match(log[0], /^bert\|bert .*t-/);
  t.ok(
    log.some(line => /^anna\|anna .*Mend the gate/.test(line)),
    'a creation says what was created',
  );
  t.ok(log.every(line => line.length <= 140));
  t.match(await stage.git(cwd, 'ls-tree', '-r', '--name-only', BOOK), /^tasks\/.\/.\/.*task\.json$/m);
});

t.test('a plain push and fetch of refs/ledgenter/* carry the ledger', async t => {
  const stage = new Stage(t.testdir());
  const { clones, remote } = await stage.team(['one']);
  const cwd = clones[0]!;
  await stage.task(cwd, 'carried by git alone');
  await stage.git(cwd, 'push', '-q', 'origin', 'refs/ledgenter/*:refs/ledgenter/*');
  t.equal(await stage.git(remote, 'rev-parse', BOOK), await stage.git(cwd, 'rev-parse', BOOK));
  t.notMatch(await stage.git(remote, 'for-each-ref', '--format=%(refname)'), /ledgenter-(local|remotes)/);
  const fresh = await stage.clone(remote, 'fresh');
  await stage.git(fresh, 'fetch', '-q', 'origin', 'refs/ledgenter/*:refs/ledgenter-remotes/origin/*');
  t.equal(
    await stage.git(fresh, 'rev-parse', 'refs/ledgenter-remotes/origin/main/book'),
    await stage.git(cwd, 'rev-parse', BOOK),
  );
  await stage.ok(fresh, ['init']);
  t.match(await stage.ok(fresh, ['task', 'query']), { tasks: [{ title: 'carried by git alone' }] });
});

t.test(
  'a fresh clone joins with init; linked worktrees see one ledger; the working tree and git status stay untouched',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones, remote } = await stage.team(['one']);
    const cwd = clones[0]!;
    const task = await stage.task(cwd, 'seen everywhere', '--sync');
    const fresh = await stage.clone(remote, 'fresh');
    const before = await stage.git(fresh, 'config', '--list', '--local');
    t.match(await stage.ok(fresh, ['init']), { joined: true, created: false });
    t.equal(await stage.git(fresh, 'config', '--list', '--local'), before, 'no configuration was touched');
    await stage.git(fresh, 'worktree', 'add', '-q', '-b', 'side', stage.path('linked'));
    await stage.ok(stage.path('linked'), ['task', 'claim', task], { as: 'bert' });
    t.match(await stage.ok(fresh, ['task', 'get', task]), { task: { status: 'in_progress', assignee: 'bert' } });
    await stage.ok(stage.path('linked'), ['task', 'note', task, '--text', 'from the side'], { as: 'bert' });
    t.match(await stage.ok(fresh, ['task', 'get', task]), { counts: { notes: 1 } });
    for (const place of [cwd, fresh, stage.path('linked')])
      t.equal(await stage.git(place, 'status', '--porcelain'), '');
    t.equal(await stage.git(fresh, 'branch', '--list', '--all', '*ledgenter*'), '');
    t.match(await stage.ok(fresh, ['init']), { joined: false, created: false }, 'init again changes nothing');
  },
);

t.test('three repositories share one ledger through --home', async t => {
  const stage = new Stage(t.testdir());
  const home = await stage.remote('ledger.git');
  const repositories = await Promise.all(['web', 'api', 'docs'].map(name => stage.repository(name)));
  const [web, api, docs] = repositories as [string, string, string];
  for (const cwd of repositories) await stage.ok(cwd, ['init', '--home', home]);
  const task = await stage.task(web, 'one for all', '--sync');
  t.match(await stage.ok(api, ['task', 'claim', task], { as: 'bert' }), { claimed: true, landed: true });
  t.match(await stage.ok(docs, ['task', 'get', task]), { task: { status: 'in_progress', assignee: 'bert' } });
  t.match(await stage.run(docs, ['task', 'claim', task]), {
    code: 75,
    answer: { error: { details: { holder: 'bert' } } },
  });
  for (const cwd of repositories) {
    t.equal(
      await stage.git(cwd, 'for-each-ref', 'refs/ledgenter', 'refs/ledgenter-local'),
      '',
      'the code keeps no book',
    );
    t.equal(await stage.git(cwd, 'status', '--porcelain'), '');
  }
  t.match(await stage.git(home, 'rev-parse', BOOK), /^[0-9a-f]{40}$/);
  t.ok(existsSync(stage.path('home', '.ledgenter', 'ledgers')));
  t.same(await stage.faults(web), []);
});
