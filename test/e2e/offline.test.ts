import { cpSync, renameSync } from 'node:fs';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

/** Two clones that make a ledger and write while nobody reaches the remote, on tasks of their own and on a common one. */
async function apart(stage: Stage) {
  const remote = await stage.remote();
  const clones = [await stage.clone(remote, 'one'), await stage.clone(remote, 'two')] as const;
  renameSync(remote, stage.path('away.git'));
  const actors = ['anna', 'bert'] as const;
  for (const [index, cwd] of clones.entries()) {
    const as = actors[index]!;
    await stage.ok(cwd, ['init'], { as });
    await stage.ok(cwd, ['task', 'create', `of ${as}`], { as });
    const { task } = await stage.ok(
      cwd,
      ['task', 'ask', `common, says ${as}`, '--origin-ask-ref', 'github:example/repo#7'],
      { as },
    );
    await stage.ok(cwd, ['task', 'note', task.id, '--text', `note of ${as}`], { as });
    await stage.ok(cwd, ['task', 'update', task.id, '--status', 'cancelled', '--reason', `no more, says ${as}`], {
      as,
    });
  }
  renameSync(stage.path('away.git'), remote);
  return { remote, clones };
}

for (const order of [
  [0, 1],
  [1, 0],
] as const) {
  t.test(
    `two clones init and write offline, then sync, clone ${order[0]} first: one ledger, one tree, nothing lost`,
    async t => {
      const stage = new Stage(t.testdir());
      const { remote, clones } = await apart(stage);
      const [first, second] = [clones[order[0]], clones[order[1]]];
      t.match(await stage.run(first, ['sync']), { code: 0, answer: { ok: true, parked: [] } });
      const late = await stage.run(second, ['sync']);
      t.match(late, { code: 0, answer: { ok: true } });
      await stage.ok(first, ['sync']);
      await stage.sameBook(remote, first, second);
      const trees = await Promise.all(clones.map(cwd => stage.git(cwd, 'rev-parse', `${BOOK}^{tree}`)));
      t.equal(trees[0], trees[1]);
      const { tasks } = await stage.ok(first, ['task', 'query', '--status', 'open', '--status', 'cancelled']);
      const titles = tasks.map((task: { title: string }) => task.title);
      t.ok(titles.includes('of anna') && titles.includes('of bert'), 'both clones’ own tasks are there');
      t.equal(titles.filter((title: string) => title.startsWith('common')).length, 1, 'the same ask is one task');
      const common = tasks.find((task: { title: string }) => task.title.startsWith('common'));
      t.match(await stage.ok(second, ['task', 'get', common.id]), { counts: { notes: 2 } });
      const { parked } = await stage.ok(second, ['parked', 'list']);
      t.equal(parked.length, late.answer.parked.length, 'what was refused is parked');
      for (const one of parked) t.match(one, { entry: /^[0-9a-f]{16}$/, op: /./, reason: /./ });
      for (const cwd of clones) t.same(await stage.faults(cwd), []);
    },
  );
}

t.test('an entry that a law refuses at sync is parked, named and kept whole; everything else lands', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const task = await stage.task(one, 'finished meanwhile', '--sync');
  await stage.ok(two, ['sync']);
  await stage.ok(two, ['task', 'update', task, '--title', 'a late title'], { as: 'bert' });
  await stage.ok(two, ['task', 'create', 'unrelated'], { as: 'bert' });
  await stage.ok(one, ['task', 'claim', task]);
  await stage.ok(one, ['task', 'note', task, '--text', 'mine now', '--sync']);
  const synced = await stage.run(two, ['sync'], { as: 'bert' });
  t.match(synced, { code: 0, answer: { landed: 1, parked: [{ op: 'task.update', reason: /anna|hold/ }] } });
  const { parked } = await stage.ok(two, ['parked', 'list'], { as: 'bert' });
  t.match(parked, [{ op: 'task.update', actor: 'bert', input: { title: 'a late title' }, reason: /./ }]);
  t.match(
    await stage.git(two, 'for-each-ref', 'refs/ledgenter-local/main/parked'),
    /commit/,
    'its commit stays reachable',
  );
  t.match(await stage.ok(two, ['status'], { as: 'bert' }), { parked: 1 });
  const next = await stage.ok(two, ['task', 'create', 'and on it goes'], { as: 'bert' });
  t.match(next, { ok: true });
});

