import t from 'tap';
import { BOOK, Stage } from './stage.ts';

t.test('moving the authority: everybody learns it from the old one, then the new one decides', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob', 'carol']);
  const [anna, bob, carol] = clones as [string, string, string];
  const task = await stage.task(anna, 'wanted', '--sync');
  const next = await stage.remote('next.git');
  for (const clone of [anna, bob]) await stage.git(clone, 'remote', 'add', 'next', next);
  const probe = await stage.repository('probe');
  await stage.git(probe, 'remote', 'add', 'origin', next);
  const { did } = await stage.ok(probe, ['init']);
  const fingerprint = /decided at (\S+)/.exec(did.join('\n'))![1]!;

  t.match(await stage.ok(anna, ['ledger', 'authority', fingerprint]), { authority: fingerprint, landed: true });
  t.equal(await stage.git(remote, 'rev-parse', BOOK), await stage.git(anna, 'rev-parse', BOOK), 'the old one has it');
  await stage.ok(anna, ['sync']);
  t.equal(await stage.git(next, 'rev-parse', BOOK), await stage.git(anna, 'rev-parse', BOOK), 'and so has the new one');
  for (const clone of [bob, carol]) await stage.ok(clone, ['sync'], { as: 'bob' });
  t.match(await stage.ok(bob, ['task', 'claim', task], { as: 'bob' }), { claimed: true });
  t.match(await stage.git(next, 'for-each-ref', '--format=%(refname)'), new RegExp(`claims/${task}`), 'decided there');
  const elsewhere = await stage.run(carol, ['task', 'claim', task], { as: 'carol' });
  t.match(elsewhere, { code: 78, answer: { error: { code: 'CLAIM_ELSEWHERE' } } });
  t.match(await stage.run(anna, ['task', 'claim', task]), {
    code: 75,
    answer: { error: { details: { holder: 'bob' } } },
  });
  t.same(await stage.faults(anna), []);
});
