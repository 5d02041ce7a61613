import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

const REAL = fileURLToPath(new URL('../../../shared/data/beads-issues.jsonl', import.meta.url));

/** A ledger of its own with something of everything, one task of it claimed. */
async function office(stage: Stage, name: string): Promise<{ cwd: string; held: string }> {
  const cwd = await stage.repository(name);
  await stage.ok(cwd, ['init']);
  const held = await stage.task(cwd, `Held in ${name}`, '--acceptance-criteria', 'works');
  await stage.ok(cwd, ['task', 'note', held, '--text', 'found out']);
  await stage.ok(cwd, ['attach', 'add', held, '--name', 'log.txt', '--content', 'all green']);
  await stage.task(cwd, `Open in ${name}`, '--depends-on', held, '--priority', '0');
  await stage.ok(cwd, ['decision', 'log', 'Clock', '--choice', 'UTC', '--rationale', 'two zones']);
  await stage.ok(cwd, ['task', 'claim', held]);
  return { cwd, held };
}

const treeOf = (stage: Stage, cwd: string): Promise<string> => stage.git(cwd, 'rev-parse', `${BOOK}^{tree}`);
/** All that an import may leave in a repository: refs, and folders of objects that are no part of it. */
async function traces(stage: Stage, cwd: string): Promise<string[]> {
  const refs = await stage.git(cwd, 'for-each-ref', '--format=%(refname)', 'refs/ledgenter', 'refs/ledgenter-local');
  const left = readdirSync(join(cwd, '.git', 'objects')).filter(name => name.startsWith('tmp_'));
  return [...refs.split('\n').filter(Boolean), ...left].sort();
}

