import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CLIENT_HOOKS } from '../../../src/surfaces/hooks/names.ts';
import { snapshot, Yard } from './yard.ts';

const onWindows = process.platform === 'win32';
const COMMIT = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];
const OURS = COMMIT.map(name => `ours ${name}`);

t.test('hooks are installed, found installed, and taken away, byte for byte', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository(onWindows ? "it's one" : 'it\'s "one" [a] $x `y`');
  const git = join(code, '.git');
  const before = snapshot(git);
  t.match(await yard.status(code), { installed: false, hints: { next: 'ledgenter hooks install' } });
  const dry = await yard.install(code, { dry_run: true });
  t.match(dry, { changed: false, diff: /\+#!\/bin\/sh/ });
  t.match(dry.files[0], { file: /pre-commit$/, state: 'would be made' });
  t.match(await yard.install(code, {}), {
    changed: false,
    agreed: false,
    hints: { next: 'ledgenter hooks install --yes' },
  });
  t.same(snapshot(git), before, 'neither a dry run nor a question without a person writes anything');
  t.match(await yard.install(code), { changed: true });
  const after = snapshot(git);
  t.same((await yard.commit(code)).ran, OURS);
  t.match(await yard.status(code), {
    installed: true,
    faults: 0,
    hooks: CLIENT_HOOKS.map(hook => ({ hook, state: 'installed' })),
  });
  t.match(await yard.install(code), { changed: false, files: [] });
  t.same(snapshot(git), after, 'a second install finds nothing to do');
  t.match(await yard.uninstall(code, { dry_run: true }), {
    changed: false,
    files: CLIENT_HOOKS.map(() => ({ state: 'would be removed' })),
  });
  t.match(await yard.uninstall(code), { changed: true });
  t.same(snapshot(git), before);
  t.match(await yard.uninstall(code), { changed: false });
  t.same((await yard.commit(code)).ran, []);
});

t.test('hooks that were there go first, whatever they are written in, and stop what they stopped', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const [git, hooks] = [join(code, '.git'), join(code, '.git', 'hooks')];
  yard.hand(code, 'pre-commit', '[ ! -f fail ] || exit 7\n');
  const script = `require('node:fs').appendFileSync(process.env.HOOK_LOG, 'node ' + process.argv.length + '\\n');\n`;
  yard.put(join(hooks, 'commit-msg'), `#!/usr/bin/env node\n${script}`, 0o755);
  yard.hand(code, 'post-commit', 'exit 3\n');
  yard.hand(code, 'post-rewrite', 'while read -r old new; do echo "hand read" >>"$HOOK_LOG"; done\n');
  if (!onWindows) {
    yard.hand(code, 'prepare-commit-msg', '', 0o644);
    yard.put(join(code, 'scripts', 'merged'), '#!/bin/sh\necho "hand post-merge" >>"$HOOK_LOG"\n', 0o700);
    symlinkSync('../../scripts/merged', join(hooks, 'post-merge'));
  }
  const before = snapshot(git);
  await yard.install(code);
  const first = await yard.commit(code);
  t.same(first.ran, ['hand pre-commit', OURS[0], OURS[1], 'node 3', OURS[2], 'hand post-commit', OURS[3]]);
  t.equal(first.code, 0);
  if (!onWindows) {
    t.match((await yard.status(code)).hooks[1], {
      state: 'installed',
      says: /not executable and does not run, as before/,
    });
    await yard.git(code, ['branch', 'side']);
    await yard.commit(code);
    await yard.git(code, ['checkout', '-q', 'side']);
    yard.ran();
    await yard.git(code, ['merge', '-q', 'trunk']);
    t.same(yard.ran(), ['hand post-merge', 'ours post-merge']);
  }
  t.same((await yard.commit(code, '--amend')).ran.slice(-3), [
    'hand post-rewrite',
    'hand read',
    'ours post-rewrite read ',
  ]);
  t.notOk(existsSync(join(git, 'ledgenter', 'hooks', 'stdin')), 'nothing is left of what two read');
  writeFileSync(join(code, 'fail'), '');
  const failed = await yard.commit(code);
  t.equal(failed.code, 1, 'git says so for any code');
  t.same(failed.ran, ['hand pre-commit']);
  if (!onWindows)
    t.equal((await yard.stage.start('.git/hooks/pre-commit', [], code, { env: yard.env() }).ended).code, 7);
  await yard.uninstall(code);
  t.same(snapshot(git), before);
});

