import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Answer, Stage } from './stage.ts';

const DESCRIPTION = 'How we: "release" #1. Use before \\ tagging.';

async function begin(t: Test) {
  const stage = new Stage(t.testdir());
  const repo = await stage.repository('repo');
  await stage.ok(repo, ['init']);
  const write = (skill: string, body: string) =>
    stage.ok(repo, ['skill', 'upsert', skill, '--description', DESCRIPTION, '--body', body]);
  const sync = (...flags: string[]) => stage.run(repo, ['skill', 'sync', '--host', 'claude', ...flags]);
  const file = (skill: string) => stage.path('home', '.claude', 'skills', skill, 'SKILL.md');
  await write('release', '1. Count.\n2. Tag.');
  return { stage, repo, write, sync, file };
}
const states = ({ skills }: Answer): string[] => skills.map((row: Answer) => `${row.skill} ${row.state}`);
const read = (path: string) => readFileSync(path, 'utf8');

t.test('without a terminal: the difference, who wrote it, the next command, and nothing on disk', async t => {
  const { stage, sync, file } = await begin(t);
  for (const flags of [[], ['--dry-run'], ['--status']]) {
    const ran = await sync(...flags);
    t.equal(ran.code, 1, 'something is not in sync');
    t.match(ran.answer, { ok: true, in_sync: false, skills: [{ skill: 'release', state: 'new', by: 'anna' }] });
    t.notOk(existsSync(stage.path('home', '.claude')), 'nothing is written');
    t.notOk(existsSync(stage.path('home', '.ledgenter', 'skills.json')), 'not even a manifest');
  }
  const { answer } = await sync();
  t.match(answer.diff, /version 1 by anna .*names are unproven/);
  t.match(answer.diff, /^\+2\. Tag\.$/m);
  t.equal(answer.hints.next, 'ledgenter skill sync --host claude --yes');
  const yes = await sync('--yes');
  t.equal(yes.code, 0);
  t.match(yes.answer, {
    in_sync: true,
    written: 1,
    skills: [{ did: 'written', file: /^~\/\.claude\/skills\/release/ }],
  });
  const quoted = JSON.stringify(DESCRIPTION);
  t.equal(read(file('release')), `---\nname: release\ndescription: ${quoted}\n---\n\n1. Count.\n2. Tag.\n`);
  const again = await sync('--yes');
  t.match(again.answer, { in_sync: true, written: 0, skills: [{ state: 'in sync' }] });
});

t.test('behind is brought up; an edit of the user stays until it is named, and is kept beside then', async t => {
  const { write, sync, file } = await begin(t);
  await write('deploy', 'Go.');
  await sync('--yes');
  await write('release', '1. Tag.');
  await write('deploy', 'Go slowly.');
  writeFileSync(file('deploy'), 'my own words\n');
  t.same(states((await sync('--status')).answer), ['deploy edited', 'release behind']);
  const ran = await sync('--yes');
  t.equal(ran.code, 1, 'one of them still differs');
  t.match(ran.answer, { written: 1, skills: [{ did: /^left alone: changed here/ }, { did: 'written' }] });
  t.equal(read(file('deploy')), 'my own words\n');
  t.match(read(file('release')), /1\. Tag\.\n$/);
  const shown = await sync('--replace', 'deploy');
  t.match(shown.answer.diff, /^-my own words$/m, 'what would go is shown');
  t.equal(read(file('deploy')), 'my own words\n', 'and nothing is done yet');
  const done = await sync('--replace', 'deploy', '--yes');
  t.match(done.answer.skills, [{ skill: 'deploy', did: /^written; what was there is ~\/.*\.old$/ }]);
  t.match(read(file('deploy')), /Go slowly\.\n$/);
  const old = done.answer.skills[0].did.replace(/.*SKILL\.md/, '');
  t.equal(read(`${file('deploy')}${old}`), 'my own words\n', 'nothing is lost');
});

t.test('a file of the same name that is not ours, or from another ledger, is left alone', async t => {
  const { stage, sync, file } = await begin(t);
  mkdirSync(join(file('release'), '..'), { recursive: true });
  writeFileSync(file('release'), 'mine\n');
  t.match((await sync('--yes')).answer, {
    written: 0,
    skills: [{ state: 'not ours', did: /not written by ledgenter/ }],
  });
  t.equal(read(file('release')), 'mine\n');
  rmSync(file('release'));
  await sync('--yes');
  const other = await stage.repository('other');
  await stage.ok(other, ['init']);
  await stage.ok(other, ['skill', 'upsert', 'release', '--description', 'd', '--body', 'theirs']);
  const theirs = await stage.run(other, ['skill', 'sync', '--host', 'claude', '--yes']);
  t.match(theirs.answer, { written: 0, skills: [{ state: 'other ledger' }] });
  t.match(read(file('release')), /Count/);
});