t.test('a whole ledger as one file', async t => {
  const stage = new Stage(t.testdir());
  const { cwd, held } = await office(stage, 'one');
  const file = stage.path('one.ledger');
  const written = await stage.ok(cwd, ['export', file]);
  const tree = await treeOf(stage, cwd);
  t.match(written, { tree, claims: 1, entries: 7 });

  await t.test('the same book gives the same bytes, and another file is never replaced', async t => {
    const again = stage.path('again.ledger');
    await stage.git(cwd, 'repack', '-adq');
    await stage.ok(cwd, ['export', again]);
    t.ok(readFileSync(file).equals(readFileSync(again)), 'loose or packed');
    await stage.ok(cwd, ['export', again]);
    const letter = stage.path('letter.txt');
    writeFileSync(letter, 'Dear Anna,\n');
    t.match(await stage.run(cwd, ['export', letter]), { code: 77, answer: { error: { code: 'REFUSED' } } });
    t.equal(readFileSync(letter, 'utf8'), 'Dear Anna,\n');
    t.match(await stage.run(cwd, ['export', stage.path('nowhere/office.ledger')]), { code: 66 });
    t.match(
      readdirSync(stage.dir).filter(name => name.endsWith('.tmp')),
      [],
    );
  });

  await t.test('a dry run says what would come and writes nothing', async t => {
    const two = await stage.repository('dry');
    t.match(await stage.ok(two, ['import', file, '--dry-run']), {
      dry_run: true,
      came: 'the whole ledger',
      entries: 7,
      tree,
      records: { task: 2, note: 1, attachment: 1, decision: 1 },
      holds: 1,
      held: [{ id: held, actor: 'anna' }],
      hints: { next: `ledgenter import ${file}` },
    });
    t.match(await stage.ok(two, ['import', file, '--dry-run', '--lock-policy', 'keep']), {
      hints: { next: `ledgenter import ${file} --lock-policy keep` },
    });
    t.same(await traces(stage, two), []);
    t.same(readdirSync(join(two, '.git', 'objects', 'pack')), []);
  });

  await t.test('export, import: the same tree, the same history, and twice gives nothing new', async t => {
    const two = await stage.repository('two');
    t.match(await stage.ok(two, ['import', file]), { came: 'the whole ledger', tree, lock_policy: 'quarantine' });
    t.equal((await stage.sameBook(cwd, two)).entries, 8);
    t.equal(await treeOf(stage, two), tree);
    t.same(await traces(stage, two), [`refs/ledgenter-local/main/imported/${held}`, BOOK], 'its claim is none here');
    t.match(await stage.ok(two, ['import', file]), { came: 'nothing', entries: 0 });
    const back = stage.path('back.ledger');
    await stage.ok(two, ['export', back]);
    t.equal(readFileSync(back).length < readFileSync(file).length, true, 'without the claim that did not live here');
    t.same(await stage.faults(two), []);
    const other = await stage.run(two, ['task', 'claim', held], { as: 'bob' });
    t.match(other, { code: 75, answer: { error: { details: { holder: 'anna' } } } }, 'a file takes no live claim');
  });

  await t.test('keep restores the claims, drop leaves them in the file; the tree is the same', async t => {
    const kept = await stage.repository('kept');
    await stage.ok(kept, ['import', file, '--lock-policy', 'keep']);
    t.same(await traces(stage, kept), [BOOK, `refs/ledgenter/main/claims/${held}`]);
    t.equal(await treeOf(stage, kept), tree);
    const back = stage.path('kept.ledger');
    await stage.ok(kept, ['export', back]);
    t.ok(readFileSync(back).equals(readFileSync(file)), 'byte for byte');
    const dropped = await stage.repository('dropped');
    await stage.ok(dropped, ['import', file, '--lock-policy', 'drop']);
    t.same(await traces(stage, dropped), [BOOK]);
    t.equal(await treeOf(stage, dropped), tree);
    const later = { as: 'bob', env: stage.later(3_600_000 + 180_000) };
    t.match(await stage.ok(dropped, ['task', 'claim', held], later), { claimed: true }, 'free once the lease is over');
  });

  await t.test('what came later comes by another file; an older one brings nothing', async t => {
    const two = stage.path('two');
    await stage.task(two, 'Meanwhile');
    await stage.task(cwd, 'Later');
    const newer = stage.path('newer.ledger');
    await stage.ok(cwd, ['export', newer]);
    const third = await stage.repository('third');
    await stage.ok(third, ['import', file]);
    t.match(await stage.ok(third, ['import', newer]), { came: 'the whole ledger', entries: 1 });
    t.match(await stage.ok(third, ['import', file]), { came: 'nothing' });
    t.match(await stage.ok(two, ['import', newer]), { came: 'entries', entries: 1 }, 'beside what was done there');
    t.match(await stage.ok(two, ['import', newer]), { came: 'nothing', entries: 0 });
    t.same(await stage.faults(two), []);
  });

  await t.test('files that are damaged, forged or of another kind: told why, and nothing is left', async t => {
    const here = await stage.repository('target');
    const good = readFileSync(file);
    const pack = good.indexOf('PACK');
    const flipped = (at: number): Buffer => {
      const copy = Buffer.from(good);
      copy[at]! ^= 0x10;
      return copy;
    };
    const bad = stage.path('bad.ledger');
    const { tip } = written;
    const head = good.subarray(0, pack).toString('latin1');
    const cases: [what: string, bytes: Buffer, code: string][] = [
      ['no export', Buffer.from('{"tasks": []}\n'), 'BAD_INPUT'],
      ['empty', Buffer.alloc(0), 'BAD_INPUT'],
      ['cut off in its head', good.subarray(0, 40), 'BAD_INPUT'],
      ['cut off behind its head', good.subarray(0, pack), 'BAD_INPUT'],
      ['cut off in its objects', good.subarray(0, Math.floor(good.length / 2)), 'BAD_INPUT'],
      ['one byte less', good.subarray(0, good.length - 1), 'BAD_INPUT'],
      ['a bit of the number of objects', flipped(pack + 8), 'BAD_INPUT'],
      ['a bit of an object', flipped(pack + 200), 'BAD_INPUT'],
      ['a bit of the last object', flipped(good.length - 30), 'BAD_INPUT'],
      ['a bit of the checksum', flipped(good.length - 1), 'BAD_INPUT'],
      [
        'a tip that it does not have',
        Buffer.concat([Buffer.from(head.replace(tip, 'b'.repeat(40)), 'latin1'), good.subarray(pack)]),
        'TAMPERED',
      ],
      ...['refs/heads/trunk', 'refs/ledgenter/main/../../../hooks', 'refs/ledgenter/other/book'].map(
        (ref): [string, Buffer, string] => [
          `a ref ${ref}`,
          Buffer.concat([Buffer.from(head.replace(/(.*book\n)/, `$1${tip} ${ref}\n`), 'latin1'), good.subarray(pack)]),
          'BAD_INPUT',
        ],
      ),
    ];
    for (const [what, bytes, code] of cases) {
      writeFileSync(bad, bytes);
      const ran = await stage.run(here, ['import', bad]);
      t.match(ran, { answer: { ok: false, error: { code, message: /^[^\n]+$/ } } }, `${what}: ${ran.out}`);
      t.equal(ran.code, 65, what);
    }
    writeFileSync(bad, good.subarray(0, pack));
    truncateSync(bad, 9 * 1024 ** 3);
    t.match(await stage.run(here, ['import', bad]), { code: 65, answer: { error: { code: 'TOO_LARGE' } } }, 'huge');
    truncateSync(bad, 0);
    t.match(await stage.run(here, ['import', stage.path()]), { code: 65 }, 'a folder');
    t.match(
      await stage.run(here, ['import', file], { env: { LEDGENTER_LEDGER: 'other' } }),
      { code: 78, answer: { error: { code: 'OTHER_LEDGER' } } },
      'another ledger',
    );
    t.same(await traces(stage, here), []);
  });

  await t.test('an entry that breaks a law is named, whatever git thinks of it', async t => {
    const forged = await stage.repository('forged');
    await stage.ok(forged, ['import', file]);
    const message = (await stage.git(forged, 'log', '-1', '--format=%B', BOOK)).replace(/"n":\d+/, '"n":99');
    for (const [what, name] of [
      ['a task that nobody may change', `tasks/${held[2]}/${held[3]}/${held.slice(2)}/task.json`],
      ['a file of no kind', 'README.md'],
    ] as const) {
      const blob = await stage.start('git', ['hash-object', '-w', '--stdin'], forged, { input: '{}\n' }).ended;
      const index = { GIT_INDEX_FILE: stage.path('index') };
      await stage.tryGit(forged, ['read-tree', BOOK], { env: index });
      await stage.tryGit(forged, ['update-index', '--add', '--cacheinfo', `100644,${blob.out.trim()},${name}`], {
        env: index,
      });
      const tree = (await stage.tryGit(forged, ['write-tree'], { env: index })).out.trim();
      const commit = await stage.start('git', ['commit-tree', tree, '-p', BOOK, '-F', '-'], forged, {
        input: `${message}\n`,
      }).ended;
      const bad = stage.path('forged.ledger');
      await stage.git(forged, 'update-ref', 'refs/ledgenter/main/book', commit.out.trim());
      await stage.git(forged, 'bundle', 'create', '-q', bad, 'refs/ledgenter/main/book');
      await stage.git(forged, 'update-ref', 'refs/ledgenter/main/book', `${commit.out.trim()}~1`);
      const here = stage.path('target');
      const ran = await stage.run(here, ['import', bad]);
      t.match(
        ran,
        { code: 65, answer: { error: { code: 'TAMPERED', message: /^entry [0-9a-f]{12} by anna broke law/ } } },
        what,
      );
      t.same(await traces(stage, here), []);
    }
  });
});

