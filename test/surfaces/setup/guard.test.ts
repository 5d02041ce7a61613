import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { DeskTop, USER_HOSTS } from './desk.ts';

const read = (desk: DeskTop, ...path: string[]) => JSON.parse(readFileSync(join(desk.machine.home, ...path), 'utf8'));

for (const host of USER_HOSTS) {
  t.test(`${host}: a guard is opt-in, shown, stays at a later setup and goes with --remove`, async t => {
    const desk = new DeskTop(t.testdir());
    for (const file of desk.configs(host))
      if (!file.endsWith('.toml')) desk.put(file, '{\n  // mine\n  "hooks": {\n    "PreToolUse": []\n  }\n}\n');
    const before = desk.files();
    const guarded = () =>
      [...desk.files().values()].some(bytes => /--hook/.test(Buffer.from(bytes, 'base64').toString()));
    await desk.run(host, { yes: true });
    t.notOk(guarded(), 'not unless asked for');
    t.match(await desk.run(host, { guard: true, dry_run: true }), { diff: /^\+.*--hook/m });
    t.match(await desk.run(host, { guard: true }), { hints: { next: `ledgenter setup ${host} --guard --yes` } });
    t.match(await desk.run(host, { guard: true, yes: true }), { changed: true, notes: [] });
    t.ok(guarded());
    t.match(await desk.run(host, { guard: true, yes: true }), { changed: false }, 'once');
    t.match(await desk.run(host, { yes: true }), { changed: false });
    t.ok(guarded(), 'a plain setup leaves it');
    await desk.run(host, { remove: true, yes: true });
    t.same(desk.files(), before);
  });
}

t.test('each host is asked in its own form', async t => {
  const desk = new DeskTop(t.testdir());
  for (const host of USER_HOSTS) await desk.run(host, { guard: true, yes: true });
  const command = (host: string) => new RegExp(`ledgenter.cjs guard --hook ${host}$`);
  t.match(read(desk, '.claude', 'settings.json').hooks.PreToolUse, [
    { matcher: /\bWrite\b.*\bNotebookEdit\b/, hooks: [{ type: 'command', command: command('claude'), timeout: 10 }] },
  ]);
  t.match(read(desk, '.codex', 'hooks.json').hooks.PreToolUse, [
    { matcher: /apply_patch/, hooks: [{ command: command('codex') }] },
  ]);
  t.match(read(desk, '.gemini', 'settings.json').hooks.BeforeTool, [
    { matcher: 'write_file|replace', hooks: [{ command: command('gemini'), timeout: 10_000 }] },
  ]);
  t.match(read(desk, '.cursor', 'hooks.json').hooks.preToolUse, [{ matcher: /Write/, command: command('cursor') }]);
  t.match(read(desk, '.copilot', 'hooks', 'ledgenter-guard.json').hooks.PreToolUse, [{ command: command('vscode') }]);
});

t.test('a host that asks nobody has no guard', async t => {
  const dir = t.testdir({ checkout: {} });
  const checkout = { topLevel: join(dir, 'checkout'), commonDir: join(dir, 'checkout', '.git') };
  const desk = new DeskTop(dir, { checkout });
  await t.rejects(desk.run('agents-md', { guard: true, yes: true }), { code: 'BAD_INPUT', message: /asks nobody/ });
  t.notOk(existsSync(join(checkout.topLevel, 'AGENTS.md')));
  t.match(await desk.run('agents-md', { remove: true, yes: true }), { changed: false });
});

t.test('the plugin of OpenCode stops what the guard says no to, and nothing else', async t => {
  const dir = t.testdir();
  const desk = new DeskTop(dir, { node: process.execPath });
  await desk.run('opencode', { guard: true, yes: true });
  mkdirSync(join(dir, 'lib'));
  const launcher = `const fs = require('node:fs');
const { tool_input: { filePath } } = JSON.parse(fs.readFileSync(0, 'utf8'));
if (filePath === 'free') process.exit(0);
process.stderr.write('this run holds no task\\n');
process.exit(filePath === 'fault' ? 70 : 2);
`;
  writeFileSync(join(dir, 'lib', 'ledgenter.cjs'), launcher);
  const plugin = join(desk.machine.home, '.config', 'opencode', 'plugins', 'ledgenter-guard.js');
  const ask = `const { LedgenterGuard } = await import(${JSON.stringify(pathToFileURL(plugin).href)});
const hook = (await LedgenterGuard({ directory: process.cwd() }))['tool.execute.before'];
for (const [tool, filePath] of [['edit', 'x'], ['edit', 'free'], ['write', 'fault'], ['bash', 'x']])
  console.log(await hook({ tool }, { args: { filePath } }).then(() => 'goes on', error => error.message));
`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', ask], { cwd: dir, encoding: 'utf8' });
  t.same(ran.stdout.trim().split('\n'), ['this run holds no task', 'goes on', 'goes on', 'goes on'], ran.stderr);
});