t.test('husky keeps working before and after, and when it runs again', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const git = join(code, '.git');
  yard.put(join(code, '.husky', 'pre-commit'), 'echo "husky pre-commit" >>"$HOOK_LOG"\n[ ! -f fail ] || exit 5\n');
  yard.put(join(code, '.husky', 'pre-merge-commit'), 'echo "husky pre-merge-commit" >>"$HOOK_LOG"\n');
  await t.test('before', async t => {
    await yard.husky(code);
    const [before, husky] = [snapshot(git), snapshot(join(code, '.husky'))];
    t.match(await yard.install(code), { changed: true, way: /core\.hooksPath/ });
    t.same((await yard.commit(code)).ran, ['husky pre-commit', ...OURS]);
    t.match(await yard.status(code), { faults: 0, hooks: [{ hook: 'pre-commit', says: /after .*_\/pre-commit/ }] });
    await yard.husky(code);
    t.same((await yard.commit(code)).ran, ['husky pre-commit', ...OURS], 'after it ran again');
    t.match(await yard.install(code), { changed: false });
    await yard.git(code, ['checkout', '-q', '-b', 'side', 'HEAD~1']);
    await yard.commit(code);
    yard.ran();
    await yard.git(code, ['merge', '-q', '-m', 'both', 'trunk']);
    t.equal(yard.ran()[0], 'husky pre-merge-commit', 'hooks that are none of ours are passed on');
    await yard.git(code, ['checkout', '-q', 'trunk']);
    writeFileSync(join(code, 'fail'), '');
    const failed = await yard.commit(code);
    t.same([failed.code, failed.ran], [1, ['husky pre-commit']]);
    rmSync(join(code, 'fail'));
    await yard.git(code, ['config', 'user.name', 'Somebody']);
    await yard.git(code, ['config', 'branch.trunk.description', 'mine']);
    await yard.uninstall(code);
    await yard.git(code, ['config', '--unset', 'user.name']);
    await yard.git(code, ['config', '--unset', 'branch.trunk.description']);
    t.same(snapshot(git), before, 'what others configured since stays, and nothing of ours does');
    t.same(snapshot(join(code, '.husky')), husky);
    t.same((await yard.commit(code)).ran, ['husky pre-commit']);
  });
  await t.test('after', async t => {
    await yard.git(code, ['config', '--unset', 'core.hooksPath']);
    const before = snapshot(join(git, 'hooks'));
    await yard.install(code);
    t.same((await yard.commit(code)).ran, OURS);
    await yard.husky(code);
    t.same((await yard.commit(code)).ran, ['husky pre-commit'], 'git looks elsewhere now');
    t.match(await yard.status(code), {
      installed: true,
      faults: 1,
      wrong: [/core\.hooksPath is \.husky\/_ \(local\)/],
      hints: { next: 'ledgenter hooks install' },
    });
    t.match(await yard.install(code), { changed: true, way: /core\.hooksPath/ });
    t.same(snapshot(join(git, 'hooks')), before, "what it put into git's own folder is gone");
    t.same((await yard.commit(code)).ran, ['husky pre-commit', ...OURS]);
    await yard.git(code, ['config', 'core.hooksPath', '.other']);
    yard.put(join(code, '.other', 'pre-commit'), '#!/bin/sh\necho "other pre-commit" >>"$HOOK_LOG"\n', 0o755);
    t.same((await yard.commit(code)).ran, ['other pre-commit', ...OURS], 'another folder counts at once');
    await yard.refresh(code);
    t.same((await yard.commit(code)).ran, ['other pre-commit', ...OURS], 'and after what hooks read was written anew');
    await yard.git(code, ['config', '--unset', 'core.hooksPath']);
    yard.hand(code, 'pre-commit');
    t.same((await yard.commit(code)).ran, ['hand pre-commit', ...OURS], "and git's own where there is no other");
    t.match(await yard.install(code), { changed: true, way: /folder of hooks/ });
    t.same((await yard.commit(code)).ran, ['hand pre-commit', ...OURS]);
    t.notMatch(readFileSync(join(git, 'config'), 'utf8'), /ledgenter/);
    await yard.uninstall(code);
    rmSync(join(git, 'hooks', 'pre-commit'));
    t.same(snapshot(join(git, 'hooks')), before);
  });
});