t.test('missing comes back; archived goes, unless it was edited', async t => {
  const { stage, repo, write, sync, file } = await begin(t);
  await write('deploy', 'Go.');
  await sync('--yes');
  rmSync(file('release'));
  t.same(states((await sync('--status')).answer), ['deploy in sync', 'release missing']);
  await sync('--yes');
  t.ok(existsSync(file('release')));
  writeFileSync(file('deploy'), 'edited\n');
  for (const skill of ['deploy', 'release']) await stage.ok(repo, ['skill', 'archive', skill]);
  const asked = await sync();
  t.same(states(asked.answer), ['deploy archived, edited', 'release archived']);
  t.match(asked.answer.diff, /archived by anna/);
  t.ok(existsSync(file('release')), 'nobody said yes');
  await sync('--yes');
  t.notOk(existsSync(join(file('release'), '..')), 'as it was written: gone with its folder');
  t.equal(read(file('deploy')), 'edited\n');
  await stage.ok(repo, ['skill', 'archive', 'release', '--restore']);
  t.same(states((await sync('--status')).answer), ['deploy archived, edited', 'release new']);
});

t.test('text in which a host runs commands is not covered by a blanket yes', async t => {
  const { write, sync, file } = await begin(t);
  await write('sly', 'Today is !`date`.');
  const ran = await sync('--yes');
  t.match(ran.answer.skills, [{ did: 'written' }, { skill: 'sly', runs_commands: true, did: /^not written/ }]);
  t.notOk(existsSync(file('sly')));
  t.match((await sync('sly')).answer.diff, /WARNING/);
  t.match((await sync('sly', '--yes')).answer.skills, [{ skill: 'sly', did: 'written' }]);
});

