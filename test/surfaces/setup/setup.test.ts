import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse } from 'smol-toml';
import t from 'tap';
import { lineOf } from '../../../src/surfaces/setup/machine.ts';
import { DeskTop, USER_HOSTS } from './desk.ts';

/** What people may have in a file already, by kind of file: every byte must come back. */
const KEPT: Record<'json' | 'toml', Record<string, string>> = {
  json: {
    'an empty file': '',
    'an empty object': '{}',
    'only a line break': '\n',
    'other servers and hooks': JSON.stringify(
      { mcpServers: { other: { command: 'x' } }, servers: { o: {} }, mcp: { o: {} }, hooks: { SessionStart: [] } },
      null,
      2,
    ),
    comments: '{\n  // mine\n  "theme": "dark", /* really */\n  "hooks": {\n    // none yet\n  }\n}\n',
    'Windows line ends': '{\r\n    "a": 1,\r\n    "b": [\r\n        2\r\n    ]\r\n}\r\n',
    'a byte order mark': '\uFEFF{\n  "a": 1\n}\n',
    'tabs and no last line break': '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
    'trailing commas': '{\n  "a": 1,\n  "mcpServers": {\n    "o": {},\n  },\n}\n',
    'one line': '{"a":1,"hooks":{}}',
  },
  toml: {
    'an empty file': '',
    comments: '# mine\nmodel = "m" # really\n\n[mcp_servers.other]\ncommand = "x"\n',
    'Windows line ends': 'model = "m"\r\n\r\n[tui]\r\ntheme = "dark"\r\n',
    'a byte order mark': '\uFEFFmodel = "m"\n',
    'no last line break': 'model = "m"\n[tui]\ntheme = "dark"',
    'tables in lists': '[a]\nx = [\n  [1],\n  [2],\n]\n[[b]]\ny = """\n[not.a.table]\n"""\n',
  },
};

for (const host of USER_HOSTS) {
  t.test(`${host}: written, written again, taken back from nothing`, async t => {
    const desk = new DeskTop(t.testdir());
    const dry = await desk.run(host, { dry_run: true });
    t.equal(desk.files().size, 0, 'a dry run writes nothing');
    t.match(dry.diff, /^\+.*ledgenter/m, 'and shows what would be written');
    t.match(await desk.run(host), { agreed: false, hints: { next: `ledgenter setup ${host} --yes` } });
    t.equal(desk.files().size, 0, 'without anybody to ask nothing is written');
    t.match(await desk.run(host, { yes: true }), { changed: true });
    const written = desk.files();
    t.ok(written.size > 0);
    t.match(await desk.run(host, { yes: true }), { changed: false }, 'a second time there is nothing to do');
    t.same(desk.files(), written);
    t.match(await desk.run(host, { remove: true, dry_run: true }), { changed: false, diff: /^-.*ledgenter/m });
    t.same(desk.files(), written, 'a dry removal removes nothing');
    t.match(await desk.run(host, { remove: true, yes: true }), { changed: true });
    t.same([...desk.files().keys()], [], 'no file and no folder is left');
    t.match(await desk.run(host, { remove: true, yes: true }), { changed: false });
  });

  t.test(`${host}: what a person has in the files comes back byte for byte`, async t => {
    const kind = (file: string): 'json' | 'toml' => (file.endsWith('.toml') ? 'toml' : 'json');
    for (const says of new Set([...Object.keys(KEPT.json), ...Object.keys(KEPT.toml)])) {
      const desk = new DeskTop(join(t.testdirName, says));
      for (const file of desk.configs(host)) desk.put(file, KEPT[kind(file)][says] ?? '');
      const before = desk.files();
      await desk.run(host, { yes: true });
      t.notSame(desk.files(), before, `${says}: it was written`);
      t.match(await desk.run(host, { yes: true }), { changed: false }, `${says}: once`);
      await desk.run(host, { remove: true, yes: true });
      t.same(desk.files(), before, says);
    }
  });

  t.test(`${host}: what others change meanwhile stays when ours goes`, async t => {
    const desk = new DeskTop(t.testdir());
    const files = desk.configs(host);
    await desk.run(host, { yes: true });
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const more = file.endsWith('.toml')
        ? `${text}\n# theirs\n[theirs]\nx = 1\n`
        : text.replace('{', '{\n  "theirs": true,');
      writeFileSync(file, more);
    }
    await desk.run(host, { remove: true, yes: true });
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      t.match(text, 'theirs');
      t.notMatch(text, 'ledgenter');
      if (file.endsWith('.toml')) t.same(parse(text), { theirs: { x: 1 } });
      else t.equal(JSON.parse(text).theirs, true);
    }
  });

  t.test(`${host}: a file that cannot be read is named with its line and left alone`, async t => {
    const desk = new DeskTop(t.testdir());
    const [file] = desk.configs(host);
    const text = file!.endsWith('.toml') ? 'a = 1\nb = \n' : '{\n  "a": 1\n  "b": 2\n}\n';
    desk.put(file!, text);
    const before = desk.files();
    await t.rejects(desk.run(host, { yes: true }), {
      code: 'BAD_INPUT',
      message: new RegExp(`${file!.split(/[\\/]/).at(-1)}, line [23]: `),
    });
    t.same(desk.files(), before);
  });

  t.test(`${host}: a read-only file stays as it is`, async t => {
    const desk = new DeskTop(t.testdir());
    const [file] = desk.configs(host);
    desk.put(file!, file!.endsWith('.toml') ? 'a = 1\n' : '{}\n');
    chmodSync(file!, 0o444);
    const before = desk.files();
    await t.rejects(desk.run(host, { yes: true }), { code: 'READ_ONLY_REPOSITORY', message: /read-only/ });
    t.same(desk.files(), before);
    chmodSync(file!, 0o644);
  });
}