t.test('lefthook keeps working before and after', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const [git, hooks] = [join(code, '.git'), join(code, '.git', 'hooks')];
  yard.lefthook(hooks, 'pre-commit');
  const before = snapshot(git);
  await yard.install(code);
  t.same((await yard.commit(code)).ran, ['lefthook pre-commit', ...OURS]);
  t.match((await yard.status(code)).hooks[0], { says: 'after that of lefthook' });
  yard.lefthook(hooks, 'pre-commit', 'commit-msg');
  const displaced = await yard.status(code);
  t.match(displaced, { faults: 2, hooks: [{ state: 'displaced', says: 'lefthook put ours aside' }] });
  await yard.install(code);
  t.same((await yard.commit(code)).ran, [
    'lefthook pre-commit',
    OURS[0],
    OURS[1],
    'lefthook commit-msg',
    OURS[2],
    OURS[3],
  ]);
  t.notOk(existsSync(join(hooks, 'pre-commit.old')), 'ours is not in its way the next time');
  yard.lefthook(hooks, 'pre-commit', 'commit-msg');
  await yard.uninstall(code);
  rmSync(join(hooks, 'commit-msg'));
  t.same(snapshot(git), before, 'also where it put ours aside');
  rmSync(join(hooks, 'pre-commit'));
  yard.hand(code, 'pre-commit');
  const hand = readFileSync(join(hooks, 'pre-commit'), 'utf8');
  await yard.install(code);
  yard.lefthook(hooks, 'pre-commit');
  await yard.install(code);
  t.equal(readFileSync(join(hooks, 'pre-commit.ledgenter-kept'), 'utf8'), hand, 'what it replaced is kept');
  t.match(await yard.status(code), { faults: 0, notes: [/ledgenter-kept does not run: another pre-commit/] });
  await yard.uninstall(code);
  t.equal(readFileSync(join(hooks, 'pre-commit.old'), 'utf8'), hand, 'and lies where it would have put it');
  t.match(readFileSync(join(hooks, 'pre-commit'), 'utf8'), 'call_lefthook');
});

t.test('pre-commit keeps working before, after, and both', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const [git, hooks] = [join(code, '.git'), join(code, '.git', 'hooks')];
  yard.hand(code, 'pre-commit');
  yard.preCommit(code, 'pre-commit');
  const before = snapshot(git);
  t.test('before', async t => {
    await yard.install(code);
    t.same((await yard.commit(code)).ran, ['hand pre-commit', 'pre-commit pre-commit', ...OURS]);
    await yard.uninstall(code);
    t.same(snapshot(git), before);
  });
  t.test('both: it is not run inside of itself', async t => {
    rmSync(join(hooks, 'pre-commit.legacy'));
    const alone = snapshot(git);
    await yard.install(code);
    yard.preCommit(code, 'pre-commit');
    t.same(await yard.commit(code), { code: 0, err: '', ran: [OURS[0], 'pre-commit pre-commit', ...OURS.slice(1)] });
    t.match(await yard.status(code), { faults: 0, hooks: [{ state: 'installed', says: 'run by pre-commit' }] });
    t.match(await yard.install(code), { changed: false });
    await yard.uninstall(code);
    t.same(snapshot(git), alone);
  });
  t.test('after', async t => {
    rmSync(join(hooks, 'pre-commit'));
    yard.hand(code, 'pre-commit');
    await yard.install(code);
    yard.preCommit(code, 'pre-commit');
    yard.preCommit(code, 'post-rewrite');
    t.same((await yard.commit(code)).ran, ['hand pre-commit', OURS[0], 'pre-commit pre-commit', ...OURS.slice(1)]);
    t.match((await yard.status(code)).wrong, [/^post-rewrite displaced/], 'it hands on no stdin');
    await yard.install(code);
    t.same((await yard.commit(code, '--amend')).ran.slice(-2), ['pre-commit post-rewrite', 'ours post-rewrite read ']);
    t.match(await yard.status(code), { faults: 0 });
    await yard.uninstall(code);
    rmSync(join(hooks, 'post-rewrite'));
    t.same(snapshot(git), before, 'the hook by hand is where pre-commit would have put it');
  });
});