t.test('two ledgers of one name', async t => {
  const stage = new Stage(t.testdir());
  const [one, two] = [await office(stage, 'one'), await office(stage, 'two')];
  const file = stage.path('one.ledger');
  await stage.ok(one.cwd, ['export', file]);
  const before = await treeOf(stage, two.cwd);

  await t.test('the entries of the file are decided anew on this one', async t => {
    const would = await stage.ok(two.cwd, ['import', file, '--dry-run']);
    t.match(would, { came: 'entries', entries: 6, settings_left_out: 1, conflicts: 0 });
    t.equal(await treeOf(stage, two.cwd), before);
    t.match(await stage.ok(two.cwd, ['import', file]), { came: 'entries', entries: 6 });
    t.match(await stage.ok(two.cwd, ['import', file]), { came: 'nothing', already_there: 6 });
    t.match((await stage.ok(two.cwd, ['task', 'query'])).tasks.length, 4);
    t.same(await stage.faults(two.cwd), []);
  });

  await t.test('what does not fit is told and keeps all of it out; as new ones the tasks come, once', async t => {
    for (const { cwd } of [one, two])
      await stage.ok(cwd, ['project', 'create', 'web', '--title', `Web of ${cwd.slice(-3)}`]);
    await stage.task(one.cwd, 'Wanted', '--project', 'web');
    await stage.ok(one.cwd, ['export', file]);
    const was = await stage.git(two.cwd, 'rev-parse', BOOK);
    const refused = await stage.run(two.cwd, ['import', file]);
    t.match(refused, {
      code: 65,
      answer: {
        error: { code: 'FINDINGS', details: { total: 1, conflicts: [{ op: 'project.create', actor: 'anna' }] } },
      },
    });
    t.equal(await stage.git(two.cwd, 'rev-parse', BOOK), was);
    t.match(await stage.ok(two.cwd, ['import', file, '--dry-run']), { conflicts: 1 });
    t.match(await stage.ok(two.cwd, ['import', file, '--ids', 'new', '--dry-run']), { came: 'copies', entries: 1 });
    t.equal(await stage.git(two.cwd, 'rev-parse', BOOK), was);
    t.match(await stage.ok(two.cwd, ['import', file, '--ids', 'new']), { came: 'copies', entries: 1, refused: [] });
    t.match(await stage.ok(two.cwd, ['import', file, '--ids', 'new']), { came: 'nothing', entries: 0 });
    const { tasks } = await stage.ok(two.cwd, ['task', 'query', '--project', 'web']);
    t.match(tasks, [{ title: 'Wanted' }]);
    t.same(await stage.faults(two.cwd), []);
  });
});

