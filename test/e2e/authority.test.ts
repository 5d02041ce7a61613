import t from 'tap';
import { Stage } from './stage.ts';

t.test('hub and fork: of two clones whose origin differ one wins, the other is told CLAIM_ELSEWHERE', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote('hub.git');
  const { clones } = await stage.team(['member'], hub);
  const task = await stage.task(clones[0]!, 'one winner', '--sync');
  await stage.git(stage.dir, 'clone', '-q', '--mirror', hub, stage.path('fork.git'));
  const outsider = await stage.clone(stage.path('fork.git'), 'outsider');
  await stage.ok(outsider, ['init']);
  const [won, elsewhere] = await Promise.all([
    stage.run(clones[0]!, ['task', 'claim', task]),
    stage.run(outsider, ['task', 'claim', task], { as: 'bert' }),
  ]);
  t.match(won, { code: 0, answer: { ok: true, claimed: true } });
  t.match(elsewhere, {
    code: 78,
    answer: { ok: false, error: { code: 'CLAIM_ELSEWHERE', hint: /git (remote|config)/ } },
  });

  await stage.git(outsider, 'remote', 'add', 'hub', hub);
  const mapped = await stage.run(outsider, ['task', 'claim', task], { as: 'bert' });
  t.match(mapped, { code: 75, answer: { error: { code: 'CLAIM_LOST', details: { holder: 'anna' } } } });
});

t.test('several remotes and no terminal: init asks for a choice with exit 64, and takes it', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote('hub.git');
  const cwd = await stage.clone(hub, 'member');
  await stage.git(cwd, 'remote', 'add', 'other', await stage.remote('other.git'));
  t.match(await stage.run(cwd, ['init']), { code: 64, answer: { error: { code: 'CHOOSE_REMOTE', hint: /--remote/ } } });
  t.match(await stage.ok(cwd, ['init', '--remote', 'other']), { remote: 'other' });
});