t.test('a folder of hooks for all repositories keeps working, and comes to pass on what appears there', async t => {
  const yard = new Yard(t.testdir());
  const company = yard.path('company');
  yard.put(join(company, 'pre-commit'), '#!/bin/sh\necho "company pre-commit" >>"$HOOK_LOG"\n', 0o755);
  yard.put(
    join(company, 'reference-transaction'),
    '#!/bin/sh\ncat >/dev/null\necho "company refs $1" >>"$HOOK_LOG"\n',
    0o755,
  );
  const global = yard.path('home', '.gitconfig');
  writeFileSync(global, `[core]\n\thooksPath = ${onWindows ? company.replaceAll('\\', '/') : '~/../company'}\n`);
  const { env } = yard;
  yard.env = more => env.call(yard, { GIT_CONFIG_GLOBAL: global, ...more });
  const code = await yard.stage.repository('code');
  const git = join(code, '.git');
  yard.hand(code, 'pre-commit');
  const before = snapshot(git);
  await yard.install(code);
  t.same(
    (await yard.commit(code)).ran.filter(line => !/refs/.test(line)),
    ['company pre-commit', ...OURS],
  );
  await yard.commit(code);
  t.ok((await yard.commit(code)).ran.includes('company refs committed'));
  yard.put(join(company, 'post-index-change'), '#!/bin/sh\n', 0o755);
  t.match(await yard.status(code), { faults: 1, wrong: [/post-index-change of .* is not passed on/] });
  t.match(await yard.install(code), { files: [{ file: /post-index-change$/, state: 'made' }] });
  t.match(await yard.status(code), { faults: 0 });
  const other = await yard.stage.repository('other');
  t.same(
    (await yard.commit(other)).ran.filter(line => !/refs/.test(line)),
    ['company pre-commit'],
  );
  await yard.git(code, ['config', 'core.hooksPath', join(git, 'hooks')]);
  t.match(await yard.install(code), { way: /folder of hooks/ }, "who names git's own folder has no other");
  t.same((await yard.commit(code)).ran, ['hand pre-commit', ...OURS]);
  await yard.git(code, ['config', '--unset', 'core.hooksPath']);
  await yard.uninstall(code);
  t.same(snapshot(git), before);
});

t.test('linked worktrees share them; one with a folder of its own is told', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const beside = yard.path('beside');
  await yard.git(code, ['worktree', 'add', '-q', beside]);
  await yard.install(beside);
  t.same((await yard.commit(code)).ran, OURS);
  t.same((await yard.commit(beside)).ran, OURS);
  await yard.husky(code);
  for (const name of ['_/pre-commit', 'pre-commit'])
    cpSync(join(code, '.husky', '_', 'pre-commit'), join(beside, '.husky', name));
  writeFileSync(join(beside, '.husky', 'pre-commit'), 'echo "husky beside" >>"$HOOK_LOG"\n');
  await yard.install(beside);
  t.same((await yard.commit(code)).ran, OURS, 'a relative folder is that of the worktree');
  t.same((await yard.commit(beside)).ran, ['husky beside', ...OURS]);
  await yard.git(code, ['config', 'extensions.worktreeConfig', 'true']);
  await yard.git(beside, ['config', '--worktree', 'core.hooksPath', '.mine']);
  t.same((await yard.commit(beside)).ran, []);
  t.match(await yard.status(beside), { faults: 1, wrong: [/a core\.hooksPath of its own \(\.mine\)/] });
  t.match(await yard.status(code), { faults: 0 });
  t.match((await yard.install(beside)).notes, [/do not run in it/]);
});