t.test('a linked skills folder is followed, a linked skill is not', async t => {
  const { stage, sync, file } = await begin(t);
  const dotfiles = stage.path('dotfiles');
  mkdirSync(dotfiles);
  mkdirSync(stage.path('home', '.claude'));
  symlinkSync(dotfiles, stage.path('home', '.claude', 'skills'), 'junction');
  await sync('--yes');
  t.match(read(join(dotfiles, 'release', 'SKILL.md')), /Count/);
  rmSync(join(dotfiles, 'release'), { recursive: true });
  const elsewhere = stage.path('elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(dotfiles, 'release'), 'junction');
  t.match((await sync('--yes', '--replace', 'release')).answer, { written: 0, skills: [{ state: 'not ours' }] });
  t.notOk(existsSync(join(elsewhere, 'SKILL.md')));
  t.ok(file('release'));
});

t.test('--here: hidden from git once, in every worktree; what the checkout tracks is refused', async t => {
  const { stage, repo, write } = await begin(t);
  const here = (cwd: string, ...flags: string[]) => stage.run(cwd, ['skill', 'sync', '--here', ...flags]);
  const exclude = join(repo, '.git', 'info', 'exclude');
  const before = existsSync(exclude) ? read(exclude) : '';
  mkdirSync(join(repo, '.claude', 'skills', 'own'), { recursive: true });
  writeFileSync(join(repo, '.claude', 'skills', 'own', 'SKILL.md'), 'of the repository\n');
  await stage.git(repo, 'add', '.');
  await stage.git(repo, 'commit', '-q', '-m', 'a skill of its own');
  await write('own', 'of the ledger');
  const linked = stage.path('linked');
  await stage.git(repo, 'worktree', 'add', '-q', '-b', 'side', linked);
  for (const cwd of [repo, linked, repo]) {
    const ran = await here(cwd, '--yes');
    t.match(ran.answer.skills, [
      { skill: 'own', state: 'tracked', did: /tracks it/ },
      { skill: 'release', file: '.claude/skills/release/SKILL.md' },
    ]);
    t.match(read(join(cwd, '.claude', 'skills', 'release', 'SKILL.md')), /Count/);
    t.equal(read(join(cwd, '.claude', 'skills', 'own', 'SKILL.md')).trim(), 'of the repository');
    t.equal(await stage.git(cwd, 'status', '--porcelain'), '', 'git shows nothing');
  }
  t.equal(read(exclude).split('/.claude/skills/release/').length, 2, 'listed once');
  const refused = await here(repo, 'own', '--yes');
  t.match(refused.answer.error, { code: 'REFUSED', message: /tracks a skill own/ });
  await stage.ok(repo, ['skill', 'archive', 'release']);
  await here(repo, '--yes');
  t.notOk(existsSync(join(repo, '.claude', 'skills', 'release')));
  t.match(read(exclude), /release/, 'the other worktree still needs it');
  await here(linked, '--yes');
  t.equal(read(exclude).trimEnd(), before.trimEnd(), 'as it was');
  t.notOk(existsSync(stage.path('home', '.ledgenter', 'skills.json')), "the user's folders are not touched");
});

t.test('--here does not follow a link out of the checkout', async t => {
  const { stage, repo } = await begin(t);
  mkdirSync(stage.path('outside'));
  symlinkSync(stage.path('outside'), join(repo, '.claude'), 'junction');
  const ran = await stage.run(repo, ['skill', 'sync', '--here', '--yes']);
  t.match(ran.answer.error, { code: 'REFUSED', message: /leads out of this checkout/ });
  t.notOk(existsSync(stage.path('outside', 'skills')));
});

t.test('hosts: those that were used here, each file in one folder that they read', async t => {
  const { stage, repo } = await begin(t);
  const sync = (...flags: string[]) => stage.run(repo, ['skill', 'sync', ...flags]);
  const none = await sync('--yes');
  t.equal(none.code, 64);
  t.match(none.answer.error, { message: /claude, codex, cursor/, hint: /--host claude/ });
  for (const folder of ['.claude', '.cursor', '.gemini', 'opencode']) mkdirSync(stage.path('home', folder));
  t.same(
    (await sync('--yes')).answer.skills.map((row: Answer) => row.host),
    ['claude', 'gemini'],
  );
  const all = ['codex', 'cursor', 'opencode', 'vscode'];
  await sync('--yes', ...all.flatMap(host => ['--host', host]));
  for (const path of [
    ['.agents', 'skills'],
    ['.cursor', 'skills'],
    ['opencode', 'skills'],
    ['.copilot', 'skills'],
  ])
    t.ok(existsSync(stage.path('home', ...path, 'release', 'SKILL.md')), path.join('/'));
  t.same((await sync('--status')).answer.total, 6, 'later all that were written for');
});

t.test('nothing of a checkout that its host loads by itself ever reaches the ledger', async t => {
  const { stage, repo } = await begin(t);
  const mark = 'convention-of-this-repository';
  const files = ['CLAUDE.md', 'AGENTS.md', 'GEMINI.md', '.claude/skills/local/SKILL.md', '.agents/skills/x/SKILL.md'];
  for (const path of files) {
    mkdirSync(join(repo, path, '..'), { recursive: true });
    writeFileSync(join(repo, path), `---\nname: local\ndescription: ${mark}\n---\n${mark}\n`);
  }
  for (const args of [
    ['whoami'],
    ['guide'],
    ['skill', 'sync', '--host', 'claude', '--yes'],
    ['skill', 'sync', '--here', '--yes'],
    ['skill', 'sync', '--status', '--here'],
    ['task', 'create', 'Something'],
    ['task', 'claim'],
  ])
    await stage.run(repo, args);
  const listing = await stage.git(repo, 'rev-list', '--objects', '--all', '--glob=refs/ledgenter*');
  const oids = listing.split('\n').map(line => line.split(' ')[0]!);
  t.ok(oids.length > 10);
  const ran = await stage.tryGit(repo, ['cat-file', '--batch'], { input: `${oids.join('\n')}\n` });
  t.equal(ran.code, 0);
  t.match(ran.out, /Count/, 'a skill of the ledger is there');
  t.notMatch(ran.out, mark, 'and nothing of the files');
});

t.test('two clones write one skill at once: both versions are kept, in the order in which they landed', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one', 'two']);
  const [one, two] = clones as [string, string];
  const write = (cwd: string, as: string, body: string, ...flags: string[]) =>
    stage.ok(cwd, ['skill', 'upsert', 'release', '--description', 'd', '--body', body, ...flags], { as });
  await write(one, 'anna', 'as anna does it');
  await write(two, 'bob', 'as bob does it');
  for (const cwd of [one, two, one]) await stage.ok(cwd, ['sync']);
  await stage.sameBook(one, two);
  const now = await stage.ok(one, ['skill', 'get', 'release']);
  t.match(now.skill, { version: 2, body: 'as bob does it', created_by: 'anna', updated_by: 'bob' });
  const was = await stage.ok(two, ['skill', 'get', 'release', '--version', '1']);
  t.match(was.skill, { body: 'as anna does it', by: 'anna' });
  await write(one, 'anna', 'third', '--expected-version', '2');
  await write(two, 'bob', 'also third', '--expected-version', '2');
  await stage.ok(one, ['sync']);
  await stage.run(two, ['sync']);
  t.match(await stage.ok(two, ['parked', 'list']), { parked: [{ reason: /has version 3, not 2/ }] });
  t.equal((await stage.ok(two, ['skill', 'get', 'release'])).skill.body, 'third');
  t.match(await stage.ok(two, ['verify']), { verified: true });
});
