import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { DeskTop } from './desk.ts';

/** A repository with one commit of everything in it. */
function checkout(folder: string): { topLevel: string; commonDir: string } {
  mkdirSync(folder, { recursive: true });
  const topLevel = realpathSync(folder);
  git(topLevel, 'init', '--quiet');
  git(topLevel, 'add', '--all');
  git(topLevel, 'commit', '--quiet', '--allow-empty', '-m', 'all');
  return { topLevel, commonDir: join(topLevel, '.git') };
}

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Anna', '-c', 'user.email=anna@example.com'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8' });
}

const status = (cwd: string) => git(cwd, 'status', '--porcelain', '--untracked-files=all');

/** The same person with another installation. */
const moved = (desk: DeskTop) => new DeskTop(dirname(desk.machine.home), { launcher: join(t.testdirName, 'new.cjs') });

t.test('a table of ours that a person had or went on with can be taken back', async t => {
  const cases: [says: string, before: string, edit: (text: string) => string, after: string][] = [
    [
      'it had no args',
      '[mcp_servers.ledgenter]\ncommand = "x"\n',
      text => `${text}\n[z]\na = 1\n`,
      '[mcp_servers.ledgenter]\ncommand = "x"\n\n[z]\na = 1\n',
    ],
    [
      'remarks and keys were put into it',
      'a = 1\n',
      text => `${text.replace('args', '# mine\nargs')}startup_timeout_sec = 20\n\n# of z\n[z]\na = 1\n`,
      'a = 1\n\n# of z\n[z]\na = 1\n',
    ],
  ];
  for (const [says, before, edit, after] of cases) {
    const desk = new DeskTop(join(t.testdirName, says.replaceAll(' ', '-')));
    const [file] = desk.configs('codex') as [string];
    desk.put(file, before);
    await desk.run('codex', { yes: true });
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    await desk.run('codex', { remove: true, yes: true });
    t.equal(readFileSync(file, 'utf8'), after, says);
  }
});

t.test('the name of our table inside of a string is no table', async t => {
  const desk = new DeskTop(t.testdir());
  const [file] = desk.configs('codex') as [string];
  const before = 'k = """\n[mcp_servers.ledgenter]\n"""';
  desk.put(file, before);
  await desk.run('codex', { yes: true });
  await moved(desk).run('codex', { yes: true });
  t.match(readFileSync(file, 'utf8'), 'new.cjs');
  await moved(desk).run('codex', { remove: true, yes: true });
  t.equal(readFileSync(file, 'utf8'), before);
});

t.test('a name that came to stand twice on the way to ours stops the removal, and nothing is lost', async t => {
  const desk = new DeskTop(t.testdir());
  const [, settings] = desk.configs('claude') as [string, string];
  await desk.run('claude', { yes: true });
  const twice = readFileSync(settings, 'utf8').replace('{', '{"hooks":{"SessionStart":[{"mine":1}]},');
  writeFileSync(settings, twice);
  await t.rejects(desk.run('claude', { remove: true, yes: true }), { code: 'BAD_INPUT', message: /a second hooks/ });
  t.equal(readFileSync(settings, 'utf8'), twice);
});