t.test('a submodule has its own', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const part = await yard.stage.repository('part');
  await yard.git(code, ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', part, 'sub']);
  await yard.install(join(code, 'sub'));
  t.same((await yard.commit(join(code, 'sub'))).ran, OURS);
  t.same((await yard.commit(code)).ran, []);
  await yard.husky(code);
  await yard.git(join(code, 'sub'), ['config', 'core.hooksPath', '.husky/_']);
  await yard.install(join(code, 'sub'));
  t.same((await yard.commit(join(code, 'sub'))).ran, OURS);
});

t.test('a bare repository gets the gate, which stays shut for the ledger without the package', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  await yard.git(yard.stage.dir, ['clone', '-q', '--bare', code, 'shared.git']);
  const shared = yard.path('shared.git');
  const push = (...refs: string[]) => yard.git(code, ['push', '-q', shared, ...refs]);
  const before = snapshot(shared);
  t.match(await yard.install(shared), { hooks: ['pre-receive'] });
  t.equal((await push('HEAD:refs/heads/one', 'HEAD:refs/ledgenter/main/book')).code, 0);
  t.same(yard.ran(), ['ours pre-receive read refs/heads/one', 'ours pre-receive read refs/ledgenter/main/book']);
  await yard.uninstall(shared);
  t.same(snapshot(shared), before);
  yard.put(
    join(shared, 'hooks', 'pre-receive'),
    '#!/bin/sh\nwhile read -r a b c; do echo "hand read $c" >>"$HOOK_LOG"; done\n',
    0o755,
  );
  await yard.install(shared);
  t.equal((await push('HEAD:refs/heads/two')).code, 0);
  t.same(yard.ran(), ['hand read refs/heads/two', 'ours pre-receive read refs/heads/two']);
  t.match(await yard.status(shared), { faults: 0, hooks: [{ hook: 'pre-receive', state: 'installed' }] });
  renameSync(yard.path('package', 'hooks'), yard.path('package', 'gone'));
  t.match(await yard.status(shared), { faults: 1, hooks: [{ state: 'without package' }] });
  t.equal((await push('HEAD:refs/heads/three')).code, 0, 'code goes through');
  for (const ref of ['refs/ledgenter/main/queue', 'refs/heads/ledgenter/main/book']) {
    const refused = await push(`HEAD:${ref}`);
    t.match([refused.code, refused.err], [1, /ledgenter: refused, the gate of the ledger cannot run here/]);
  }
  rmSync(join(shared, 'ledgenter'), { recursive: true });
  t.equal((await push('HEAD:refs/heads/four')).code, 0);
  t.equal((await push('HEAD:refs/ledgenter/main/queue')).code, 1, 'nor without what it reads');
  t.same(yard.ran().length, 5, 'the hook by hand ran each time');
});

t.test('a package that is gone costs one line, and the commit succeeds', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  yard.hand(code, 'pre-commit');
  await yard.install(code);
  rmSync(yard.path('package'), { recursive: true });
  const { code: ended, err, ran } = await yard.commit(code);
  t.equal(ended, 0);
  t.match(err, /^ledgenter: its hooks were moved or removed: run "ledgenter hooks install"[^\n]*\n$/);
  t.same(ran, ['hand pre-commit']);
});

t.test('a repository that was moved or copied does not work on the desk of another', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  yard.hand(code, 'pre-commit');
  await yard.install(code);
  const copy = yard.path('copy');
  cpSync(code, copy, { recursive: true });
  const copied = await yard.commit(copy);
  t.same([copied.code, copied.ran], [0, ['hand pre-commit']]);
  t.match(copied.err, /hooks install/);
  t.match(await yard.status(copy), { installed: true, hooks: [{ state: 'outdated' }] });
  await yard.install(copy);
  t.same((await yard.commit(copy)).ran, ['hand pre-commit', ...OURS]);
  t.same((await yard.commit(code)).ran, ['hand pre-commit', ...OURS]);
  yard.put(join(code, '.husky', 'pre-commit'), 'echo "husky pre-commit" >>"$HOOK_LOG"\n');
  await yard.husky(code);
  await yard.install(code);
  renameSync(code, yard.path('moved'));
  t.same(
    (await yard.commit(yard.path('moved'))).ran,
    ['husky pre-commit'],
    'husky is in effect as if we were not there',
  );
  t.match(await yard.status(yard.path('moved')), { installed: true });
  await yard.install(yard.path('moved'));
  t.same((await yard.commit(yard.path('moved'))).ran, ['husky pre-commit', ...OURS]);
  await yard.uninstall(yard.path('moved'));
  t.notMatch(readFileSync(yard.path('moved', '.git', 'config'), 'utf8'), /ledgenter/);
});

