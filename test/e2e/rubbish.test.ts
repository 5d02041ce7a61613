import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

const CLAIMS = 'refs/ledgenter/main/claims/';
const QUEUE = 'refs/ledgenter/main/queue/';

t.test('what a stranger puts under claim refs is as good as lapsed, and anyone replaces it', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const tasks = [
    await stage.task(anna, 'under a claim of another task'),
    await stage.task(anna, 'under a commit of code'),
    await stage.task(anna, 'under a blob', '--sync'),
  ];
  const head = await stage.git(anna, 'rev-parse', 'HEAD');
  writeFileSync(join(anna, 'blob.txt'), 'not a commit\n');
  const blob = await stage.git(anna, 'hash-object', '-w', 'blob.txt');
  await stage.ok(anna, ['task', 'claim', tasks[1]!]);
  const claim = await stage.git(remote, 'rev-parse', `${CLAIMS}${tasks[1]}`);
  await stage.ok(anna, ['task', 'release', tasks[1]!, '--sync']);
  await stage.git(anna, 'push', '-q', 'origin', `${head}:${CLAIMS}${tasks[1]}`, `${blob}:${CLAIMS}${tasks[2]}`);
  await stage.git(remote, 'update-ref', `${CLAIMS}${tasks[0]}`, claim);
  for (const task of tasks.slice(0, 2)) {
    t.match(await stage.ok(bob, ['task', 'claim', task], { as: 'bob' }), { claimed: true }, task);
  }
  t.match(await stage.ok(bob, ['sync'], { as: 'bob' }), { waiting: 0 });
  t.match(await stage.ok(anna, ['task', 'query']), { total: 3 }, 'the blob stops nobody');
  t.same(await stage.faults(bob), []);
});

t.test('a queue ref that is not wholly lawful stays where it is, and what others queue lands', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  await stage.task(anna, 'lands before', '--sync');
  const head = await stage.git(anna, 'rev-parse', 'HEAD');
  const tree = await stage.git(anna, 'rev-parse', `${BOOK}^{tree}`);
  const book = await stage.git(anna, 'rev-parse', BOOK);
  const forged = await stage.git(anna, 'commit-tree', tree, '-p', book, '-m', 'no entry at all');
  await stage.git(anna, 'push', '-q', 'origin', `${head}:${QUEUE}stranger`, `${forged}:${QUEUE}forger`);
  await stage.task(bob, 'lands all the same', '--sync');
  await stage.ok(anna, ['sync']);
  t.match(await stage.ok(anna, ['task', 'query']), { total: 2 });
  t.equal(await stage.git(remote, 'rev-parse', `${QUEUE}stranger`), head, 'left where it is, visible');
  t.equal(await stage.git(remote, 'rev-parse', `${QUEUE}forger`), forged);
  await stage.sameBook(anna, bob, remote);
  t.same(await stage.faults(anna), []);
});