t.test('a file nested deeper than can be read is told, not a fault', async t => {
  const desk = new DeskTop(t.testdir());
  desk.put(desk.configs('claude')[0]!, `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
  await t.rejects(desk.run('claude', { yes: true }), { code: 'BAD_INPUT', message: /too deep/ });
});

t.test('for the user and for a checkout in one file: each comes and goes, in any order, and nothing stays', async t => {
  const dir = t.testdir();
  const here = checkout(join(dir, 'code'));
  const orders = [
    [false, true],
    [true, false],
  ];
  for (const start of [undefined, '', '{"a":1}', '{\n\t"projects": {}\n}\n'])
    for (const order of orders)
      for (const back of orders) {
        const desk = new DeskTop(dir, { checkout: here });
        const file = join(desk.machine.home, '.claude.json');
        rmSync(file, { force: true });
        if (start !== undefined) desk.put(file, start);
        for (const here of order) await desk.run('claude', { yes: true, here });
        for (const here of back) await desk.run('claude', { yes: true, here, remove: true });
        const left = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
        t.equal(left, start, JSON.stringify({ start, order, back }));
      }
});

t.test('a process that died before it wrote leaves nothing that the next one gets wrong', async t => {
  for (const before of ['', '\uFEFF{\r\n  // mine\r\n  "a": 1\r\n}']) {
    const desk = new DeskTop(join(t.testdirName, `${before.length}`));
    const files = desk.configs('claude');
    for (const file of files) desk.put(file, before);
    await desk.run('claude', { yes: true });
    for (const file of files) writeFileSync(file, before);
    await desk.run('claude', { yes: true });
    await desk.run('claude', { remove: true, yes: true });
    for (const file of files) t.equal(readFileSync(file, 'utf8'), before);
  }
});

t.test('two at once: one does it, the other is told, and what was there is not forgotten', async t => {
  const desk = new DeskTop(t.testdir());
  const [state] = desk.configs('claude') as [string];
  desk.put(state, '{"a":1}');
  const before = desk.files();
  const both = await Promise.allSettled([desk.run('claude', { yes: true }), desk.run('claude', { yes: true })]);
  t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  t.match(
    both.find(({ status }) => status === 'rejected'),
    { reason: { code: 'BUSY' } },
  );
  await desk.run('claude', { remove: true, yes: true });
  t.same(desk.files(), before);
});

t.test('a worktree that is still set up stays hidden from git when another one is taken back', async t => {
  const dir = t.testdir();
  const one = checkout(join(dir, 'one'));
  git(one.topLevel, 'worktree', 'add', '--quiet', join(dir, 'two'));
  const two = { ...one, topLevel: realpathSync(join(dir, 'two')) };
  const exclude = () => readFileSync(join(one.commonDir, 'info', 'exclude'), 'utf8');
  const before = exclude();
  const [first, second] = [new DeskTop(dir, { checkout: one }), new DeskTop(dir, { checkout: two })];
  await first.run('cursor', { here: true, yes: true });
  await second.run('cursor', { here: true, yes: true });
  await first.run('cursor', { here: true, remove: true, yes: true });
  t.equal(status(two.topLevel), '');
  await second.run('cursor', { here: true, remove: true, yes: true });
  t.equal(exclude(), before, 'the last one takes the lines away');
});

t.test('a file of ours that a person changed stays hidden from git when it is left behind', async t => {
  const dir = t.testdir();
  const here = checkout(join(dir, 'code'));
  const desk = new DeskTop(dir, { checkout: here });
  await desk.run('vscode', { here: true, yes: true });
  writeFileSync(join(here.topLevel, '.github', 'hooks', 'ledgenter.json'), '{"mine":1}\n');
  await desk.run('vscode', { here: true, remove: true, yes: true });
  t.equal(status(here.topLevel), '');
});

t.test('what a checkout tracks behind a link is not written', { skip: process.platform === 'win32' }, async t => {
  const dir = t.testdir({ code: { conf: { 'mcp.json': '{}\n' } }, odd: { 'a [b] *': { mine: '' } } });
  symlinkSync('conf', join(dir, 'code', '.cursor'));
  symlinkSync('a [b] *', join(dir, 'odd', '.cursor'));
  const here = checkout(join(dir, 'code'));
  const desk = new DeskTop(dir, { checkout: here });
  await t.rejects(desk.run('cursor', { here: true, yes: true }), { code: 'REFUSED', message: /tracks conf\/mcp.json/ });
  t.equal(status(here.topLevel), '');
  const odd = checkout(join(dir, 'odd'));
  await new DeskTop(dir, { checkout: odd }).run('cursor', { here: true, yes: true });
  t.equal(status(odd.topLevel), '', 'a folder with the signs of a pattern in its name is hidden all the same');
});
