import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

/** Everything below a folder, by path; the object store and what git itself keeps for its own use aside. */
function contents(root: string, skip: RegExp): Map<string, string> {
  const out = new Map<string, string>();
  const walk = (folder: string, name: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const key = `${name}/${entry.name}`;
      if (skip.test(key)) continue;
      if (entry.isDirectory()) walk(path, key);
      else out.set(key, readFileSync(path, 'base64'));
    }
  };
  walk(root, '');
  return out;
}
const refs = (stage: Stage, cwd: string) => stage.git(cwd, 'for-each-ref', '--format=%(refname)');

t.test('leave undoes what init and setup did; the book stays, and init joins again', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const git = join(one, '.git');
  const fresh = await stage.clone(await stage.path('shared.git'), 'fresh');
  const unmapped = { env: { LEDGENTER_REPO_MAP: '0' } };
  const task = (await stage.ok(two, ['task', 'create', 'Keep me'], unmapped)).task.id;
  await stage.ok(two, ['sync']);
  await stage.ok(one, ['sync']);
  await stage.git(one, 'config', 'ledgenter.autosync', 'false');
  await stage.ok(one, ['setup', 'claude', '--yes']);
  await stage.ok(one, ['setup', 'cursor', '--here', '--yes']);
  await stage.ok(one, ['setup', 'agents-md', '--yes']);
  t.equal(await stage.git(one, 'status', '--porcelain'), '?? AGENTS.md', 'only what is to be committed shows');
  const asked = await stage.run(one, ['leave']);
  t.equal(asked.code, 1, 'nobody to ask: nothing is changed');
  t.match(asked.answer, { left: false, hints: { next: 'ledgenter leave --yes' } });
  t.match(asked.answer.would.join('\n'), /Claude Code for your user, in all repositories: .*settings\.json/);
  t.match((await stage.ok(one, ['leave', '--dry-run'])).would, asked.answer.would);
  const map = stage.path('home', '.ledgenter', 'repos.json');
  const mapped = () => (existsSync(map) ? readFileSync(map, 'utf8') : '');
  await stage.ok(one, ['repo', 'register', 'code', '--remote-url', 'https://git.example.com/acme/code.git']);
  await stage.ok(one, ['sync']);
  t.match(await stage.ok(one, ['leave', '--yes']), { left: true, hints: { next: 'ledgenter init' } });
  t.notMatch(mapped(), JSON.stringify(one).slice(1, -1), 'nor is it on the map of repositories');
  t.equal(await stage.git(one, 'status', '--porcelain'), '');
  t.same(
    [...contents(stage.path('home'), /^\/\.ledgenter\/(sessions|repos\.json)/).keys()],
    [],
    'the home is as empty as before',
  );
  t.equal(readFileSync(join(git, 'config'), 'utf8').includes('ledgenter'), false);
  t.equal(existsSync(join(git, 'ledgenter')) || existsSync(join(git, 'ledgenter-runs')), false);
  t.same((await refs(stage, one)).match(/.*ledgenter.*/g), [BOOK], 'of all refs of ours only the book');
  t.equal(
    readFileSync(join(git, 'info', 'exclude'), 'utf8'),
    readFileSync(join(fresh, '.git', 'info', 'exclude'), 'utf8'),
  );
  t.match(await stage.ok(one, ['init']), { created: false });
  t.equal((await stage.ok(one, ['task', 'get', task])).task.title, 'Keep me');
  t.match(await stage.ok(one, ['verify']), { verified: true });
});

t.test('leave refuses while something that was written is nowhere else', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  const task = await stage.task(one, 'Not sent yet');
  const unsent = await stage.run(one, ['leave', '--yes']);
  t.equal(unsent.code, 77);
  t.match(unsent.answer.error, { code: 'REFUSED', message: /not at the remote/, hint: 'ledgenter sync' });
  await stage.ok(one, ['sync']);
  await stage.ok(one, ['task', 'claim', task]);
  t.match((await stage.run(one, ['leave', '--yes'])).answer.error, { hint: `ledgenter task release ${task}` });
  await stage.ok(one, ['task', 'release', task]);
  await stage.ok(one, ['sync']);
  t.match(await stage.ok(one, ['leave', '--yes', '--purge-local']), { left: true });
  t.equal((await refs(stage, one)).includes('ledgenter'), false, 'with --purge-local the copy goes too');
  t.equal((await stage.run(one, ['task', 'query'])).code, 78);
  t.match(await stage.ok(one, ['init']), { joined: true });
  t.equal((await stage.ok(one, ['task', 'query'])).tasks[0].id, task, 'and comes back from the remote');
});

t.test('the only copy of a book is never purged', async t => {
  const stage = new Stage(t.testdir());
  const alone = await stage.repository('alone');
  await stage.ok(alone, ['init']);
  const task = await stage.task(alone, 'Only here');
  t.match((await stage.run(alone, ['leave', '--yes', '--purge-local'])).answer.error, { code: 'REFUSED' });
  await stage.ok(alone, ['leave', '--yes']);
  t.equal((await stage.ok(alone, ['task', 'get', task])).task.title, 'Only here');
});

