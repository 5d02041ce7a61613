import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CatFile } from '../../src/store/git/catfile.ts';
import { chain, ENV, git, initRepo, meta, open, put } from './repos.ts';

/** Writes a blob with plain git, as a stranger may. */
async function blobOf(dir: string, body: Buffer): Promise<string> {
  const child = spawn('git', ['hash-object', '-w', '--stdin'], {
    cwd: dir,
    env: ENV,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(body);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}

t.test('a blob that is too large or no text is told as bad, and the reading goes on', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const { store } = await open(t, dir);
  const good = await blobOf(dir, Buffer.from('good'));
  for (const body of [
    Buffer.alloc(3 << 20, 'x'),
    Buffer.alloc(70 << 20),
    Buffer.from([0xff, 0xfe]),
    Buffer.from([0xed, 0xa0, 0x80]),
  ]) {
    const bad = await blobOf(dir, body);
    const all = await Promise.allSettled([store.readBlobs([good]), store.readBlobs([bad]), store.readBlobs([good])]);
    t.match(all[1], { status: 'rejected', reason: { code: 'BAD_LEDGER' } }, `${body.length} bytes`);
    t.same(
      [all[0], all[2]].map(one => one.status === 'fulfilled' && one.value),
      [['good'], ['good']],
    );
  }
  t.same(await store.readBlobs([await blobOf(dir, Buffer.from('\ufeff\0é'))]), ['\ufeff\0é'], 'text stays as it is');
});

t.test('a commit a stranger wrote in an odd form is read without a throw', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const { store } = await open(t, dir);
  const tree = git(dir, 'write-tree');
  const odd = [
    `tree ${tree}\nauthor nobody\n\nparent ${'1'.repeat(40)}\n`,
    `tree ${tree}\nauthor A <a@b> 99999999999999999999 +0000\ncommitter A <a@b> -5 +0000\n\n\xff`,
    `tree ${tree}`,
    `tree ${tree}\nauthor A <a@b> 5 +0200\ncommitter A <a@b> 6 -0800\ngpgsig x\n y\nencoding latin1\n\nmessage`,
  ];
  for (const text of odd) {
    const child = spawn('git', ['hash-object', '-w', '-t', 'commit', '--literally', '--stdin'], { cwd: dir, env: ENV });
    child.stdin.end(Buffer.from(text, 'latin1'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const [commit] = await store.readCommits([line.toString().trim()]);
    t.match(commit, { tree, parents: [], message: String }, JSON.stringify(text));
  }
});

t.test('a reader that dies is replaced, and nobody notices', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const { store } = await open(t, dir);
  const oids = await chain(store, null, 200);
  const reader = new CatFile({ cwd: dir, env: ENV });
  t.teardown(() => reader.close());
  const first = await reader.ask(oids);
  t.ok(first.every(found => found?.type === 'commit'));
  for (const ask of [oids, [...oids].reverse()]) {
    const answers = reader.ask(ask);
    reader.child?.kill('SIGKILL');
    t.same(
      (await answers).map(found => found?.oid),
      ask,
    );
  }
  const pending = reader.ask(oids);
  await Promise.all([t.rejects(pending, { code: 'CANCELLED' }), reader.close()]);
  t.equal((await reader.ask(oids)).length, 200, 'and it can be asked again');
});

t.test('a reader that cannot work says why instead of starting for ever', async t => {
  const dir = t.testdir();
  const reader = new CatFile({ cwd: dir, gitDir: join(dir, 'nothing'), env: ENV });
  await t.rejects(reader.ask(['1'.repeat(40)]), { code: 'NO_REPOSITORY' });
  const nowhere = new CatFile({ cwd: join(dir, 'gone'), env: ENV });
  await t.rejects(nowhere.ask(['1'.repeat(40)]), { code: 'NO_REPOSITORY' });
  const noGit = new CatFile({ cwd: dir, env: { PATH: join(dir, 'empty') } });
  await t.rejects(noGit.ask(['1'.repeat(40)]), { code: 'GIT_TOO_OLD' });
});

t.test('a lock that a killed git left on our ref is removed', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const { store } = await open(t, dir);
  const tip = await store.commit([], [put('a', '1')], meta('one'));
  const ref = 'refs/ledgenter/main/book';
  const lock = join(dir, '.git', `${ref}.lock`);
  mkdirSync(join(dir, '.git', 'refs', 'ledgenter', 'main'), { recursive: true });
  writeFileSync(lock, '');
  utimesSync(lock, new Date(), new Date(Date.now() - 60_000));
  t.same(await store.swap([{ ref, old: null, new: tip }]), { ok: true });
});
