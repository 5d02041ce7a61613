import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { spawnCount } from '../../src/store/git/index.ts';
import { bareRemote, gitClone, installHook } from './remotes.ts';
import { chain, git, meta, open, put } from './repos.ts';

const PREFIX = 'refs/ledgenter/main/';
const BOOK = `${PREFIX}book`;
const CLAIM = `${PREFIX}claims/t-0123456789`;

t.test('a host that hides or declines our refs is REMOTE_REFUSED, and another namespace works there', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  git(shared, 'config', 'receive.hideRefs', 'refs/ledgenter');
  const a = await gitClone(t, dir, shared, 'a');
  const [one] = (await chain(a.store, null, 1)) as [string];
  const hidden = await a.remote.push([{ ref: BOOK, old: null, new: one }]);
  t.match(hidden, { kind: 'denied', code: 'REMOTE_REFUSED', reason: /hidden/ });

  git(shared, 'config', '--unset', 'receive.hideRefs');
  installHook(
    shared,
    'update',
    'case "$1" in refs/heads/*) exit 0;; esac; echo "only branches are accepted here" >&2; exit 1',
  );
  const declined = await a.remote.push([
    { ref: BOOK, old: null, new: one },
    { ref: CLAIM, old: null, new: one },
  ]);
  t.match(declined, { kind: 'denied', code: 'REMOTE_REFUSED', reason: /only branches are accepted here/ });
  const b = await gitClone(t, dir, shared, 'b', { namespace: 'refs/heads/ledgenter' });
  const [two] = (await chain(b.store, null, 1)) as [string];
  t.same(await b.remote.push([{ ref: BOOK, old: null, new: two }]), { kind: 'accepted' });
  t.equal(git(shared, 'for-each-ref', '--format=%(refname)'), 'refs/heads/ledgenter/main/book');
});

t.test('a pre-receive hook that says no is REMOTE_REFUSED; one that speaks of rights is REMOTE_READ_ONLY', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a');
  const [one] = (await chain(a.store, null, 1)) as [string];
  installHook(shared, 'pre-receive', 'cat >/dev/null; echo "entry is unlawful" >&2; exit 1');
  const declined = await a.remote.push([{ ref: BOOK, old: null, new: one }]);
  t.match(declined, { kind: 'denied', code: 'REMOTE_REFUSED', reason: /pre-receive hook declined: entry is unlawful/ });
  installHook(shared, 'pre-receive', 'cat >/dev/null; echo "You are not allowed to push code here" >&2; exit 1');
  const readOnly = await a.remote.push([{ ref: BOOK, old: null, new: one }]);
  t.match(readOnly, { kind: 'denied', code: 'REMOTE_READ_ONLY', reason: /not allowed to push/ });
  t.equal(git(shared, 'for-each-ref'), '', 'nothing landed');
});

t.test('an unreachable remote is broken, for reading and for writing', async t => {
  const dir = t.testdir();
  const a = await gitClone(t, dir, join(dir, 'nowhere.git'), 'a');
  const [one] = (await chain(a.store, null, 1)) as [string];
  t.match(await a.remote.fetch(PREFIX), { kind: 'broken', reason: /does not (exist|appear)/i });
  t.match(await a.remote.push([{ ref: BOOK, old: null, new: one }]), { kind: 'broken', reason: /./ });
});

t.test('a push whose answer never comes is broken, and the remote may have taken it', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a', { timeoutMs: 1500 });
  const [one] = (await chain(a.store, null, 1)) as [string];
  installHook(shared, 'post-receive', 'exec sleep 5');
  t.match(await a.remote.push([{ ref: BOOK, old: null, new: one }]), { kind: 'broken', reason: /in time/ });
  t.same(await a.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[BOOK, one]]) }, 'read back');
});

t.test('one ref that the host refuses keeps back the whole push', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a');
  const [one] = (await chain(a.store, null, 1)) as [string];
  installHook(shared, 'update', 'case "$1" in */claims/*) exit 1;; esac');
  const updates = [BOOK, CLAIM].map(ref => ({ ref, old: null, new: one }));
  t.match(await a.remote.push(updates), { kind: 'denied', code: 'REMOTE_REFUSED' });
  t.equal(git(shared, 'for-each-ref'), '');
  t.same(await a.store.refs('refs/ledgenter-remotes/'), new Map(), 'and is not remembered');
});

t.test('the user’s hooks and push settings change nothing', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const own = join(dir, 'own');
  for (const hook of ['pre-push', 'reference-transaction']) {
    installHook(own, hook, 'echo "hook ran" >&2; exit 1');
    installHook(join(dir, 'a', '.git'), hook, 'echo "hook ran" >&2; exit 1');
  }
  const settings = {
    'core.hooksPath': join(own, 'hooks'),
    'core.logAllRefUpdates': 'always',
    'push.followTags': 'true',
    'push.gpgSign': 'true',
    'push.recurseSubmodules': 'on-demand',
    'push.default': 'nothing',
    'remote.origin.mirror': 'true',
    'fetch.prune': 'true',
  };
  const a = await gitClone(t, dir, shared, 'a', { settings });
  const [one] = (await chain(a.store, null, 1)) as [string];
  git(a.dir, '-c', 'core.hooksPath=none', 'tag', '-a', '-m', 'v', 'v1', one);
  t.same(await a.store.swap([{ ref: BOOK, old: null, new: one }]), { ok: true });
  t.same(await a.remote.push([{ ref: BOOK, old: null, new: one }]), { kind: 'accepted' });
  t.equal(git(shared, 'for-each-ref', '--format=%(refname)'), BOOK, 'no tag, no branch went along');
  t.match(await a.remote.fetch(PREFIX), { kind: 'fetched' });
  t.match(git(a.dir, 'tag'), 'v1', 'and the user’s tag is still there');
});

