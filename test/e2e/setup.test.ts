import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { SETUP_NAMES } from '../../src/surfaces/setup/names.ts';
import { DeskTop, USER_HOSTS } from '../surfaces/setup/desk.ts';
import { LAUNCHER, Stage } from './stage.ts';

/** Every file of every host in the home of a stage, with something of a person's in it. */
function fillHome(stage: Stage): DeskTop {
  const desk = new DeskTop(stage.dir, { platform: process.platform, env: { XDG_CONFIG_HOME: stage.path('home') } });
  for (const host of USER_HOSTS)
    for (const { path } of desk.parts(host))
      desk.put(path, path.endsWith('.toml') ? 'mine = 1\n' : '{\n  "mine": 1\n}\n');
  return desk;
}

t.test('no ordinary command touches a file of any host (LESSONS 33)', async t => {
  const stage = new Stage(t.testdir());
  const desk = fillHome(stage);
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  desk.put(join(one, 'AGENTS.md'), '# Mine\n');
  desk.put(join(one, '.claude', 'settings.local.json'), '{}');
  const home = desk.files();
  t.ok(home.size > 15, 'there are files to touch');
  const checkout = desk.files(one);
  const task = await stage.task(one, 'Ordinary');
  const commands = [
    ['whoami'],
    ['guide'],
    ['guide', 'tools'],
    ['task', 'claim', task],
    ['task', 'note', task, '--text', 'seen'],
    ['task', 'release', task],
    ['task', 'query'],
    ['log'],
    ['status'],
    ['doctor'],
    ['verify'],
    ['sync'],
    ['init'],
    ['call', 'task_get', JSON.stringify({ task_id: task })],
    ['help'],
    ['completion', 'bash'],
    ['session-hook', 'claude', 'start'],
    ['session-hook', 'claude', 'end'],
    ['skill', 'query'],
    ['leave', '--dry-run'],
    ...SETUP_NAMES.flatMap(host => [
      ['setup', host],
      ['setup', host, '--dry-run'],
    ]),
  ];
  for (const command of commands) await stage.plain(one, command);
  await stage.plain(one, ['mcp'], { input: '{"jsonrpc":"2.0","id":1,"method":"ping"}\n' });
  t.same(desk.files(), home);
  t.same(desk.files(one), checkout);
});

t.test('the built command sets a host up outside of any repository', async t => {
  const stage = new Stage(t.testdir());
  const nowhere = stage.path('nowhere');
  mkdirSync(nowhere);
  const refused = await stage.run(nowhere, ['setup', 'codex']);
  t.equal(refused.code, 1);
  t.match(refused.answer.hints.next, 'ledgenter setup codex --yes');
  t.match(await stage.ok(nowhere, ['setup', 'codex', '--yes']), { changed: true, scope: 'user' });
  t.match(await stage.ok(nowhere, ['setup', 'codex', '--yes']), { changed: false });
  const config = readFileSync(stage.path('home', '.codex', 'config.toml'), 'utf8');
  t.match(config, JSON.stringify(process.execPath));
  t.match(config, /"mcp"\]/);
  const here = await stage.run(nowhere, ['setup', 'codex', '--here', '--yes']);
  t.match(here.answer.error, { code: 'NO_REPOSITORY', hint: 'ledgenter setup codex' });
  t.match(await stage.ok(nowhere, ['setup', 'codex', '--remove', '--yes']), { changed: true });
  t.notOk(existsSync(stage.path('home', '.codex')));
});

t.test('in a checkout nothing of this machine can be committed by accident', async t => {
  const stage = new Stage(t.testdir());
  const code = await stage.repository('code');
  for (const host of USER_HOSTS) await stage.ok(code, ['setup', host, '--here', '--yes']);
  t.equal(await stage.git(code, 'status', '--porcelain', '--untracked-files=all'), '', 'all of it is hidden from git');
  for (const host of USER_HOSTS) await stage.ok(code, ['setup', host, '--here', '--remove', '--yes']);
  t.equal(await stage.git(code, 'status', '--porcelain', '--ignored'), '', 'and goes again');
  t.same([...new DeskTop(stage.dir).files().keys()], [], 'in the home too');
  mkdirSync(join(code, '.vscode'));
  writeFileSync(join(code, '.vscode', 'mcp.json'), '{}\n');
  await stage.git(code, 'add', '-f', '.vscode');
  const refused = await stage.run(code, ['setup', 'vscode', '--here', '--yes']);
  t.match(refused.answer.error, {
    code: 'REFUSED',
    message: /tracks \.vscode\/mcp\.json/,
    hint: 'ledgenter setup vscode',
  });
  t.equal(readFileSync(join(code, '.vscode', 'mcp.json'), 'utf8'), '{}\n');
  t.notOk(existsSync(join(code, '.github')), 'nothing else was written either');
});