t.test('a host starts node and the launcher by their absolute paths, never npx (LESSONS 34)', async t => {
  for (const host of USER_HOSTS) {
    const desk = new DeskTop(join(t.testdirName, host));
    await desk.run(host, { yes: true });
    const texts = [...desk.files().values()].map(bytes => Buffer.from(bytes, 'base64').toString('utf8'));
    t.ok(
      texts.some(text => text.includes(JSON.stringify(desk.machine.node).slice(1, -1)) && /"mcp"/.test(text)),
      host,
    );
    t.notOk(
      texts.some(text => /"npx|\bnpx\s/.test(text)),
      `${host}: no npx`,
    );
    t.ok(isAbsolute(desk.machine.node));
  }
  const npx = new DeskTop(t.testdir(), { launcher: join(t.testdirName, '_npx', 'x', 'ledgenter.cjs') });
  await t.rejects(npx.run('claude', { yes: true }), { code: 'USAGE', hint: /npm install -g/ });
});

t.test('a person is shown the diff and asked; no is no', async t => {
  const desk = new DeskTop(t.testdir());
  desk.answers = ['no', 'yes'];
  t.match(await desk.run('claude'), { agreed: false, changed: false });
  t.match(desk.said.join(''), /\+\s+"ledgenter": \{/);
  t.equal(desk.files().size, 0);
  t.match(await desk.run('claude'), { changed: true });
});

t.test('what a person added to our entry stays; a new place of ours takes the place of the old one', async t => {
  const desk = new DeskTop(t.testdir());
  await desk.run('gemini', { yes: true });
  const [file] = desk.configs('gemini');
  const settings = JSON.parse(readFileSync(file!, 'utf8'));
  settings.mcpServers.ledgenter.trust = true;
  writeFileSync(file!, JSON.stringify(settings, null, 2));
  t.match(await desk.run('gemini', { yes: true }), { changed: false }, 'an entry with more in it is still ours');
  const moved = new DeskTop(t.testdirName, { launcher: join(t.testdirName, 'new', 'ledgenter.cjs') });
  await moved.run('gemini', { yes: true });
  const now = JSON.parse(readFileSync(file!, 'utf8'));
  t.match(now.mcpServers.ledgenter, { trust: true, args: [moved.machine.launcher, 'mcp'] });
  t.equal(now.hooks.SessionStart.length, 1, 'no hook twice');
  await moved.run('gemini', { remove: true, yes: true });
  t.equal(existsSync(file!), false, 'nothing of ours is left, and there was no file before');
});

t.test('an entry of the same name that was there before comes back', async t => {
  const desk = new DeskTop(t.testdir());
  const [state] = desk.configs('claude');
  desk.put(state!, '{"mcpServers":{"ledgenter":{"command":"mine","env":{"A":"1"}}}}');
  const before = desk.files();
  await desk.run('claude', { yes: true });
  writeFileSync(state!, readFileSync(state!, 'utf8').replace('{', '{"since":1,'));
  await desk.run('claude', { remove: true, yes: true });
  t.same(JSON.parse(readFileSync(state!, 'utf8')), {
    since: 1,
    mcpServers: { ledgenter: { command: 'mine', env: { A: '1' } } },
  });
  const again = new DeskTop(join(t.testdirName, 'again'));
  t.equal(before.size, 1);
  const [config] = again.configs('codex');
  again.put(config!, '[mcp_servers.ledgenter]\ncommand = "mine"\nargs = []\nenabled = false\n');
  const untouched = again.files();
  await again.run('codex', { yes: true });
  t.match(parse(readFileSync(config!, 'utf8')), { mcp_servers: { ledgenter: { enabled: false } } });
  await again.run('codex', { remove: true, yes: true });
  t.same(again.files(), untouched);
});

t.test('a skill or plugin that a person changed is left alone, by setup and by its removal', async t => {
  const desk = new DeskTop(t.testdir());
  await desk.run('opencode', { yes: true });
  const wholes = desk.parts('opencode').filter(part => part.kind === 'whole');
  t.equal(wholes.length, 2);
  for (const { path } of wholes) writeFileSync(path, 'mine now\n');
  t.match(
    (await desk.run('opencode', { yes: true })).files.map((row: { state: string }) => row.state).join(),
    /you changed it/,
  );
  await desk.run('opencode', { remove: true, yes: true });
  for (const { path } of wholes) t.equal(readFileSync(path, 'utf8'), 'mine now\n');
});

t.test('a file that somebody changes between the diff and the writing is left alone', async t => {
  const desk = new DeskTop(t.testdir());
  const [state, settings] = desk.configs('claude');
  desk.put(settings!, '{}');
  desk.answers = ['yes'];
  const { machine } = desk;
  const slow = new DeskTop(t.testdirName);
  Object.assign(slow.machine, machine, { say: () => writeFileSync(settings!, '{"quick":true}') });
  slow.answers = ['yes'];
  await t.rejects(slow.run('claude'), { code: 'BUSY', message: /changed by somebody else/ });
  t.equal(readFileSync(settings!, 'utf8'), '{"quick":true}');
  await desk.run('claude', { remove: true, yes: true });
  t.equal(readFileSync(settings!, 'utf8'), '{"quick":true}');
  t.equal(statSync(state!, { throwIfNoEntry: false }), undefined, 'what was written before it is known and goes');
});

t.test('settings that a person keeps private stay private', { skip: process.platform === 'win32' }, async t => {
  const desk = new DeskTop(t.testdir());
  const [state, settings] = desk.configs('claude');
  desk.put(state!, '{}');
  chmodSync(state!, 0o600);
  await desk.run('claude', { yes: true });
  t.equal(statSync(state!).mode & 0o777, 0o600);
  t.equal(statSync(settings!).mode & 0o077, 0, 'a new file is for the user alone');
  const kept = join(desk.machine.home, '.ledgenter', 'setup');
  t.equal(statSync(kept).mode & 0o077, 0, 'and so is what is kept to undo it');
});

t.test('secrets that stand beside ours are not in the answer', async t => {
  const desk = new DeskTop(t.testdir());
  const [state] = desk.configs('claude');
  const secret = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
  desk.put(state!, `{\n  "token": "${secret}"\n}\n`);
  const { diff } = await desk.run('claude', { dry_run: true });
  t.match(diff, /"ledgenter"/);
  t.notMatch(diff, secret);
});

t.test('environment variables of the hosts move their files', async t => {
  const dir = t.testdir();
  const at = (name: string) => join(dir, name);
  const env = { CLAUDE_CONFIG_DIR: at('c'), CODEX_HOME: at('x'), XDG_CONFIG_HOME: at('g'), GEMINI_CLI_HOME: at('m') };
  const desk = new DeskTop(dir, { env });
  const first = (host: 'claude' | 'codex' | 'gemini' | 'opencode' | 'vscode') => desk.configs(host)[0];
  t.equal(first('claude'), join(at('c'), '.claude.json'));
  t.equal(first('codex'), join(at('x'), 'config.toml'));
  t.equal(first('gemini'), join(at('m'), '.gemini', 'settings.json'));
  t.equal(first('opencode'), join(at('g'), 'opencode', 'opencode.json'));
  t.equal(first('vscode'), join(at('g'), 'Code', 'User', 'mcp.json'));
  const windows = new DeskTop(dir, { platform: 'win32', env: { APPDATA: at('Roaming') } });
  t.equal(windows.configs('vscode')[0], join(at('Roaming'), 'Code', 'User', 'mcp.json'));
  const mac = new DeskTop(dir, { platform: 'darwin' });
  t.match(mac.configs('vscode')[0], join('Library', 'Application Support', 'Code', 'User', 'mcp.json'));
});

t.test('a command line is quoted only where a shell needs it', async t => {
  t.equal(lineOf(['/usr/bin/node', '/opt/l.cjs', 'mcp'], 'linux'), '/usr/bin/node /opt/l.cjs mcp');
  t.equal(lineOf(["/it's here/node", 'x'], 'darwin'), `'/it'\\''s here/node' x`);
  t.equal(lineOf(['C:\\Program Files\\node.exe', 'C:\\l.cjs'], 'win32'), '"C:/Program Files/node.exe" C:/l.cjs');
  t.equal(lineOf(['C:\\n\\node.exe', 'C:\\a b\\l.cjs', 'mcp'], 'win32'), '"C:/n/node.exe" "C:/a b/l.cjs" mcp');
});

t.test('a damaged manifest is told, not forgotten', async t => {
  const desk = new DeskTop(t.testdir());
  await desk.run('claude', { yes: true });
  const file = join(desk.machine.home, '.ledgenter', 'setup', 'claude.json');
  writeFileSync(file, '{');
  await t.rejects(desk.run('claude', { remove: true, yes: true }), { code: 'BAD_INPUT', message: /damaged/ });
  rmSync(file);
  t.match(await desk.run('claude', { remove: true, yes: true }), { changed: true }, 'ours is known without it too');
  t.equal(readFileSync(desk.configs('claude')[0]!, 'utf8').trim(), '{}');
});
