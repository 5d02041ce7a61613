import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { WorkTree } from '../../src/surfaces/ports/files.ts';
import { Stage } from '../e2e/stage.ts';

t.test(
  'what became of linked files is told from the commits since then and the work tree, and nothing else is looked at',
  async t => {
    const stage = new Stage(t.testdir({ outside: { 'secret.txt': 'x' } }));
    const cwd = await stage.repository('work');
    const write = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
    mkdirSync(join(cwd, 'src'));
    for (const path of ['src/kept.ts', 'src/edited.ts', 'src/gone.ts', '[a].txt']) write(path, 'one\n');
    await stage.git(cwd, 'add', '.');
    const old = { GIT_AUTHOR_DATE: '2026-03-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-03-01T00:00:00Z' };
    await stage.tryGit(cwd, ['commit', '-q', '--amend', '-m', 'first'], { env: old });
    write('src/edited.ts', 'two\n');
    write('src/new.ts', 'two\n');
    await stage.git(cwd, 'add', '.');
    await stage.git(cwd, 'commit', '-q', '-m', 'second');
    rmSync(join(cwd, 'src/gone.ts'));
    write('src/loose.ts', 'three\n');
    symlinkSync(stage.path('outside'), join(cwd, 'link'), 'junction');

    const tree = new WorkTree(cwd, stage.env());
    const since = '2026-03-02T09:00:00.000Z';
    const told = async (path: string) => (await tree.states([path], since))[0];
    t.same(await told('src/kept.ts'), { path: 'src/kept.ts', exists: true });
    t.same(await told('src/edited.ts'), { path: 'src/edited.ts', exists: true, changed: 'modified' });
    t.same(await told('src/new.ts'), { path: 'src/new.ts', exists: true, changed: 'added' });
    t.same(await told('src/gone.ts'), { path: 'src/gone.ts', exists: false, changed: 'deleted', uncommitted: true });
    t.same(await told('src/loose.ts'), { path: 'src/loose.ts', exists: true, changed: 'added', uncommitted: true });
    t.same(await told('src'), { path: 'src', exists: true, changed: 'modified', uncommitted: true }, 'a folder');
    t.same(await told('[a].txt'), { path: '[a].txt', exists: true }, 'a name is no pattern');
    t.same(await told('--output=x'), { path: '--output=x', exists: false }, 'nor an option');
    t.match(await told('link/secret.txt'), { exists: false, changed: undefined }, 'behind a link is another place');
    t.same(
      (await tree.states(['src/edited.ts'], '2026-02-01T00:00:00.000Z'))[0]?.changed,
      'added',
      'all is new since then',
    );
  },
);