t.test(
  'an offline claim is provisional: nothing of it is shared before it is won, and it is lost to who was first',
  async t => {
    const stage = new Stage(t.testdir());
    const { remote, clones } = await stage.team(['one', 'two']);
    const [one, two] = clones as [string, string];
    const task = await stage.task(one, 'wanted offline', '--sync');
    await stage.ok(two, ['sync']);
    const provisional = await stage.ok(two, ['task', 'claim', task, '--offline'], { as: 'bert' });
    t.match(provisional, { claimed: false, provisional: true, landed: false });
    await stage.ok(two, ['task', 'note', task, '--text', 'worked on the train', '--offline'], { as: 'bert' });
    await stage.git(two, 'push', '-q', 'origin', 'refs/ledgenter/*:refs/ledgenter/*');
    t.equal(
      await stage.git(remote, 'for-each-ref', 'refs/ledgenter/main/claims'),
      '',
      'a push of everything publishes no claim',
    );
    t.notMatch(await stage.git(remote, 'log', '--format=%B', BOOK), /train/);
    t.match(await stage.ok(one, ['task', 'claim', task]), { claimed: true });
    const synced = await stage.run(two, ['sync'], { as: 'bert' });
    t.match(synced.answer, { ok: true, parked: [{ reason: /anna/ }, { reason: /./ }] });
    t.equal((await stage.ok(two, ['parked', 'list'], { as: 'bert' })).total, 2, 'claim and note are kept here');
    await stage.sameBook(remote, two);
    t.equal(await stage.git(two, 'for-each-ref', 'refs/ledgenter-local/main/draft'), '');
    await stage.git(two, 'push', '-q', 'origin', 'refs/ledgenter/*:refs/ledgenter/*');
    const claims = await stage.git(remote, 'log', '--format=%B', '--glob=refs/ledgenter/main/claims');
    t.match(claims, /anna/);
    t.notMatch(claims, /bert/, 'nor does it publish a lost one');
  },
);

t.test('an offline claim that nobody else wanted is won at the next sync, with the work done under it', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  const task = await stage.task(clones[0]!, 'mine alone', '--sync');
  await stage.ok(clones[0]!, ['task', 'claim', task, '--offline']);
  await stage.ok(clones[0]!, ['task', 'note', task, '--text', 'worked on the train', '--offline']);
  t.match(await stage.ok(clones[0]!, ['sync']), { landed: 2, parked: [] });
  t.match(await stage.git(remote, 'for-each-ref', 'refs/ledgenter/main/claims'), task);
  t.match(await stage.ok(clones[0]!, ['task', 'update', task, '--status', 'done', '--sync']), { landed: true });
  t.same(await stage.faults(clones[0]!), []);
});

t.test(
  'a clone that was copied goes on under one name with the other, and neither puts the book out of order',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one', 'two']);
    const [one, two] = clones as [string, string];
    await stage.task(one, 'before', '--sync');
    const copy = stage.path('copy');
    cpSync(one, copy, { recursive: true });
    for (const cwd of [one, copy]) await stage.task(cwd, `at once in ${cwd === one ? 'one' : 'copy'}`, '--offline');
    await stage.task(one, 'more in one', '--offline');
    await stage.ok(one, ['sync']);
    t.match(await stage.ok(copy, ['sync']), { landed: 1, parked: [] }, 'what the copy wrote lands behind it');
    await stage.ok(two, ['sync']);
    await stage.task(two, 'of another clone', '--sync');
    await stage.ok(one, ['sync']);
    await stage.task(one, 'again in one', '--sync');
    const claimed = await stage.task(copy, 'again in the copy', '--sync');
    await stage.ok(copy, ['task', 'claim', claimed]);
    for (const cwd of [one, copy, two]) t.match(await stage.ok(cwd, ['sync']), { parked: [] });
    t.equal((await stage.ok(two, ['task', 'query', '--all'])).total, 7);
    for (const cwd of [one, copy, two]) t.same(await stage.faults(cwd), []);
  },
);
