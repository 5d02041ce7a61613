import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { OutFile } from '../../src/rooms/out.ts';
import { readActive, writeActive } from '../../src/surfaces/activating/file.ts';
import { writeOut } from '../../src/surfaces/outfile.ts';
import { outFileSource } from '../../src/surfaces/ports/outfile.ts';

t.test('a file is written whole, and never over another without being told to', async t => {
  const cwd = t.testdir({ mine: 'mine', folder: {} });
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  t.equal(writeOut(cwd, 'new.md', 'one', false), 'written');
  t.equal(writeOut(cwd, 'new.md', 'one', false), 'unchanged');
  t.throws(() => writeOut(cwd, 'new.md', 'two', false), { code: 'REFUSED', hint: /--replace/ });
  t.throws(() => writeOut(cwd, 'mine', 'two', false), { code: 'REFUSED' });
  t.equal(writeOut(cwd, 'new.md', 'two', true), 'written');
  t.same([read('new.md'), read('mine')], ['two', 'mine']);
  t.throws(() => writeOut(cwd, 'nowhere/new.md', 'x', false), { code: 'NOT_FOUND' });
  t.throws(() => writeOut(cwd, 'mine/new.md', 'x', false), { code: 'NOT_FOUND' });
  t.throws(() => writeOut(cwd, 'folder', 'x', false), { code: 'REFUSED' });
  t.throws(() => writeOut(cwd, 'folder', 'x', true), { code: 'BAD_INPUT' });
  if (process.platform !== 'win32') {
    symlinkSync('mine', join(cwd, 'link'));
    t.throws(() => writeOut(cwd, 'link', 'x', false), { code: 'REFUSED' });
    writeOut(cwd, 'link', 'x', true);
    t.same([read('mine'), lstatSync(join(cwd, 'link')).isSymbolicLink()], ['mine', false], 'a link is not followed');
  }
  t.same(
    readdirSync(cwd).filter(name => name.endsWith('.tmp')),
    [],
    'nothing is left behind',
  );
});

t.test('a server writes no files', async t => {
  const cwd = t.testdir({});
  const of = (life: string) => outFileSource.make({ options: { life, place: { cwd } } } as never) as OutFile;
  t.throws(() => of('server').write('x.md', 'x', false), { code: 'REFUSED' });
  t.same(readdirSync(cwd), []);
  t.equal(of('command').write('x.md', 'x', false), 'written');
});

t.test('the active task is kept a ledger each, and a damaged note is as good as none', async t => {
  const path = join(t.testdir({}), 'runs', 'active-task');
  t.equal(readActive(path, 'main'), undefined);
  writeActive(path, 'main', 't-7k3qz0m4xv');
  writeActive(path, 'second', 't-0000000000');
  t.same([readActive(path, 'main'), readActive(path, 'second')], ['t-7k3qz0m4xv', 't-0000000000']);
  writeActive(path, 'main', undefined);
  t.same([readActive(path, 'main'), readActive(path, 'second')], [undefined, 't-0000000000']);
  t.equal(readActive(path, '__proto__'), undefined);
  for (const text of ['', '[]', 'null', '{"main":"../x"}', '{"main":1}']) {
    writeFileSync(path, text);
    t.equal(readActive(path, 'main'), undefined, text);
  }
});
