import t, { type Test } from 'tap';
import { bareRemote, gitClone, memoryWorld, type World } from './remotes.ts';
import { chain, meta, put } from './repos.ts';

const PREFIX = 'refs/ledgenter/main/';
const BOOK = `${PREFIX}book`;
const CLAIM = `${PREFIX}claims/t-0123456789`;
const QUEUE = `${PREFIX}queue/w1`;
const TRACKED = 'refs/ledgenter-remotes/origin/main/';

const WORLDS: Record<string, (t: Test) => Promise<World>> = {
  memory: async () => memoryWorld(),
  git: async t => {
    const dir = t.testdir();
    const shared = bareRemote(dir);
    return { a: await gitClone(t, dir, shared, 'a'), b: await gitClone(t, dir, shared, 'b') };
  },
  'git, refs kept as branches': async t => {
    const dir = t.testdir();
    const shared = bareRemote(dir);
    const options = { namespace: 'refs/heads/ledgenter' };
    return { a: await gitClone(t, dir, shared, 'a', options), b: await gitClone(t, dir, shared, 'b', options) };
  },
};

for (const [kind, make] of Object.entries(WORLDS)) t.test(kind, t => suite(t, make));

async function suite(t: Test, make: (t: Test) => Promise<World>): Promise<void> {
  t.test('what one clone pushes, the other fetches whole', async t => {
    const { a, b } = await make(t);
    t.same(await a.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map() });
    const oids = await chain(a.store, null, 5);
    const claim = await a.store.commit([], [put('claim.json', '{}\n')], meta('claim'));
    const pushed = await a.remote.push([
      { ref: BOOK, old: null, new: oids[4]! },
      { ref: CLAIM, old: null, new: claim },
    ]);
    t.same(pushed, { kind: 'accepted' });
    const refs = new Map([
      [BOOK, oids[4]!],
      [CLAIM, claim],
    ]);
    t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs });
    t.equal((await b.store.log(oids[4]!, null)).length, 5);
    t.same(await b.store.readBlobs([`${claim}:claim.json`]), ['{}\n']);
    t.same(await b.store.refs('refs/ledgenter/'), new Map(), 'local refs are nobody’s but the clone’s own');
    const tracked = new Map([...refs].map(([ref, oid]) => [ref.replace(PREFIX, TRACKED), oid]));
    t.same(await b.store.refs(TRACKED), tracked);
    t.same(await a.store.refs(TRACKED), tracked, 'a push is remembered as a fetch is');
  });

  t.test('of two claims one wins, and the loser’s whole push is refused', async t => {
    const { a, b } = await make(t);
    const mine = await a.store.commit([], [put('c', 'a')], meta('a claims'));
    const theirs = await b.store.commit([], [put('c', 'b')], meta('b claims'));
    t.same(await a.remote.push([{ ref: CLAIM, old: null, new: mine }]), { kind: 'accepted' });
    const lost = await b.remote.push([
      { ref: BOOK, old: null, new: theirs },
      { ref: CLAIM, old: null, new: theirs },
    ]);
    t.match(lost, { kind: 'refused' });
    t.ok(lost.kind === 'refused' && lost.refs.some(({ ref, reason }) => ref === CLAIM && reason !== ''), 'by name');
    t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[CLAIM, mine]]) }, 'nothing of it stays');
  });

  t.test('a ref moves, and goes, only from the value that was seen', async t => {
    const { a, b } = await make(t);
    const [one, two, three] = (await chain(a.store, null, 3)) as [string, string, string];
    await a.remote.push([{ ref: CLAIM, old: null, new: one }]);
    await b.remote.fetch(PREFIX);
    t.same(await a.remote.push([{ ref: CLAIM, old: one, new: two }]), { kind: 'accepted' });
    t.match(await b.remote.push([{ ref: CLAIM, old: one, new: null }]), { kind: 'refused' }, 'a stale delete');
    t.match(await a.remote.push([{ ref: CLAIM, old: one, new: three }]), { kind: 'refused' }, 'a stale swap');
    const done = await a.remote.push([
      { ref: BOOK, old: null, new: three },
      { ref: CLAIM, old: two, new: null },
    ]);
    t.same(done, { kind: 'accepted' }, 'landing and deleting in one');
    t.match(await a.remote.push([{ ref: CLAIM, old: two, new: null }]), { kind: 'refused' }, 'it is gone');
    t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[BOOK, three]]) });
    t.same(await b.store.refs(TRACKED), new Map([[`${TRACKED}book`, three]]), 'the tracked claim went with it');
  });

  t.test('a claim is taken over by a commit that does not descend from it', async t => {
    const { a, b } = await make(t);
    const first = await a.store.commit([], [put('c', 'a')], meta('first'));
    await a.remote.push([{ ref: CLAIM, old: null, new: first }]);
    await b.remote.fetch(PREFIX);
    const second = await b.store.commit([], [put('c', 'b')], meta('second'));
    t.same(await b.remote.push([{ ref: CLAIM, old: first, new: second }]), { kind: 'accepted' });
    t.same(await a.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[CLAIM, second]]) });
    t.same(await a.store.refs(TRACKED), new Map([[CLAIM.replace(PREFIX, TRACKED), second]]));
  });

  t.test('the tracked book never goes back, though the listing says what it sees', async t => {
    const { a, b } = await make(t);
    const [one, two] = (await chain(a.store, null, 2)) as [string, string];
    await a.remote.push([{ ref: BOOK, old: null, new: two }]);
    await b.remote.fetch(PREFIX);
    await a.remote.push([{ ref: BOOK, old: two, new: one }]);
    t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[BOOK, one]]) });
    t.same(await b.store.refs(TRACKED), new Map([[`${TRACKED}book`, two]]));
    await a.remote.push([{ ref: BOOK, old: one, new: null }]);
    t.same(await b.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map() });
    t.same(await b.store.refs(TRACKED), new Map([[`${TRACKED}book`, two]]), 'nor away');
  });

  t.test('a fetch of one folder leaves the rest alone', async t => {
    const { a, b } = await make(t);
    const [one] = (await chain(a.store, null, 1)) as [string];
    const all = [BOOK, CLAIM, QUEUE, 'refs/ledgenter/other/book'];
    await a.remote.push(all.map(ref => ({ ref, old: null, new: one })));
    await b.remote.fetch('refs/ledgenter/');
    await a.remote.push([CLAIM, QUEUE].map(ref => ({ ref, old: one, new: null })));
    t.same(await b.remote.fetch(`${PREFIX}claims/`), { kind: 'fetched', refs: new Map() });
    t.same(
      [...(await b.store.refs('refs/ledgenter-remotes/origin/')).keys()],
      [`${TRACKED}book`, `${TRACKED}queue/w1`, 'refs/ledgenter-remotes/origin/other/book'],
    );
    t.same(await b.remote.fetch(BOOK), { kind: 'fetched', refs: new Map([[BOOK, one]]) }, 'one exact ref');
  });

  t.test('the same push again finds its work done', async t => {
    const { a } = await make(t);
    const [one, two] = (await chain(a.store, null, 2)) as [string, string];
    await a.remote.push([{ ref: BOOK, old: null, new: one }]);
    await a.remote.push([{ ref: BOOK, old: one, new: two }]);
    const again = await a.remote.push([{ ref: BOOK, old: one, new: two }]);
    t.ok(again.kind === 'accepted' || again.kind === 'refused', again.kind);
    t.same(await a.remote.fetch(PREFIX), { kind: 'fetched', refs: new Map([[BOOK, two]]) });
  });
}
