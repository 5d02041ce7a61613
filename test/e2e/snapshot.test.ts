import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Stage } from './stage.ts';

/** Every file below a folder with its text. */
function contents(folder: string, at = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const name of readdirSync(join(folder, at)).sort()) {
    const path = at === '' ? name : `${at}/${name}`;
    if (statSync(join(folder, path)).isDirectory())
      for (const [file, text] of contents(folder, path)) out.set(file, text);
    else out.set(path, readFileSync(join(folder, path), 'utf8'));
  }
  return out;
}

t.test('a snapshot is the ledger as pages, in a folder that holds nothing else', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  await stage.ok(anna, ['project', 'create', 'web', '--title', 'The web']);
  const task = await stage.task(anna, 'Sweep the cellar', '--project', 'web', '--description', 'With a broom.\nTwice.');
  await stage.ok(anna, ['task', 'note', task, '--text', 'The broom is upstairs']);
  await stage.ok(anna, ['decision', 'log', 'Clock', '--choice', 'UTC', '--rationale', 'two zones']);
  await stage.ok(anna, ['knowledge', 'write', 'Releasing', '--body', 'Tag, then push.']);
  await stage.ok(anna, ['handoff', 'create', 'Which clock?', '--kind', 'question', '--to', 'bob']);
  await stage.ok(anna, ['sync']);
  const pages = stage.path('pages');

  const first = await stage.ok(anna, ['snapshot', pages]);
  const files = contents(pages);
  t.equal(files.size, first.files + 1, 'and the list of them');
  for (const name of files.keys()) t.match(name, /^[a-z0-9._/-]+$|^README\.md$/, 'a legal name everywhere');
  t.match(files.get(`tasks/${task}.md`), /^# Sweep the cellar\n[\s\S]*project: web[\s\S]*> Twice\.[\s\S]*upstairs/);
  t.match(files.get('README.md'), new RegExp(`open \\[${task}\\]\\(tasks/${task}.md\\) Sweep the cellar`));
  const rooms = new Set([...files.keys()].map(name => name.split('/')[0]));
  for (const room of ['decisions', 'knowledge', 'handoffs', 'projects', 'actors', 'tasks']) t.ok(rooms.has(room), room);
  for (const text of files.values()) t.notOk(text.includes(stage.dir), 'no path of this machine');

  await stage.ok(bob, ['sync'], { as: 'bob' });
  await stage.ok(bob, ['snapshot', stage.path('other')], { as: 'bob' });
  t.same(contents(stage.path('other')), files, 'the same state gives the same pages, in every clone');

  await stage.ok(anna, ['task', 'update', task, '--status', 'cancelled', '--reason', 'no cellar']);
  await stage.ok(anna, ['snapshot', pages]);
  t.match(contents(pages).get(`tasks/${task}.md`), /status: cancelled/, 'again puts a newer one in its place');
  t.same(
    readdirSync(stage.dir).filter(name => name.startsWith('pages')),
    ['pages'],
    'and leaves nothing beside it',
  );

  const refused = async (why: RegExp, folder = pages): Promise<void> => {
    const before = contents(folder);
    const ran = await stage.run(anna, ['snapshot', folder]);
    t.match(ran, { code: 77, answer: { error: { code: 'REFUSED', message: why } } });
    t.same(contents(folder), before);
  };
  writeFileSync(join(pages, 'tasks', 'mine.md'), 'my own words');
  await refused(/tasks\/mine\.md was not written by a snapshot/);
  const edited = stage.path('other');
  writeFileSync(join(edited, `tasks/${task}.md`), 'corrected by hand');
  await refused(/was changed since/, edited);
  const mine = stage.path('mine');
  mkdirSync(mine);
  writeFileSync(join(mine, '.ledgenter-snapshot.json'), '{"files": {"../../code.txt": "x", "letter.txt": 1}}');
  writeFileSync(join(mine, 'letter.txt'), 'Dear Bob');
  await refused(/letter\.txt/, mine);
  if (process.platform !== 'win32') {
    const linked = stage.path('linked');
    mkdirSync(linked);
    symlinkSync(join(anna, 'code.txt'), join(linked, 'README.md'));
    await refused(/README\.md was not written/, linked);
  }
  t.match(await stage.run(anna, ['snapshot', join(anna, 'code.txt')]), { code: 77 });
});
