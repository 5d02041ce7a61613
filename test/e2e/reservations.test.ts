import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LAUNCHER, Stage } from './stage.ts';

const HOUR = 3_600_000;

t.test('two clones reserve: one wins, nothing of the other stays, and a commit is told in time', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const run = (cwd: string, args: string[], env: Record<string, string> = {}) =>
    stage.run(cwd, args, { as: cwd === anna ? 'anna' : 'bob', env });
  const claim = (cwd: string, path: string, ...more: string[]) =>
    run(cwd, ['reserve', 'claim', '--paths', path, ...more]);
  const idle = async (cwd: string) =>
    t.match(await stage.ok(cwd, ['ledger-status']), { waiting: 0, parked: 0 }, 'nothing is left here');
  const note = (cwd: string) => readFileSync(join(cwd, '.git', 'ledgenter', 'main', 'note-reserved'), 'utf8');

  await t.test('the same path at once', async t => {
    const both = await Promise.all([claim(anna, 'src/**', '--reason', 'moving it'), claim(bob, 'SRC/a.ts')]);
    t.same(both.map(({ code }) => code).sort(), [0, 75]);
    const [winner, loser] = both[0].code === 0 ? [both[0], both[1]] : [both[1], both[0]];
    const { by, run: holding, until, id } = winner.answer.reservation;
    t.match(winner.answer, { reserved: true, landed: true });
    t.match(loser.answer.error, {
      code: 'RESERVED',
      retryable: true,
      message: new RegExp(`^${by} has .* reserved until ${until}`),
      hint: /^ledgenter reserve query --paths/,
      details: { reservation_id: id, holder: by, run: holding, lease_until: until },
    });
    for (const cwd of clones) await idle(cwd);
    for (const cwd of clones) t.equal(note(cwd), `${Math.ceil(Date.parse(until) / 1000) + 120}\n`, 'with the grace');
    await run(by === 'anna' ? anna : bob, ['reserve', 'release', id, '--sync']);
    await stage.ok(bob, ['sync']);
  });

  await t.test('without the remote nothing is reserved, now or later', async t => {
    renameSync(remote, `${remote}.away`);
    const ran = await claim(bob, 'docs');
    t.match(ran, { code: 69, answer: { error: { code: 'UNREACHABLE' } } });
    renameSync(`${remote}.away`, remote);
    await idle(bob);
    t.match(await stage.ok(bob, ['reserve', 'query']), { total: 0 });
    writeFileSync(join(remote, 'hooks', 'pre-receive'), '#!/bin/sh\necho "no writing here" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const refused = await claim(bob, 'docs');
    t.match(refused, { code: 77, answer: { error: { code: 'REMOTE_REFUSED' } } });
    writeFileSync(join(remote, 'hooks', 'pre-receive'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    await idle(bob);
  });

  await t.test('one that was made offline is not yet reserved, and is parked and told', async t => {
    const first = await claim(anna, 'lib');
    t.match(first, { code: 0 });
    const offline = await claim(bob, 'lib/x.ts', '--offline');
    t.match(offline, { code: 0, answer: { reserved: false, landed: false, note: /not reserved before/ } });
    t.match(await run(bob, ['sync']), {
      code: 0,
      answer: { parked: [{ op: 'reserve.claim', reason: /anna has lib/ }] },
    });
    t.match(await stage.ok(bob, ['reserve', 'query'], { as: 'bob' }), { total: 1, reservations: [{ by: 'anna' }] });
    t.match(await stage.ok(bob, ['parked', 'list']), { total: 1 });
  });

  await t.test('check sees what this very commit takes along, old names too', async t => {
    const held = (await stage.ok(anna, ['reserve', 'query'])).reservations[0];
    mkdirSync(join(bob, 'lib'));
    mkdirSync(join(bob, 'free'));
    writeFileSync(join(bob, 'lib', 'x.ts'), 'kept by anna\n');
    writeFileSync(join(bob, 'free', 'y.ts'), 'free\n');
    await stage.git(bob, 'add', '.');
    const hook = `#!/bin/sh\n"${process.execPath}" "${LAUNCHER}" reserve check --staged --json >"${stage.path('checked.json')}"\n`;
    writeFileSync(join(bob, '.git', 'hooks', 'pre-commit'), hook, { mode: 0o755 });
    const commit = async (...args: string[]) => {
      const { code } = await stage.tryGit(bob, ['commit', '-q', '-m', 'work', ...args], { as: 'bob' });
      return { code, ...JSON.parse(readFileSync(stage.path('checked.json'), 'utf8')) };
    };
    t.match(await commit('free/y.ts'), { code: 0, clear: true, conflicts: [] }, 'a part of what is staged');
    t.match(await commit(), {
      code: 1,
      clear: false,
      conflicts: [{ path: 'lib/x.ts', by: 'anna', until: held.until }],
    });
    t.match(await commit('-a'), { code: 1, clear: false });
    await stage.git(bob, 'commit', '-q', '--no-verify', '-m', 'all the same');
    await stage.git(bob, 'mv', 'lib/x.ts', 'free/x.ts');
    t.match(await commit(), { code: 1, conflicts: [{ path: 'lib/x.ts', reservation_id: held.id }] }, 'moved away');
    const elsewhere = { GIT_INDEX_FILE: join(bob, 'code.txt') };
    t.match(await run(bob, ['reserve', 'check', '--staged'], elsewhere), { code: 1 }, 'no index of git: the usual one');
    t.match(await run(anna, ['reserve', 'check', '--paths', 'lib/x.ts']), { code: 0, answer: { clear: true } });
    t.match(await stage.plain(bob, ['reserve', 'check', '--staged'], { as: 'bob' }), {
      code: 1,
      out: /lib\/x.ts\s+anna/,
    });
  });

  await t.test('released it is free at once, lapsed after its grace', async t => {
    const held = (await stage.ok(anna, ['reserve', 'query'])).reservations[0];
    t.match(await claim(bob, 'lib'), { code: 75 });
    t.match(await run(bob, ['reserve', 'release', held.id]), { code: 77, answer: { error: { code: 'NOT_HOLDER' } } });
    await stage.ok(anna, ['reserve', 'release', held.id.slice(0, 7), '--sync']);
    t.equal(note(anna), '0\n');
    t.match(await claim(bob, 'lib', '--lease', '50m'), { code: 0 });
    await stage.ok(anna, ['ledger', 'policy', '--claim-grace', '20m', '--sync']);
    const again = ['reserve', 'claim', '--paths', 'lib'];
    t.match(await run(anna, again, stage.later(HOUR)), { code: 75 }, 'within the grace');
    t.match(await run(anna, again, stage.later(1.5 * HOUR)), { code: 0 });
  });
  const then = { env: stage.later(2 * HOUR) };
  t.match(await stage.ok(bob, ['sync'], then), { waiting: 0 });
  t.match(await stage.ok(bob, ['verify'], then), { verified: true });
});

t.test('a repository that is its own authority decides at once', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('one');
  await stage.ok(cwd, ['init']);
  t.match(await stage.ok(cwd, ['reserve', 'claim', '--paths', 'src,docs']), { reserved: true, landed: true });
  const refused = await stage.run(cwd, ['reserve', 'claim', '--paths', 'src'], { as: 'bob' });
  t.match(refused, { code: 75, answer: { error: { hint: "ledgenter reserve query --paths ':/src'" } } });

  await t.test('paths that are typed count from the folder', async t => {
    const sub = join(cwd, 'src', 'parser');
    mkdirSync(sub, { recursive: true });
    const check = async (folder: string, path: string) => {
      const { code, answer } = await stage.run(folder, ['reserve', 'check', '--paths', path], { as: 'bob' });
      return [code, answer.conflicts?.[0]?.path];
    };
    t.same(await check(sub, 'a.ts'), [1, 'src/parser/a.ts']);
    t.same(await check(sub, '../*.ts'), [1, 'src/*.ts']);
    t.same(await check(sub, ':/free/a.ts'), [0, undefined], 'from the top');
    t.same(await check(sub, ':/docs'), [1, 'docs']);
    t.same(await check(sub, join(cwd, 'docs', 'b.md')), [1, 'docs/b.md']);
    t.same(await check(sub, '../../../b.md'), [65, undefined], 'out of the repository');
    t.same(await check(cwd, 'src/../free'), [0, undefined]);
    const json = JSON.stringify({ paths: ['free/a.ts'] });
    t.match(await stage.ok(sub, ['call', 'reserve_claim', json]), { reservation: { paths: ['free/a.ts'] } }, 'in JSON');
    t.match(await stage.ok(sub, ['reserve', 'query', '--paths', '../../free']), { total: 1 });
    const claimed = await stage.ok(join(cwd, 'src'), ['reserve', 'claim', '--paths', 'parser/x.ts,lexer/**']);
    t.same(claimed.reservation.paths, ['src/lexer/**', 'src/parser/x.ts']);
  });
});