t.test('the block in AGENTS.md has at most ten lines and no path; the rest of the file stays', async t => {
  const stage = new Stage(t.testdir());
  const code = await stage.repository('code');
  const file = join(code, 'AGENTS.md');
  await stage.ok(code, ['setup', 'agents-md', '--yes']);
  const block = readFileSync(file, 'utf8');
  t.ok(block.trimEnd().split('\n').length <= 10);
  t.notMatch(block, dirname(process.execPath));
  await stage.ok(code, ['setup', 'agents-md', '--remove', '--yes']);
  t.notOk(existsSync(file));
  for (const text of [
    '',
    '# Mine',
    '# Mine\r\n\r\nText\r\n',
    '\uFEFF# Mine\n\n',
    `# Mine\n\n${block}\n# More\n`.replace('whoami', 'w'),
  ]) {
    writeFileSync(file, text);
    await stage.ok(code, ['setup', 'agents-md', '--yes']);
    t.match(readFileSync(file, 'utf8').replace(/\r/g, ''), block.trimEnd(), JSON.stringify(text));
    t.match(await stage.ok(code, ['setup', 'agents-md', '--yes']), { changed: false });
    await stage.ok(code, ['setup', 'agents-md', '--remove', '--yes']);
    t.equal(readFileSync(file, 'utf8'), text, 'byte for byte');
  }
  await stage.ok(code, ['setup', 'agents-md', '--yes']);
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nAdded since.\n`);
  await stage.ok(code, ['setup', 'agents-md', '--remove', '--yes']);
  t.match(readFileSync(file, 'utf8'), /Added since\.\n$/);
  t.notMatch(readFileSync(file, 'utf8'), /ledgenter/);
  writeFileSync(file, '<!-- ledgenter:begin -->\nhalf a block\n');
  t.match((await stage.run(code, ['setup', 'agents-md', '--yes'])).answer.error, {
    code: 'BAD_INPUT',
    message: /line 1/,
  });
});

t.test('a link to settings that are kept elsewhere stays a link', { skip: process.platform === 'win32' }, async t => {
  const stage = new Stage(t.testdir());
  const code = await stage.repository('code');
  const [dotfiles, link] = [stage.path('dotfiles.json'), stage.path('home', '.gemini', 'settings.json')];
  mkdirSync(dirname(link), { recursive: true });
  writeFileSync(dotfiles, '{\n  // mine\n}\n');
  symlinkSync(dotfiles, link);
  await stage.ok(code, ['setup', 'gemini', '--yes']);
  t.ok(lstatSync(link).isSymbolicLink());
  t.match(readFileSync(dotfiles, 'utf8'), /mcpServers/);
  await stage.ok(code, ['setup', 'gemini', '--remove', '--yes']);
  t.ok(lstatSync(link).isSymbolicLink());
  t.equal(readFileSync(dotfiles, 'utf8'), '{\n  // mine\n}\n');
  symlinkSync(dotfiles, join(code, 'AGENTS.md'));
  const led = await stage.run(code, ['setup', 'agents-md', '--yes']);
  t.match(
    led.answer.error,
    { code: 'REFUSED', message: /leads out of this checkout/ },
    'a link in a checkout leads nowhere else',
  );
  symlinkSync(stage.path('gone.json'), stage.path('home', '.claude.json'));
  t.match((await stage.run(code, ['setup', 'claude', '--yes'])).answer.error, {
    code: 'REFUSED',
    message: /leads nowhere/,
  });
});

t.test('a session hook says what prime says in the form of its host, once, and never fails', async t => {
  const stage = new Stage(t.testdir());
  const nowhere = stage.path('nowhere');
  mkdirSync(nowhere);
  const payload = (more: object) => JSON.stringify({ session_id: 's-1', source: 'startup', ...more });
  for (const host of ['claude', 'codex', 'gemini', 'vscode', 'cursor', 'opencode'])
    for (const when of ['start', 'end']) {
      const ran = await stage.plain(nowhere, ['session-hook', host, when], { input: payload({ session_id: host }) });
      t.match(ran, { code: 0, err: '' }, `${host} ${when} without a ledger`);
      t.equal(ran.out, host === 'cursor' ? '{}\n' : '', `${host} ${when} says nothing`);
    }
  for (const input of ['', 'no json', '[]', '{"session_id":7,"cwd":"/no/such/folder"}'])
    t.equal(
      (await stage.plain(nowhere, ['session-hook', 'claude', 'start'], { input })).code,
      0,
      JSON.stringify(input),
    );
});

t.test(
  'a hook that is started in a folder that was removed does not fail',
  { skip: process.platform === 'win32' },
  t => {
    const stage = new Stage(t.testdir());
    const gone = stage.path('gone');
    mkdirSync(gone);
    // The shell removes the folder it stands in, then becomes the command.
    const script = 'rmdir "$1"; unset NODE_OPTIONS; exec "$2" "$3" session-hook claude start';
    const ran = spawnSync('sh', ['-c', script, 'sh', gone, process.execPath, LAUNCHER], {
      cwd: gone,
      env: stage.env(),
      input: '',
      encoding: 'utf8',
    });
    t.match(ran, { status: 0, stdout: '', stderr: '' });
    t.end();
  },
);

t.test('the hook at the end of a session ends its run, and the text of one at its start is that of prime', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['one']);
  const [one] = clones as [string];
  const nowhere = stage.path('nowhere');
  mkdirSync(nowhere);
  const env = { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'session-1' };
  await stage.ok(one, ['task', 'create', 'By an agent'], { env });
  const open = async () => (await stage.ok(one, ['run', 'query', '--open'])).runs.map((run: { id: string }) => run.id);
  const before = await open();
  // As Cursor does it: in a folder of its own, with the workspace in what it tells.
  const input = JSON.stringify({ session_id: 'session-1', workspace_roots: [one] });
  t.equal((await stage.plain(nowhere, ['session-hook', 'claude', 'end'], { env, input })).code, 0);
  t.equal((await open()).length, before.length - 1);
  const prime = await stage.plain(one, ['prime', '--quiet'], { env });
  const told = await stage.plain(nowhere, ['session-hook', 'gemini', 'start'], { env, input });
  const again = await stage.plain(nowhere, ['session-hook', 'claude', 'start'], { env, input });
  t.equal(told.code, 0);
  if (prime.code === 0) t.equal(told.answer.hookSpecificOutput.additionalContext, prime.out.trim());
  t.equal(again.out, '', 'a session is told once, whichever host asks');
});
