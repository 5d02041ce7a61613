import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { bareRemote, gitClone } from './remotes.ts';
import { chain, ENV, fsck, git, initRepo, open } from './repos.ts';

interface Worker {
  child: ChildProcess;
  said: unknown[];
  closed: Promise<unknown>;
  go(): void;
}

const SCRIPT = ['--import=tsx', fileURLToPath(new URL('worker.ts', import.meta.url))];

/** Starts a worker and waits until it is ready to go. */
function worker(t: Test, ...args: string[]): Promise<Worker> {
  return started(t, process.execPath, [...SCRIPT, ...args]);
}

async function started(t: Test, command: string, args: string[]): Promise<Worker> {
  const child = spawn(command, args, { env: ENV, stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const said: unknown[] = [];
  const lines = createInterface({ input: child.stdout! });
  const closed = once(child, 'close');
  await once(lines, 'line');
  lines.on('line', line => said.push(JSON.parse(line)));
  return { child, said, closed, go: () => child.stdin!.write('go\n') };
}

async function all(workers: Worker[]): Promise<unknown[][]> {
  for (const { go } of workers) go();
  await Promise.all(workers.map(({ closed }) => closed));
  return workers.map(({ said }) => said);
}

t.test('three processes race for forty refs: each has one winner', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const names = ['one', 'two', 'three'];
  const workers = await Promise.all(names.map(name => worker(t, 'swap', dir, name, '40')));
  const won = (await all(workers)).flatMap(([report]) => (report as { won: number[] }).won);
  t.same(
    won.sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, i) => i),
  );
});

t.test('killed in the middle of writing, a repository is whole and the next write works', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const ref = 'refs/ledgenter/main/book';
  for (const killAfter of [3, 12]) {
    const writer = await worker(t, 'write', dir);
    writer.go();
    while (writer.said.length < killAfter) await new Promise(resolve => setTimeout(resolve, 3));
    writer.child.kill('SIGKILL');
    await writer.closed;
    const acknowledged = (writer.said.at(-1) as { oid: string }).oid;
    const { store } = await open(t, dir);
    const tip = (await store.refs(ref)).get(ref)!;
    t.equal(await store.mergeBase(acknowledged, tip), acknowledged, 'what was told as written is there');
    const [next] = (await chain(store, tip, 1)) as [string];
    t.same(await store.swap([{ ref, old: tip, new: next }]), { ok: true });
    t.equal(fsck(dir), '');
  }
  t.same(
    readdirSync(join(dir, '.git')).filter(name => name.startsWith('fast_import_crash')),
    [],
  );
});

t.test('six processes fetch in one clone while others push: every fetch succeeds', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a');
  const b = initRepo(join(dir, 'b'));
  git(b, 'remote', 'add', 'origin', shared);
  const workers = await Promise.all(Array.from({ length: 6 }, () => worker(t, 'fetch', b, '5')));
  const done = all(workers);
  let finished = false;
  void done.then(() => {
    finished = true;
  });
  let book: string | null = null;
  for (let round = 0; !finished; round++) {
    const oids: string[] = await chain(a.store, book, 3, `r${round}`);
    const claim = `refs/ledgenter/main/claims/t-${round}`;
    await a.remote.push([
      { ref: 'refs/ledgenter/main/book', old: book, new: oids[2]! },
      { ref: claim, old: null, new: oids[0]! },
    ]);
    book = oids[2]!;
    if (round % 2 === 0) await a.remote.push([{ ref: claim, old: oids[0]!, new: null }]);
  }
  const reports = (await done).flat() as { kind: string; reason: string; absent: number }[];
  t.equal(reports.length, 30);
  t.same(
    reports.filter(({ kind, absent }) => kind !== 'fetched' || absent > 0),
    [],
  );
  t.equal(fsck(b), '');
});

t.test('numbers of one clone are drawn once, whoever draws', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const workers = await Promise.all([1, 2, 3].map(() => worker(t, 'numbers', dir, '20')));
  const reports = (await all(workers)).map(([report]) => report as { numbers: number[]; writer: string });
  const numbers = reports.flatMap(report => report.numbers);
  t.equal(new Set(numbers).size, 60);
  t.equal(Math.max(...numbers), 60);
  t.equal(new Set(reports.map(({ writer }) => writer)).size, 1, 'and all have one writer id');
});

t.test('no room to write is NO_ROOM, and nothing is half-written', async t => {
  if (process.platform === 'win32') {
    t.comment('no file size limit to set');
    t.pass('skipped');
    return;
  }
  const dir = initRepo(join(t.testdir(), 'repo'));
  const { store } = await open(t, dir);
  const [tip] = (await chain(store, null, 1)) as [string];
  // tsx keeps a cache of files, and tap notes what runs below it: the limit would hit both.
  const limited = 'ulimit -f 0; unset NODE_OPTIONS; TSX_DISABLE_CACHE=1 exec "$0" "$@"';
  const full = await started(t, 'sh', ['-c', limited, process.execPath, ...SCRIPT, 'full', dir, tip]);
  full.go();
  await full.closed;
  t.same(full.said, ['NO_ROOM', 'NO_ROOM', 'NO_ROOM', 'NO_ROOM', ['{"i":0}\n']]);
  t.equal(fsck(dir), '');
  // The limit kills git, which then leaves its lock; some seconds later that no longer matters.
  const ref = 'refs/ledgenter/main/book';
  const lock = join(dir, '.git', `${ref}.lock`);
  if (existsSync(lock)) utimesSync(lock, new Date(), new Date(Date.now() - 11_000));
  t.same(await store.swap([{ ref, old: null, new: tip }]), { ok: true });
});

t.test('helpers that nobody closed do not keep the process alive', async t => {
  const dir = initRepo(join(t.testdir(), 'repo'));
  const idle = await worker(t, 'idle', dir);
  idle.go();
  t.same(await idle.closed, [0, null]);
});
