import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

interface Finding {
  code: string;
  level: string;
  what: string;
  where: string;
  next: string;
}

t.test('each fault that can occur is found by its code, with where it is and what mends it', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bob']);
  const [anna, bob] = clones as [string, string];
  const git = join(anna, '.git');
  const task = await stage.task(anna, 'Finished', '--sync');
  await stage.ok(anna, ['task', 'claim', task]);
  const claim = await stage.git(remote, 'rev-parse', `refs/ledgenter/main/claims/${task}`);
  await stage.ok(anna, ['task', 'update', task, '--status', 'done', '--sync']);
  await stage.ok(bob, ['sync'], { as: 'bob' });

  /** What doctor finds, but for what is so in every clone of this test. */
  const found = async (cwd = anna): Promise<Finding[]> => {
    const ran = await stage.run(cwd, ['doctor']);
    const findings: Finding[] = ran.answer.findings;
    const faults = findings.filter(({ level }) => level === 'fault').length;
    t.equal(ran.code, faults > 0 ? 78 : 0, ran.out);
    t.match(ran.answer, { faults, healthy: faults === 0 });
    for (const one of findings) {
      t.match(one, { code: /^[a-z]+\.[a-z_]+$/, level: /^(fault|warning|note)$/, what: /\S/, where: /\S/, next: /\S/ });
      t.notOk(JSON.stringify(one).includes(stage.dir), 'no path of this machine');
    }
    return findings.filter(({ code }) => code !== 'hooks.absent');
  };
  const codes = async (cwd = anna): Promise<string[]> => (await found(cwd)).map(({ code }) => code).sort();
  const repair = async (cwd = anna): Promise<{ code: string; did: string }[]> =>
    (await stage.run(cwd, ['repair'])).answer.repaired;

  t.same(await found(), [], 'a whole clone has none');
  t.same(await stage.ok(anna, ['repair']).then(({ repaired }) => repaired), []);
  t.notOk('last_repair' in (await stage.ok(anna, ['doctor'])));

  await t.test('damaged notes get another name, and nothing that stood in them is lost', async t => {
    const desk = join(git, 'ledgenter', 'main');
    const before = Number(readFileSync(join(desk, 'number'), 'utf8'));
    mkdirSync(join(desk, 'holds'), { recursive: true });
    writeFileSync(join(desk, 'holds', `${task}.json`), '{"half": ');
    writeFileSync(join(desk, 'number'), 'seven');
    writeFileSync(join(git, 'ledgenter-runs', 'anna.json'), '');
    const cache = join(git, 'ledgenter', 'cache', 'main');
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'tasks.base'), 'rubbish');
    t.same(await codes(), ['cache.damaged', 'desk.damaged', 'desk.damaged', 'runs.damaged']);
    const would = await stage.ok(anna, ['repair', '--dry-run']);
    t.equal(would.would.length, 4);
    t.equal(readFileSync(join(desk, 'number'), 'utf8'), 'seven', 'a dry run changes nothing');
    await repair();
    t.same(await found(), []);
    const aside = readdirSync(join(desk, 'holds')).find(name => name.startsWith(`${task}.json.damaged-`));
    t.equal(readFileSync(join(desk, 'holds', aside!), 'utf8'), '{"half": ');
    t.ok(Number(readFileSync(join(desk, 'number'), 'utf8')) > 0);
    await stage.task(anna, 'After the repair', '--sync');
    t.ok(Number(readFileSync(join(desk, 'number'), 'utf8')) >= Math.min(before, 2), 'numbers rise on');
    t.same(await stage.faults(anna), []);
    const { last_repair } = await stage.ok(anna, ['doctor']);
    t.match(last_repair, { actor: 'anna', code: /damaged/, did: /\S/ });
    const log = readFileSync(join(desk, 'repairs.log'), 'utf8').trimEnd().split('\n');
    t.equal(log.length, 4, 'a line for each step');
  });

  await t.test('a claim ref that stayed behind goes by compare-and-swap; a live one stays', async t => {
    const open = await stage.task(anna, 'In work', '--sync');
    await stage.ok(anna, ['task', 'claim', open]);
    await stage.git(remote, 'update-ref', `refs/ledgenter/main/claims/${task}`, claim);
    await stage.ok(anna, ['sync']);
    const [dead, ...more] = await found();
    t.match(dead, { code: 'claims.dead', where: `refs/ledgenter/main/claims/${task}` });
    t.same(more, []);
    t.match(await repair(), [{ code: 'claims.dead', did: `removed; it showed ${claim}` }]);
    t.same(await found(), []);
    t.match(await stage.git(remote, 'for-each-ref', '--format=%(refname)', 'refs/ledgenter/main/claims'), open);
    await stage.ok(anna, ['task', 'release', open, '--sync']);
  });

  await t.test('what killed processes left is swept, once nobody can be using it', async t => {
    const left = join(git, 'ledgenter', 'main', 'number.0123456789ab.tmp');
    writeFileSync(left, '7');
    t.same(await found(), [], 'a process may be at it');
    utimesSync(left, 1, 1);
    mkdirSync(join(git, 'objects', 'tmp_objdir-ledgenter-999999999-abc', 'pack'), { recursive: true });
    t.same(await codes(), ['desk.left', 'objects.left']);
    await repair();
    t.notOk(existsSync(left));
    t.same(await found(), []);
  });

  await t.test('settings that work against the ledger are told, and left to the user', async t => {
    await stage.git(anna, 'config', 'ledgenter.namespace', 'refs/heads/ledgenter');
    await stage.git(anna, 'config', '--add', 'remote.origin.fetch', '+refs/ledgenter/*:refs/ledgenter/*');
    const settings = (await found()).filter(({ code }) => code.startsWith('config.'));
    t.match(settings, [
      { code: 'config.namespace', level: 'fault', where: 'ledgenter.namespace' },
      { code: 'config.refspec', level: 'warning', where: 'remote.origin.fetch' },
    ]);
    for (const { next } of settings) t.match(await stage.start('sh', ['-c', next], anna).ended, { code: 0 }, next);
    t.same(await found(), []);
  });

  await t.test('a lost ref of the book and missing objects come back', async t => {
    await stage.git(bob, 'update-ref', '-d', BOOK);
    t.match(await found(bob), [{ code: 'book.gone', level: 'fault', next: 'ledgenter repair' }]);
    await repair(bob);
    t.same(await codes(bob), []);
    await stage.task(bob, 'Not landed yet');
    const tip = await stage.git(bob, 'rev-parse', BOOK);
    writeFileSync(join(bob, '.git', ...BOOK.split('/')), ''); // as a power failure leaves it
    t.same(await codes(bob), ['book.gone', 'refs.broken']);
    await repair(bob);
    t.equal(await stage.git(bob, 'rev-parse', BOOK), tip, 'with what was written here and has not landed');
    await stage.ok(bob, ['sync']);
    const blob = await stage.git(bob, 'rev-parse', `${BOOK}:tasks/${task[2]}/${task[3]}/${task.slice(2)}/task.json`);
    const loose = join(bob, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
    if (!existsSync(loose)) await unpack(stage, bob);
    rmSync(loose, { force: true });
    t.match(await codes(bob), ['book.objects']);
    t.match(await repair(bob), [{ code: 'book.objects', did: /the book is whole again/ }]);
    t.same(await codes(bob), []);
    t.same(await stage.faults(bob), []);
  });

  await t.test('what is wrong elsewhere is told, and left to people', async t => {
    const codesOf = (ran: { answer: { findings: Finding[] } }): string[] =>
      ran.answer.findings.map(({ code }) => code).filter(code => code !== 'hooks.absent');
    await stage.ok(anna, ['sync']);
    const slow = await stage.run(anna, ['doctor'], { env: stage.later(-300_000) });
    t.same(codesOf(slow), ['clock.ahead'], 'a clock that is five minutes behind');
    await stage.git(remote, 'update-ref', 'refs/heads/ledgenter/main/book', BOOK);
    t.same(await codes(), ['remote.two_books']);
    await stage.git(remote, 'update-ref', '-d', 'refs/heads/ledgenter/main/book');
    await stage.git(remote, 'update-ref', '-d', BOOK);
    t.match(await found(), [{ code: 'remote.book_lost', next: /^git push origin / }]);
    t.same(await repair(), [], 'repair pushes no book');
    await stage.git(anna, 'push', '-q', 'origin', `${BOOK}:${BOOK}`);
    await stage.git(anna, 'remote', 'rename', 'origin', 'elsewhere');
    await stage.git(anna, 'remote', 'set-url', 'elsewhere', stage.path('nowhere'));
    t.same(await codes(), ['authority.elsewhere']);
    const alone = await stage.repository('alone');
    t.match(await found(alone), [{ code: 'book.absent', next: 'ledgenter init' }]);
    await stage.ok(alone, ['init']);
    await stage.ok(alone, ['task', 'claim', await stage.task(alone, 'Claimed last')]);
    const tip = await stage.git(alone, 'rev-parse', BOOK);
    await stage.git(alone, 'update-ref', '-d', BOOK);
    await repair(alone);
    t.equal(await stage.git(alone, 'rev-parse', BOOK), tip, 'a claim that its ref shows is an entry like others');
    const nobody = await stage.git(alone, 'for-each-ref', '--format=%(refname)', 'refs/ledgenter/main/claims');
    for (const ref of [BOOK, nobody]) await stage.git(alone, 'update-ref', '-d', ref);
    await repair(alone);
    t.equal(await stage.git(alone, 'rev-parse', BOOK), await stage.git(alone, 'rev-parse', `${tip}^`));
    await stage.git(alone, 'update-ref', '-d', BOOK);
    await stage.git(alone, 'prune', '--expire=now');
    const { code, answer } = await stage.run(alone, ['repair']);
    t.match(
      { code, answer },
      { code: 78, answer: { faults: 1, hints: { next: 'ledgenter init' } } },
      'not itself again',
    );
  });

  await t.test('reindex makes every derived file anew and counts it against the book', async t => {
    const { rebuilt, differs } = await stage.ok(anna, ['reindex']);
    t.same(differs, []);
    t.match(
      rebuilt.filter((one: { book?: number }) => one.book !== undefined).map(({ view }: { view: string }) => view),
      ['entries', 'tasks', 'logbook'],
    );
    t.equal((await stage.ok(anna, ['search', 'repair'])).total, 1);
  });
});

/** Every object as a file of its own. */
async function unpack(stage: Stage, cwd: string): Promise<void> {
  const folder = join(cwd, '.git', 'objects', 'pack');
  for (const name of readdirSync(folder).filter(name => name.endsWith('.pack'))) {
    const bytes = readFileSync(join(folder, name));
    for (const end of ['.pack', '.idx', '.rev']) rmSync(join(folder, name.replace(/\.pack$/, end)), { force: true });
    writeFileSync(stage.path('some.pack'), bytes);
    const ran = await stage.start('sh', ['-c', 'git unpack-objects -q < "$0"', stage.path('some.pack')], cwd).ended;
    if (ran.code !== 0) throw new Error(ran.err);
  }
}