t.test('what somebody changed since stays theirs, and what a crash left is undone', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const [git, hooks] = [join(code, '.git'), join(code, '.git', 'hooks')];
  yard.hand(code, 'commit-msg');
  const before = snapshot(git);
  await yard.install(code);
  const stub = readFileSync(join(hooks, 'pre-commit'), 'utf8');
  writeFileSync(join(hooks, 'pre-commit'), `${stub}echo "below" >>"$HOOK_LOG"\n`);
  t.same((await yard.commit(code)).ran.slice(0, 2), [OURS[0], 'below'], 'lines below a stub run');
  t.match(await yard.install(code), { changed: false });
  if (!onWindows) {
    chmodSync(join(hooks, 'post-commit'), 0o644);
    t.match(await yard.status(code), { wrong: [/post-commit displaced: it is not executable/] });
    t.match(await yard.install(code), { changed: true });
    t.match(await yard.status(code), { faults: 0 });
  }
  await yard.uninstall(code);
  t.equal(readFileSync(join(hooks, 'pre-commit'), 'utf8'), '#!/bin/sh\necho "below" >>"$HOOK_LOG"\n');
  rmSync(join(hooks, 'pre-commit'));
  await yard.install(code);
  rmSync(join(hooks, 'commit-msg'));
  rmSync(join(git, 'ledgenter', 'hooks', 'manifest.json'));
  t.match(await yard.status(code), { wrong: [/commit-msg missing/] });
  t.match(await yard.uninstall(code), { changed: true });
  t.same(snapshot(git), before, 'a hook that was moved, and no stub in its place');
  await yard.install(code);
  chmodSync(join(hooks, 'commit-msg'), 0o755);
  writeFileSync(join(hooks, 'commit-msg'), '#!/bin/sh\n# another\n');
  const left = await yard.uninstall(code);
  t.match(left.stays, [/commit-msg\.ledgenter-next: it was there before commit-msg was replaced/]);
  t.equal(readFileSync(join(hooks, 'commit-msg'), 'utf8'), '#!/bin/sh\n# another\n');
});

t.test('a repository without a folder of hooks, and one whose folder is a link', { skip: onWindows }, async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const hooks = join(code, '.git', 'hooks');
  rmSync(hooks, { recursive: true });
  await yard.install(code);
  t.same((await yard.commit(code)).ran, OURS);
  await yard.uninstall(code);
  t.notOk(existsSync(hooks));
  yard.put(join(code, 'hooks', 'pre-commit'), '#!/bin/sh\necho "tracked" >>"$HOOK_LOG"\n', 0o755);
  symlinkSync('../hooks', hooks);
  const before = snapshot(join(code, 'hooks'));
  t.match(await yard.install(code), { way: /core\.hooksPath/ });
  t.same(snapshot(join(code, 'hooks')), before, 'nothing of this machine lies where it would be committed');
  t.same((await yard.commit(code)).ran, ['tracked', ...OURS]);
  await yard.uninstall(code);
  t.same(snapshot(join(code, 'hooks')), before);
});

t.test('lefthook and others that ask git for the folder write into ours, and go first there', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  yard.put(join(code, '.husky', 'pre-commit'), 'echo "husky pre-commit" >>"$HOOK_LOG"\n');
  await yard.husky(code);
  await yard.install(code);
  const folder = (await yard.stage.git(code, 'rev-parse', '--git-path', 'hooks')).trim();
  yard.lefthook(folder, 'pre-commit');
  t.match(await yard.status(code), { hooks: [{ state: 'displaced' }] });
  await yard.install(code);
  t.same((await yard.commit(code)).ran, ['lefthook pre-commit', 'husky pre-commit', ...OURS]);
  const { stays } = await yard.uninstall(code);
  t.match(stays, [/lefthook put it into our folder/]);
  t.same((await yard.commit(code)).ran, ['husky pre-commit']);
});
