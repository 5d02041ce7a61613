import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isIncluded, sectionsFor, withoutSections, withSections } from '../../../src/surfaces/hooks/include.ts';
import { shWord, stubIn, stubText } from '../../../src/surfaces/hooks/stub.ts';
import { snapshot, Yard } from './yard.ts';

const valuesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);

t.test('hooks read what is configured, one line a key', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const file = join(code, '.git', 'ledgenter', 'hooks', 'conf');
  await yard.install(code);
  const usual = new Map(valuesOf(readFileSync(file, 'utf8')));
  t.equal(valuesOf(readFileSync(file, 'utf8'))[0]![0], 'chain', 'the first line is for the stubs');
  t.match(Object.fromEntries(usual), {
    node: process.execPath,
    launcher: /ledgenter\.cjs$/,
    desks: /\.git[\\/]ledgenter$/,
    ledger: undefined,
    trailer: 'Task',
    strict: 'false',
    reservations: 'warn',
    push: 'carry',
  });
  const set = { trailer: 'Work-Item', strict: 'yes', reservations: 'refuse', push: 'require', ledger: 'second' };
  for (const [name, value] of Object.entries(set)) await yard.stage.git(code, 'config', `ledgenter.${name}`, value);
  t.match(await yard.refresh(code), { changed: true, problems: [] });
  t.match(Object.fromEntries(valuesOf(readFileSync(file, 'utf8'))), {
    ...set,
    strict: 'true',
    desks: /\.git[\\/]ledgenter$/,
  });
  t.match(await yard.refresh(code), { changed: false });
  const wrong = { trailer: 'A b; rm -rf', reservations: 'maybe', push: '1' };
  for (const [name, value] of Object.entries(wrong)) await yard.stage.git(code, 'config', `ledgenter.${name}`, value);
  const { problems } = await yard.refresh(code);
  t.equal(problems.length, 3, 'what makes no sense is told, and counts as usual');
  t.match(Object.fromEntries(valuesOf(readFileSync(file, 'utf8'))), {
    trailer: 'Task',
    reservations: 'warn',
    push: 'carry',
  });
  t.match((await yard.status(code)).notes, problems);
  await yard.stage.git(code, 'config', 'ledgenter.home', 'https://git.example.com/acme/ledger.git');
  await yard.refresh(code);
  t.match(
    new Map(valuesOf(readFileSync(file, 'utf8'))).get('desks'),
    /\.ledgenter[\\/]ledgers[\\/]git\.example\.com[\\/]acme[\\/]ledger\.git[\\/]ledgenter$/,
  );
});

t.test('whatever changes after it was written is newer than it', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const file = join(code, '.git', 'ledgenter', 'hooks', 'conf');
  await yard.install(code);
  const watched = valuesOf(readFileSync(file, 'utf8'))
    .filter(([key]) => key === 'watch')
    .map(([, path]) => path);
  t.ok(watched.includes(join(code, '.git', 'config').replaceAll('\\', '/')));
  const isNewer = async () => {
    const script =
      'while read -r key value; do if [ "$key" = watch ] && [ "$value" -nt "$1" ]; then exit 0; fi; done <"$1"; exit 1';
    return (await yard.stage.start('sh', ['-c', script, 'sh', file], code).ended).code === 0;
  };
  const old = new Date(Date.now() - 60_000);
  utimesSync(join(code, '.git', 'config'), old, old);
  await yard.refresh(code);
  t.equal(await isNewer(), false);
  await yard.stage.git(code, 'config', 'user.name', 'Anna');
  t.equal(await isNewer(), true);
  t.ok(statSync(file).mtimeMs < Date.now());
});

t.test('the sections go in and out byte by byte, whatever git wrote around them', t => {
  const common = 'C:/a "b" [c]/.git';
  for (const text of [
    '',
    '[core]\n\tbare = false\n',
    '[core]\r\n\tbare = false\r\n',
    '[user]\n\tname = \xe4',
    '# end',
  ]) {
    const { text: changed, added } = withSections(text, common);
    t.ok(isIncluded(changed));
    t.equal(withoutSections(changed, added), text);
    t.equal(withoutSections(`${changed}[x]\n\ty = 1\n`, added), `${text}[x]\n\ty = 1\n`);
  }
  const sections = sectionsFor(common);
  const mixed = `[core]\n${sections.replace('\tpath = ledgenter/hooks/config\n', '\tpath = ledgenter/hooks/config\n\tpath = mine\n')}`;
  const left = withoutSections(mixed, sections);
  t.notOk(isIncluded(left));
  t.match(left, /^\[core\]\n\[includeIf "[^\n]*"\]\n\tpath = mine\n$/, 'what somebody put into our section stays');
  t.end();
});

t.test('a stub is known by its marks, and a path is one word of it', t => {
  const parts = { hook: 'pre-commit', way: 'folder', hooks: "/it's/hooks", conf: '/c' } as const;
  const text = stubText(parts);
  t.match(stubIn(Buffer.from(`${text}mine\n`)), { way: 'folder', hooks: parts.hooks, own: text, rest: 'mine\n' });
  t.equal(stubIn(Buffer.from('#!/bin/sh\necho mine\n')), undefined);
  t.equal(stubIn(Buffer.from(text.slice(0, -80))), undefined, 'without its end it is not ours to touch');
  t.equal(shWord("a'b"), `'a'\\''b'`);
  t.throws(() => shWord('a\nb'), { code: 'BAD_INPUT' });
  t.throws(() => stubText({ ...parts, conf: '/a\nrm' }), { code: 'BAD_INPUT' });
  t.end();
});

t.test('npx is refused, a package without hooks, and a configuration that is locked', async t => {
  const yard = new Yard(t.testdir());
  const code = await yard.stage.repository('code');
  const { ground } = yard;
  yard.ground = cwd =>
    ground.call(yard, cwd, { launcher: '/home/anna/.npm/_npx/1/node_modules/ledgenter/bin/ledgenter.cjs' });
  await t.rejects(yard.install(code), { code: 'USAGE', hint: /npm install -g/ });
  yard.ground = cwd => ground.call(yard, cwd, { launcher: yard.path('nowhere', 'bin', 'ledgenter.cjs') });
  await t.rejects(yard.install(code), { code: 'NOT_FOUND' });
  yard.ground = ground;
  await yard.husky(code);
  const before = snapshot(join(code, '.git', 'hooks'));
  writeFileSync(join(code, '.git', 'config.lock'), '');
  await t.rejects(yard.install(code), { code: 'BUSY', message: /config\.lock/ }, 'git is changing its configuration');
  rmSync(join(code, '.git', 'config.lock'));
  t.match(await yard.uninstall(code), { changed: true }, 'what was done until then is known');
  t.notOk(existsSync(join(code, '.git', 'ledgenter')));
  t.same(snapshot(join(code, '.git', 'hooks')), before);
});