t.test('an object that is here without what it needs is fetched again', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const [a, b] = [await gitClone(t, dir, shared, 'a'), await gitClone(t, dir, shared, 'b')];
  const tip = await a.store.commit([], [put('x/y', '1')], meta('one'));
  await a.remote.push([{ ref: BOOK, old: null, new: tip }]);
  // What a fetch leaves that was killed while it unpacked: the commit without its tree.
  const path = join('.git', 'objects', tip.slice(0, 2), tip.slice(2));
  mkdirSync(dirname(join(b.dir, path)), { recursive: true });
  cpSync(join(a.dir, path), join(b.dir, path));
  t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[BOOK, tip]]) });
  t.same(await b.store.readBlobs([`${tip}:x/y`]), ['1']);
});

t.test('a partial clone of the code holds the whole ledger', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  git(shared, 'config', 'uploadpack.allowFilter', 'true');
  const settings = { 'remote.origin.promisor': 'true', 'remote.origin.partialclonefilter': 'blob:none' };
  const [a, b] = [await gitClone(t, dir, shared, 'a'), await gitClone(t, dir, shared, 'b', { settings })];
  const oids = await chain(a.store, null, 3);
  await a.remote.push([{ ref: BOOK, old: null, new: oids[2]! }]);
  await b.remote.fetch(PREFIX);
  t.notMatch(git(b.dir, 'rev-list', '--objects', '--missing=print', oids[2]!), /^\?/m, 'nothing is missing');
});

t.test('packed refs, packed objects and alternates are read as git reads them', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a');
  const oids = await chain(a.store, null, 4);
  await a.store.swap([{ ref: BOOK, old: null, new: oids[1]! }]);
  git(a.dir, 'pack-refs', '--all');
  t.same(await a.store.refs(BOOK), new Map([[BOOK, oids[1]!]]));
  t.match(await a.store.swap([{ ref: BOOK, old: oids[0]!, new: oids[2]! }]), { ok: false, lost: [BOOK] });
  t.same(await a.store.swap([{ ref: BOOK, old: oids[1]!, new: oids[3]! }]), { ok: true });
  git(a.dir, 'repack', '-adq');
  t.equal((await a.store.log(oids[3]!, null)).length, 4, 'after a repack under the open store');
  t.same(await a.store.swap([{ ref: BOOK, old: oids[3]!, new: null }]), { ok: true });
  t.same(await a.store.refs(BOOK), new Map(), 'a packed ref is deleted');

  git(dir, 'clone', '-q', '--bare', '--shared', join(a.dir, '.git'), join(dir, 'borrows.git'));
  const { store } = await open(t, join(dir, 'borrows.git'));
  const next = await store.commit([oids[3]!], [put('more', '1')], meta('on a borrowed parent'));
  t.equal((await store.log(next, oids[2]!)).length, 2);
});

t.test('what an operation costs in processes', async t => {
  const dir = t.testdir();
  const shared = bareRemote(dir);
  const a = await gitClone(t, dir, shared, 'a');
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    const before = spawnCount();
    await work();
    return spawnCount() - before;
  };
  const oids = await chain(a.store, null, 4);
  await a.store.swap([{ ref: BOOK, old: null, new: oids[0]! }]);
  await a.store.readCommits([oids[0]!]);
  t.equal(await cost(() => a.store.refs(BOOK)), 0, 'reading one ref');
  t.equal(await cost(() => a.store.swap([{ ref: BOOK, old: oids[0]!, new: oids[1]! }])), 0, 'a won swap');
  t.equal(await cost(() => a.store.commit([oids[1]!], [put('c', '1')], meta('c'))), 0, 'a commit');
  t.equal(await cost(() => a.store.log(oids[3]!, oids[0]!)), 0, 'a near log');
  t.equal(await cost(() => a.store.diff(oids[0]!, oids[3]!)), 0, 'a small diff');
  t.equal(await cost(() => a.store.mergeBase(oids[0]!, oids[3]!)), 0, 'a near merge base');
  t.equal(await cost(() => a.remote.push([{ ref: BOOK, old: null, new: oids[3]! }])), 1, 'a push');
  t.equal(await cost(() => a.remote.fetch(PREFIX)), 2, 'a fetch of nothing new');
  const b = await gitClone(t, dir, shared, 'b');
  await b.remote.fetch(PREFIX);
  const next = await a.store.commit([oids[3]!], [put('d', '1')], meta('d'));
  await a.remote.push([{ ref: BOOK, old: oids[3]!, new: next }]);
  t.equal(await cost(() => b.remote.fetch(PREFIX)), 3, 'a fetch of a new entry');
});
