import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Stage } from './stage.ts';

const HOUR = 3_600_000;

t.test('who holds no task is stopped before the edit, by exit code and in the form of hosts', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const guard = (cwd: string, args: string[] = [], env: Record<string, string> = {}) =>
    stage.run(cwd, ['guard', ...args], { as: cwd === anna ? 'anna' : 'bob', env });
  const task = await stage.task(anna, 'Move the parser');
  await stage.ok(anna, ['sync']);
  await stage.ok(bob, ['sync'], { as: 'bob' });

  t.match(await guard(anna), {
    code: 1,
    answer: { ok: true, allowed: false, why: 'this run holds no task', hints: { next: 'ledgenter ready' } },
  });
  t.match(await guard(anna, [task]), { code: 1, answer: { hints: { next: `ledgenter task claim ${task}` } } });
  await stage.ok(anna, ['task', 'claim', task]);
  for (const args of [[], [task], [task, '--fresh'], ['--task-id', task.slice(0, 7), '--paths', 'src']])
    t.match(await guard(anna, args), { code: 0, answer: { allowed: true, task_id: task } }, args.join(' '));
  const other = await guard(anna, [task], { LEDGENTER_RUN: 'other' });
  t.match(other, { code: 1, answer: { why: new RegExp(`^another run of anna holds ${task}`) } });
  t.match(await guard(anna, [], { LEDGENTER_RUN: 'other' }), { code: 1 });
  t.match(await guard(anna, [task], stage.later(HOUR)), {
    code: 1,
    answer: { why: new RegExp(`^the lease on ${task} lapsed at`), hints: { next: `ledgenter task claim ${task}` } },
  });
  t.match(await guard(bob, ['t-0000000000']), { code: 66 });

  await t.test('a clone goes by what it knows; --fresh asks the remote and says so when it cannot', async t => {
    t.match(await guard(bob, [task]), { code: 1, answer: { why: `nobody holds ${task}` } });
    t.match(await guard(bob, [task, '--fresh']), { code: 1, answer: { why: new RegExp(`^anna holds ${task} until`) } });
    renameSync(remote, `${remote}.away`);
    t.match(await guard(anna, [task, '--fresh']), { code: 69, answer: { error: { code: 'UNREACHABLE' } } });
    t.match(await guard(anna, [task]), { code: 0 }, 'without it nothing is asked');
    renameSync(`${remote}.away`, remote);
    const offline = await stage.task(anna, 'claimed offline', '--sync');
    await stage.ok(anna, ['task', 'claim', offline, '--offline']);
    t.match(await guard(anna, [offline]), { code: 0, answer: { note: /offline/ } });
    t.match(await guard(anna, [offline, '--fresh']), {
      code: 1,
      answer: { why: /offline/, hints: { next: 'ledgenter sync' } },
    });
    await stage.ok(anna, ['sync']);
    t.match(await guard(anna, [offline, '--fresh']), { code: 0 });
    await stage.ok(anna, ['task', 'update', offline, '--status', 'cancelled', '--reason', 'seen']);
  });

  await t.test('paths that another keeps are no', async t => {
    await stage.ok(bob, ['reserve', 'claim', '--paths', 'lib/**', '--reason', 'moving'], { as: 'bob' });
    t.match(await guard(anna, ['--paths', 'lib/x.ts']), { code: 0 }, 'not known here yet');
    const no = {
      code: 1,
      answer: { why: /^lib\/x.ts is reserved by bob until .* \(moving\)$/, conflicts: [{ by: 'bob' }] },
    };
    t.match(await guard(anna, ['--paths', 'lib/x.ts', '--fresh']), no);
    await stage.ok(anna, ['sync']);
    t.match(await guard(anna, ['--paths', 'lib/x.ts']), no);
  });

  await t.test('a hook of a host', async t => {
    mkdirSync(join(bob, 'src'));
    const hook = (cwd: string, host: string, file: string, more: object = {}, env: Record<string, string> = {}) =>
      stage.plain(cwd, ['guard', '--hook', host], {
        as: cwd === anna ? 'anna' : 'bob',
        env,
        input: JSON.stringify({ tool_name: 'Write', tool_input: { file_path: file, content: 'x' }, cwd, ...more }),
      });
    const said = /^ledgenter: this run holds no task\. Next: ledgenter ready\n$/;
    for (const host of ['claude', 'codex', 'gemini', 'vscode', 'opencode'])
      t.match(await hook(bob, host, join(bob, 'src', 'a.ts')), { code: 2, err: said, out: '' }, host);
    t.match(await hook(bob, 'cursor', 'src/a.ts'), {
      code: 2,
      answer: { permission: 'deny', agent_message: /no task/ },
    });
    t.match(await hook(bob, 'myharness', 'src/a.ts'), { code: 1, err: said });
    t.match(await hook(bob, 'claude', 'src/a.ts', { tool_name: 'Read' }), { code: 0, out: '', err: '' });
    t.match(await hook(bob, 'claude', stage.path('notes.md')), { code: 0 }, 'of no checkout');
    t.match(await hook(stage.dir, 'claude', 'x'), { code: 0 }, 'where there is no ledger');
    t.match(await hook(bob, 'claude', 'src/a.ts', {}, { LEDGENTER_GUARD: 'false' }), { code: 0 }, 'turned off');
    t.match(await stage.plain(bob, ['guard', '--hook', 'claude'], { input: 'no json' }), { code: 0, out: '' });
    t.match(await hook(anna, 'claude', 'src/a, b.ts'), { code: 0 }, 'the holder');
    t.match(await hook(anna, 'claude', 'lib/a.ts'), { code: 2, err: /^ledgenter: lib\/a.ts is reserved by bob/ });
  });

  await t.test('eight processes in two clones want one slot at once: one has it', async t => {
    const tries = Array.from({ length: 8 }, (_, at) => {
      const as = at % 2 === 0 ? 'anna' : 'bob';
      const env = { LEDGENTER_RUN: `racer-${at}` };
      return stage.run(at % 2 === 0 ? anna : bob, ['reserve', 'claim', '--slot', 'deploy'], { as, env });
    });
    const ran = await Promise.all(tries);
    t.same(ran.map(({ code }) => code).sort(), [0, ...Array(7).fill(75)]);
    const winner = ran.find(({ code }) => code === 0)!.answer;
    t.match(winner, { reserved: true, landed: true, reservation: { slot: 'deploy' } });
    const won = winner.reservation.id;
    for (const { code, answer } of ran)
      if (code !== 0 && answer.error.code === 'RESERVED') t.equal(answer.error.details.reservation_id, won);
    for (const cwd of [anna, bob]) {
      await stage.ok(cwd, ['sync']);
      t.match(await stage.ok(cwd, ['reserve', 'query', '--slot', 'deploy']), { total: 1, reservations: [{ id: won }] });
      t.match(await stage.ok(cwd, ['verify']), { verified: true });
    }
    t.match(await stage.run(bob, ['reserve', 'check', '--slot', 'deploy'], { as: 'bob' }), {
      code: 1,
      answer: { conflicts: [{ slot: 'deploy' }] },
    });
  });
});
