import t from 'tap';
import { Stage } from '../e2e/stage.ts';

const CLAIMS = 'refs/ledgenter/main/claims/';

t.test('a claim ref that shows no claim, of whatever kind and size, is taken over like a lapsed one', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const tree = await stage.git(anna, 'rev-parse', 'HEAD^{tree}');
  const huge = await stage.tryGit(anna, ['commit-tree', tree, '-F', '-'], {
    input: `huge\n\n${'a'.repeat(3 << 20)}\n`,
  });
  await stage.git(anna, 'tag', '-a', '-m', 'a tag', 'tagged');
  const objects = {
    blob: await stage.git(anna, 'rev-parse', 'HEAD:code.txt'),
    tree,
    tag: await stage.git(anna, 'rev-parse', 'tagged'),
    'commit over 2 MB': huge.out.trim(),
  };
  const tasks = new Map<string, string>();
  for (const [what, oid] of Object.entries(objects)) {
    const task = await stage.task(anna, `under a ${what}`, '--sync');
    await stage.git(anna, 'push', '-q', 'origin', `${oid}:${CLAIMS}${task}`);
    tasks.set(what, task);
  }
  t.match(await stage.ok(bob, ['sync'], { as: 'bob' }), { waiting: 0 }, 'nobody is stopped');
  for (const [what, task] of tasks) {
    t.match(await stage.ok(bob, ['task', 'claim', task], { as: 'bob' }), { claimed: true }, what);
    t.match(await stage.git(remote, 'cat-file', '-p', `${CLAIMS}${task}`), /bob holds/);
    t.notMatch(await stage.git(remote, 'cat-file', '-p', `${CLAIMS}${task}`), /^parent/m, 'nothing is built on it');
  }
  t.match(await stage.ok(bob, ['verify']), { verified: true });
});
