import { mkdirSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { gitEnvironment, sshEnvironment } from '../../src/store/git/environment.ts';
import { faultOf, lastLine } from '../../src/store/git/faults.ts';
import { checkGitVersion, discover, GitConfig, spawnCount } from '../../src/store/git/index.ts';
import { runGit } from '../../src/store/git/run.ts';
import { ENV, git, initRepo, REPOSITORIES } from './repos.ts';

t.test('a repository is found from anywhere in it, in one process at most', async t => {
  const dir = await realpath(t.testdir());
  const work = initRepo(join(dir, 'work'));
  git(work, 'config', 'ledgenter.autoSync', 'false');
  git(work, 'remote', 'add', 'origin', 'https://example.org/r.git');
  mkdirSync(join(work, 'deep', 'er'), { recursive: true });
  const before = spawnCount();
  const { location, config } = await discover(join(work, 'deep', 'er'), ENV);
  t.ok(spawnCount() - before <= 1 || process.platform === 'win32');
  const gitDir = join(work, '.git');
  t.same(location, {
    gitDir,
    commonDir: gitDir,
    topLevel: work,
    bare: false,
    worktree: 'main',
    objectFormat: 'sha1',
    refFormat: 'files',
  });
  t.equal(config.get('ledgenter.autosync'), 'false');
  t.equal(config.get('ledgenter.other'), undefined);
  const url = 'https://example.org/r.git';
  t.same(config.remotes(), [{ name: 'origin', url, pushUrls: [url] }]);
  const inside = (await discover(gitDir, ENV)).location;
  t.same([inside.commonDir, inside.topLevel, inside.bare], [gitDir, undefined, false]);
});

t.test('bare, linked and SHA-256 repositories are told apart', async t => {
  const dir = await realpath(t.testdir());
  const found = async (kind: string) => (await discover(REPOSITORIES[kind]!(dir), ENV)).location;
  t.match(await found('bare repository'), { bare: true, topLevel: undefined, worktree: 'main' });
  t.match(await found('SHA-256 repository'), { objectFormat: 'sha256' });
  const linked = await found('linked worktree');
  t.match(linked, { worktree: 'linked', topLevel: join(dir, 'linked'), commonDir: join(dir, 'main', '.git') });
  t.equal(linked.gitDir, join(dir, 'main', '.git', 'worktrees', 'linked'));
});

t.test('variables of a hook do not point us at another repository', async t => {
  const dir = await realpath(t.testdir());
  const [one, two] = [initRepo(join(dir, 'one')), initRepo(join(dir, 'two'))];
  const inHook = { ...ENV, GIT_DIR: join(one, '.git'), GIT_WORK_TREE: one, GIT_INDEX_FILE: join(one, 'index') };
  t.equal((await discover(two, inHook)).location.topLevel, two);
});

t.test('no repository, no folder, no git: each has its code', async t => {
  const dir = t.testdir();
  const env = { ...ENV, GIT_CEILING_DIRECTORIES: join(dir, '..') };
  await t.rejects(discover(dir, env), { code: 'NO_REPOSITORY' });
  await t.rejects(discover(join(dir, 'nothing'), env), { code: 'NO_REPOSITORY' });
  await t.rejects(discover(dir, { ...env, PATH: join(dir, 'empty'), Path: undefined }), { code: 'GIT_TOO_OLD' });
  const [major, minor] = await checkGitVersion(dir);
  t.ok(major > 2 || minor >= 34);
});

t.test('configuration is read as git means it', t => {
  const text =
    'core.bare\nfalse\0remote.a.b.url\nu1\0remote.a.b.url\nu2\0remote.x.pushurl\np\0push.followtags\0k.v\na\nb\0';
  const config = GitConfig.parse(text);
  t.same(config.remotes(), [{ name: 'a.b', url: 'u1', pushUrls: ['u1', 'u2'] }]);
  t.equal(config.get('push.followtags'), 'true');
  t.equal(config.get('k.v'), 'a\nb');
  t.same(config.getAll('remote.a.b.url'), ['u1', 'u2']);
  t.notOk(config.hasPromisor());
  t.ok(GitConfig.parse('remote.o.promisor\ntrue\0').hasPromisor());
  t.end();
});

t.test('git is never asked to wait for a person, and the user’s own ssh stays', t => {
  const env = gitEnvironment({ PATH: 'p', GIT_DIR: 'd', GIT_OBJECT_DIRECTORY: 'o', GIT_SSH_COMMAND: undefined });
  t.match(env, { PATH: 'p', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' });
  t.notOk('GIT_DIR' in env || 'GIT_OBJECT_DIRECTORY' in env);
  t.match(sshEnvironment(env, undefined).GIT_SSH_COMMAND, /BatchMode=yes/);
  t.equal(sshEnvironment(env, 'my-ssh').GIT_SSH_COMMAND, undefined);
  t.equal(sshEnvironment({ ...env, GIT_SSH_COMMAND: 'own' }, undefined).GIT_SSH_COMMAND, 'own');
  t.equal(sshEnvironment({ ...env, GIT_SSH: 'plink' }, undefined).GIT_SSH_COMMAND, undefined);
  t.end();
});

t.test('a run is bounded in time and output, and can be cancelled', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const waits = ['cat-file', '--batch'];
  // git waits for a stdin that this alias keeps open.
  const slow = ['-c', 'alias.slow=!exec sleep 20', 'slow'];
  t.match(await runGit(slow, { cwd: dir, env: ENV, timeoutMs: 200 }), { code: null, killed: 'timeout' });
  const controller = new AbortController();
  const run = runGit(slow, { cwd: dir, env: ENV, signal: controller.signal });
  controller.abort();
  await t.rejects(run, { code: 'CANCELLED' });
  await t.rejects(runGit(waits, { cwd: dir, env: ENV, signal: controller.signal }), { code: 'CANCELLED' });
  const long = await runGit(['help', '-a'], { cwd: dir, env: ENV, maxOutput: 10 });
  t.match(long, { code: null, killed: 'output' });
});

t.test('faults of the disk are told in the user’s terms', t => {
  const code = (cause: unknown): string => faultOf('x', cause).code;
  for (const errno of ['ENOSPC', 'EDQUOT', 'EFBIG'])
    t.equal(code(Object.assign(new Error(), { code: errno })), 'NO_ROOM');
  for (const errno of ['EROFS', 'EACCES', 'EPERM'])
    t.equal(code(Object.assign(new Error(), { code: errno })), 'READ_ONLY_REPOSITORY');
  t.equal(code('fatal: unable to write new object: No space left on device'), 'NO_ROOM');
  t.equal(code("fatal: Unable to create '/r/x.lock': Read-only file system"), 'READ_ONLY_REPOSITORY');
  t.equal(code('ended by SIGXFSZ'), 'NO_ROOM');
  t.equal(code('fatal: bad object'), 'INTERNAL');
  t.equal(lastLine('hint: x\nerror: the cause\nhint: y\n'), 'error: the cause');
  t.end();
});