t.test('leaving a home leaves the home itself, and says how to come back', async t => {
  const stage = new Stage(t.testdir());
  const hub = await stage.remote();
  const code = await stage.repository('code');
  await stage.ok(code, ['init', '--home', hub]);
  const task = await stage.task(code, 'In the home');
  const left = await stage.ok(code, ['leave', '--yes']);
  t.match(left.hints.next, 'ledgenter init --home');
  t.equal((await stage.tryGit(code, ['config', 'ledgenter.home'])).code, 1);
  await stage.ok(code, ['init', '--home', hub]);
  t.equal((await stage.ok(code, ['task', 'get', task])).task.title, 'In the home', 'not even unsent work is lost');
});

t.test('user settings stay for other repositories with --keep-hosts, and skills that were written go', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  await stage.ok(one, ['skill', 'upsert', 'deploy', '--description', 'How we deploy', '--body', 'Carefully.']);
  await stage.ok(one, ['sync']);
  await stage.ok(one, ['skill', 'sync', '--host', 'claude', '--yes']);
  await stage.ok(one, ['setup', 'claude', '--yes']);
  const settings = stage.path('home', '.claude', 'settings.json');
  const before = readFileSync(settings, 'utf8');
  const left = await stage.ok(one, ['leave', '--yes', '--keep-hosts']);
  t.match(left.stays.join('\n'), /setup of Claude Code for your user/);
  t.equal(readFileSync(settings, 'utf8'), before);
  t.notOk(existsSync(stage.path('home', '.claude', 'skills', 'deploy')));
  writeFileSync(settings, before.replace('{', '{\n  "mine": 1,'));
  await stage.ok(one, ['leave', '--yes']);
  t.same(JSON.parse(readFileSync(settings, 'utf8')), { mine: 1 }, 'what a person added since stays');
});

t.test(
  'what serves other repositories too stays, and it is said why; the last one that leaves takes it along',
  async t => {
    const stage = new Stage(t.testdir());
    const hub = await stage.remote();
    const [one, two] = [await stage.repository('one'), await stage.repository('two')];
    for (const [cwd, name] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      await stage.git(cwd, 'remote', 'add', 'origin', `https://git.example.com/acme/${name}.git`);
      await stage.ok(cwd, ['init', '--home', hub]);
      await stage.ok(cwd, ['task', 'create', `From ${name}`]);
    }
    await stage.ok(one, ['skill', 'upsert', 'deploy', '--description', 'How we deploy', '--body', 'Carefully.']);
    await stage.ok(one, ['skill', 'sync', '--host', 'claude', '--yes']);
    await stage.ok(one, ['setup', 'claude', '--yes']);
    await stage.git(one, 'commit', '--allow-empty', '--quiet', '-m', 'first');
    await stage.git(one, 'worktree', 'add', '--quiet', stage.path('beside'));
    await stage.ok(stage.path('beside'), ['setup', 'cursor', '--here', '--yes']);
    const files = [stage.path('home', '.claude', 'settings.json'), stage.path('home', '.claude', 'skills', 'deploy')];
    const left = await stage.ok(one, ['leave', '--yes']);
    t.match(
      left.stays.join('\n'),
      /Claude Code for your user.*two still uses a ledger; ledgenter setup claude --remove/,
    );
    t.match(left.stays.join('\n'), /skills for your user: .*two still uses a ledger/);
    t.match(left.stays.join('\n'), /setup of Cursor in .*beside; there: ledgenter setup cursor --here --remove/);
    for (const file of files) t.ok(existsSync(file), file);
    const last = await stage.ok(two, ['leave', '--yes']);
    t.match(last.did.join('\n'), /Claude Code for your user/);
    for (const file of files) t.notOk(existsSync(file), file);
  },
);

t.test('leaving sends nothing before somebody agreed to it', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  await stage.task(one, 'Not sent yet');
  const remote = () => stage.git(stage.path('shared.git'), 'for-each-ref');
  const before = await remote();
  t.match((await stage.ok(one, ['leave', '--purge-local', '--dry-run'])).would.join('\n'), /after a sync/);
  t.equal((await stage.run(one, ['leave', '--purge-local'])).code, 1, 'nobody to ask');
  t.equal(await remote(), before);
  await stage.ok(one, ['leave', '--purge-local', '--yes']);
  t.not(await remote(), before, 'then it is sent, and goes here');
});

t.test('outside of a repository there is nothing to leave', async t => {
  const stage = new Stage(t.testdir());
  const nowhere = stage.path('nowhere');
  mkdirSync(nowhere);
  t.equal((await stage.run(nowhere, ['leave', '--dry-run'])).answer.error.code, 'NO_REPOSITORY');
});
