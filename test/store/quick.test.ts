import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { askGit } from '../../src/store/git/discover.ts';
import { type Discovery, discover, type Environment, spawnCount } from '../../src/store/git/index.ts';
import { ENV, git, initRepo, REPOSITORIES } from './repos.ts';

/** So far ahead that no file counts as changed just now. */
const LATER = 60_000;
const ASKED = ['user.name', 'ledgenter.autosync', 'ledgenter.actor', 'core.editor', 'core.bare', 'core.worktree'];

interface Scene {
  work: string;
  home: string;
  env: Environment;
}

async function scene(t: Test): Promise<Scene> {
  const dir = await realpath(t.testdir({ home: {} }));
  const work = initRepo(join(dir, 'work'));
  // Nothing is kept where there is no ledger.
  mkdirSync(join(work, '.git', 'ledgenter'));
  const env: Record<string, string | undefined> = { ...ENV, HOME: join(dir, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
  for (const name of Object.keys(env))
    if (/^GIT_CONFIG_(GLOBAL|COUNT|KEY|VALUE|PARAM|SYSTEM)/.test(name)) delete env[name];
  delete env.XDG_CONFIG_HOME;
  return { work, home: join(dir, 'home'), env };
}

function seen({ location, config }: Discovery) {
  return { location, values: ASKED.map(name => config.getAll(name)), remotes: config.remotes() };
}

/** Both ways of looking agree, twice in a row: the second time from what the first one kept. */
async function agree(t: Test, what: string, cwd: string, env: Environment): Promise<void> {
  const truth = seen(await askGit(cwd, env));
  t.same(seen(await discover(cwd, env, Date.now() + LATER)), truth, what);
  t.same(seen(await discover(cwd, env, Date.now() + LATER)), truth, `${what}, once more`);
}

async function spawnsOf(work: () => Promise<unknown>): Promise<number> {
  const before = spawnCount();
  await work();
  return spawnCount() - before;
}

const posix = process.platform === 'win32' ? { skip: 'git is asked there' } : {};

t.test('what was kept needs no process', posix, async t => {
  const { work, env } = await scene(t);
  const later = Date.now() + LATER;
  t.equal(await spawnsOf(() => discover(work, env, later)), 1);
  t.equal(await spawnsOf(() => discover(work, env, later)), 0);
  mkdirSync(join(work, 'a', 'b'), { recursive: true });
  t.equal(await spawnsOf(() => discover(join(work, 'a', 'b'), env, later)), 0);
  t.equal(await spawnsOf(() => discover(work, env, later + 3_700_000)), 1, 'for an hour');
});

t.test('every change of the configuration is seen at once', async t => {
  const { work, home, env } = await scene(t);
  const global = join(home, '.gitconfig');
  await agree(t, 'fresh', work, env);
  git(work, 'config', 'ledgenter.autosync', 'false');
  await agree(t, 'set', work, env);
  git(work, 'config', '--unset', 'ledgenter.autosync');
  await agree(t, 'unset', work, env);
  writeFileSync(global, '[user]\nname = One\n');
  await agree(t, 'a global file appears', work, env);
  writeFileSync(global, '[user]\nname = Two\n');
  await agree(t, 'a global file changes, size and all else the same', work, env);
  mkdirSync(join(home, '.config', 'git'), { recursive: true });
  writeFileSync(join(home, '.config', 'git', 'config'), '[core]\neditor = e1\n');
  await agree(t, 'the other global file appears', work, env);
  writeFileSync(global, '[include]\npath = more\n');
  await agree(t, 'an include that is not there', work, env);
  writeFileSync(join(home, 'more'), '[user]\nname = Three\n');
  await agree(t, 'the included file appears', work, env);
  writeFileSync(join(home, 'more'), '[user]\nname = Four!\n');
  await agree(t, 'the included file changes', work, env);
  writeFileSync(global, `[includeIf "gitdir:${work}/"]\npath = ~/more\n`);
  await agree(t, 'an include on a condition', work, env);
  rmSync(join(home, 'more'));
  await agree(t, 'its file goes', work, env);
  rmSync(global);
  await agree(t, 'the global file goes', work, env);
  git(work, 'config', 'core.repositoryformatversion', '1');
  git(work, 'config', 'extensions.worktreeConfig', 'true');
  await agree(t, 'configuration by worktree', work, env);
  git(work, 'config', '--worktree', 'ledgenter.actor', 'w');
  await agree(t, 'configuration of this worktree', work, env);
  git(work, 'remote', 'add', 'origin', 'https://example.org/r.git');
  await agree(t, 'a remote', work, env);
});

t.test('another environment is another configuration', async t => {
  const { work, home, env } = await scene(t);
  writeFileSync(join(home, '.gitconfig'), '[user]\nname = Home\n');
  writeFileSync(join(home, 'other'), '[user]\nname = Other\n');
  const other = join(home, 'second');
  mkdirSync(other);
  const environments: Environment[] = [
    env,
    { ...env, GIT_CONFIG_GLOBAL: join(home, 'other') },
    { ...env, HOME: other },
    { ...env, XDG_CONFIG_HOME: join(home, 'xdg') },
    { ...env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Counted' },
    { ...env, HOME: undefined },
    { ...env, GIT_DIR: join(home, 'nowhere'), GIT_WORK_TREE: home },
  ];
  for (const round of [1, 2])
    for (const [index, each] of environments.entries()) await agree(t, `environment ${index}, ${round}`, work, each);
});

t.test('whatever is out of the ordinary is left to git', async t => {
  const { work, home, env } = await scene(t);
  const dir = join(home, 'kinds');
  mkdirSync(dir);
  for (const [kind, make] of Object.entries(REPOSITORIES)) await agree(t, kind, make(join(dir)), env);
  await agree(t, 'inside the git dir', join(work, '.git', 'refs'), env);
  symlinkSync(work, join(home, 'link'), 'junction');
  await agree(t, 'a linked folder', join(home, 'link'), env);
  git(home, 'init', '-q', '--bare', join(work, 'bare.git'));
  await agree(t, 'a bare repository on the way', join(work, 'bare.git', 'refs'), env);
  git(work, 'config', 'core.worktree', home);
  await agree(t, 'its work tree is elsewhere', work, env);
});

t.test('what cannot be trusted is not kept, or not believed', posix, async t => {
  const { work, home, env } = await scene(t);
  const file = join(work, '.git', 'ledgenter', 'cache', 'git-config.json');
  git(work, 'config', 'ledgenter.actor', 'fresh');
  await discover(work, env);
  t.notOk(existsSync(file), 'a file that changed just now is not kept');
  writeFileSync(join(home, '.gitconfig'), '[includeIf "onbranch:x"]\npath = more\n');
  await discover(work, env, Date.now() + LATER);
  t.notOk(existsSync(file), 'what follows from the branch is not kept');
  writeFileSync(join(home, '.gitconfig'), '[http]\nextraHeader = "Authorization: secret"\n');
  await discover(work, env, Date.now() + LATER);
  t.notMatch(readFileSync(file, 'utf8'), /secret/);
  const good = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
  for (const bad of ['{', '[]', '[null]', JSON.stringify(good.map(kept => ({ ...kept, files: [[1, 2]] })))]) {
    writeFileSync(file, bad);
    await agree(t, `damaged: ${bad.slice(0, 20)}`, work, env);
  }
});