t.test('SIGKILL at any moment of an import leaves what was there, and the next one works', async t => {
  const stage = new Stage(t.testdir());
  const source = await stage.repository('source');
  await stage.ok(source, ['init']);
  const issues = Array.from({ length: 300 }, (_, n) =>
    JSON.stringify({ id: `b-${n}`, title: `Issue ${n}`, status: 'open' }),
  );
  writeFileSync(stage.path('issues.jsonl'), `${issues.join('\n')}\n`);
  await stage.ok(source, ['import', 'beads', stage.path('issues.jsonl')]);
  const file = stage.path('many.ledger');
  const { tip } = await stage.ok(source, ['export', file]);
  const here = await stage.repository('here');
  const from = Date.now();
  await stage.ok(here, ['import', file, '--dry-run']);
  const whole = Date.now() - from;
  let killed = 0;
  for (const part of [0.3, 0.5, 0.6, 0.7, 0.85, 1]) {
    const started = stage.begin(here, ['import', file], { group: true });
    const timer = setTimeout(() => process.kill(-started.child.pid!, 'SIGKILL'), whole * part);
    const { signal } = await started.ended.finally(() => clearTimeout(timer));
    if (signal === 'SIGKILL') killed++;
    const book = (await stage.tryGit(here, ['rev-parse', '-q', '--verify', BOOK])).out.trim();
    t.ok(book === '' || book === tip, 'no book, or the whole one');
    t.equal(await stage.fsck(here), '');
    if (book === tip) break;
  }
  t.ok(killed > 0, 'some really died');
  t.match(await stage.ok(here, ['import', file]), { tip });
  t.same(await traces(stage, here), [BOOK], 'what they left was swept');
});

t.test(
  '5,722 real issues: the same tree',
  { skip: existsSync(REAL) ? false : 'the real export is not beside this checkout' },
  async t => {
    const stage = new Stage(t.testdir());
    const source = await stage.repository('source');
    await stage.ok(source, ['init']);
    t.match(await stage.ok(source, ['import', 'beads', REAL, '--project', 'beads']), { entries: 5723 });
    const file = stage.path('beads.ledger');
    await stage.ok(source, ['export', file]);
    t.ok(statSync(file).size < 10 << 20);
    const here = await stage.repository('here');
    const ran = await stage.run(here, ['import', file]);
    t.match(ran.answer, { ok: true, came: 'the whole ledger', entries: 5724, records: { task: 5722 } });
    t.equal(await treeOf(stage, here), await treeOf(stage, source));
  },
);
