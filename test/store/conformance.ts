import type { Test } from 'tap';
import type { CommitMeta, FileEdit, Store } from '../../src/store/port.ts';
import { chain, each, fanned, meta, put } from './repos.ts';

const BOOK = 'refs/ledgenter/main/book';
const CLAIM = 'refs/ledgenter/main/claims/t-0123456789';

/** Edits whose order, names or places are what a careless writer gets wrong; each list is one commit on the last. */
export const HARD_EDITS: FileEdit[][] = [
  [put('ledger.json', '{"format":1}\n'), put('tasks/7/k/7k3qz0m4xv/task.json', '{"title":"one"}\n')],
  [put('a-b', 'sorts before a/'), put('a/x', 'in a folder'), put('a.b', 'between'), put('a0', 'after a/')],
  [put('übergröße/名前/файл 1.json', 'ünï\u{1f600}\n'), put('sp ace/"quoted"', 'q')],
  [put('mixed/\u{1f600}', 'astral'), put('mixed/\uff5e', 'sorts before an astral name'), put('mixed/z', 'ascii')],
  [put(`${'deep/'.repeat(40)}leaf`, 'far down')],
  [put('a/x', ''), put('a/y', '\ufeffwith a byte order mark\r\n')],
  [{ path: 'a/x', text: null }, put('a/y', 'changed')],
  [
    { path: 'a/y', text: null },
    { path: 'sp ace/"quoted"', text: null },
  ],
  [put('a-b/now', 'a folder where a file was')],
  [put('a-b', 'a file where a folder was')],
  [put('twice', 'first'), put('twice', 'second'), put('never/there', 'x'), { path: 'never/there', text: null }],
  [
    { path: 'tasks/7', text: null },
    { path: 'not/here', text: null },
    { path: 'a0/below', text: null },
  ],
  [put('a0/below', 'x'), { path: 'a0/below', text: null }],
  [],
];

/** Messages and people in forms that must come out the same whoever writes them. */
export const HARD_METAS: CommitMeta[] = [
  meta('subject\n\nbody\n'),
  meta('\n\n  no line end\r\nand a carriage return'),
  meta('trailing\n\n\n'),
  meta('ünï\u{1f600}'),
  { ...meta('odd people'), author: { name: ' <Ann>\n "A" ', email: 'a<b>@c', time: 1.9 } },
  { ...meta('no name'), committer: { name: '', email: '', time: 0 } },
];

/** What every implementation of the port promises. `open` gives another handle on the same repository each time. */
export async function conformance(
  t: Test,
  open: (t: Test) => Promise<Store>,
  { many = 250 }: { many?: number } = {},
): Promise<void> {
  t.test('files come back as they were written, by path and by oid', async t => {
    const store = await open(t);
    const tip = await store.commit([], [put('a/b/c.json', '{"é":1}\n'), put('top', 'x')], meta('first'));
    t.same(await store.readBlobs([`${tip}:top`, `${tip}:a/b/c.json`]), ['x', '{"é":1}\n']);
    const [change] = await store.diff(null, tip);
    t.same(await store.readBlobs([change!.after!]), ['{"é":1}\n']);
    t.same(await store.listTree(tip, ''), ['a', 'top']);
    t.same(await store.listTree(tip, 'a/b'), ['c.json']);
    t.same(await store.listTree(tip, 'a/nothing'), []);
    t.same(await store.listTree(tip, 'top'), [], 'a file is no folder');
  });

  t.test('what is not there is undefined, and no spec reaches git as an option or a second line', async t => {
    const store = await open(t);
    const tip = await store.commit([], [put('a/b', 'x')], meta('first'));
    const none = '1'.repeat(tip.length);
    const specs = [
      none,
      `${tip}:a`,
      `${tip}:nope`,
      `${none}:a`,
      tip,
      'HEAD',
      '-h',
      `${tip}:a/b\n${tip}:a/b`,
      `${tip}:../x`,
    ];
    t.same(await store.readBlobs([...specs, `${tip}:a/b`]), [...specs.map(() => undefined), 'x']);
    t.same(await store.readCommits([none, 'HEAD', '-h']), [undefined, undefined, undefined]);
    t.same(await store.readBlobs([]), []);
  });

  t.test('commits come back with their people, parents and message', async t => {
    const store = await open(t);
    const root = await store.commit([], [put('a', '1')], meta('root', 12));
    const other = await store.commit([], [put('b', '1')], meta('other', 13));
    const both = await store.commit([root, other], [put('c', '1')], meta('subject\n\n{"json":1}\n', 14));
    const [found] = await store.readCommits([both]);
    const person = { name: 'Ann Agent', email: 'ann@example.org', time: 14 };
    t.match(found, { oid: both, parents: [root, other], author: person, committer: person });
    t.equal(found!.message, 'subject\n\n{"json":1}\n');
    t.same(await store.readBlobs([`${both}:a`, `${both}:b`]), ['1', undefined], 'the tree is the first parent’s');
  });

  t.test('one by one and as a chain, commits have the same oids', async t => {
    const store = await open(t);
    for (const [i, edits] of HARD_EDITS.entries()) {
      const steps = HARD_EDITS.slice(0, i + 1).map((edits, n) => ({ edits, meta: HARD_METAS[n % HARD_METAS.length]! }));
      if (i < HARD_EDITS.length - 1) continue;
      const many = await store.commitMany(null, each(steps));
      let parents: string[] = [];
      const single: string[] = [];
      for (const step of steps) {
        parents = [await store.commit(parents, step.edits, step.meta)];
        single.push(...parents);
      }
      t.same(single, many, `after ${edits.length} edits`);
    }
  });

  t.test('a folder without files is gone from the tree', async t => {
    const store = await open(t);
    const one = await store.commit([], [put('a/b/c', '1'), put('k', '1')], meta('one'));
    const two = await store.commit([one], [{ path: 'a/b/c', text: null }], meta('two'));
    t.same(await store.listTree(two, ''), ['k']);
    t.same(await store.diff(one, two), [
      { path: 'a/b/c', before: (await store.diff(null, one))[0]!.after, after: null },
    ]);
  });

  t.test('paths that git would refuse or read as others are refused', async t => {
    const store = await open(t);
    for (const path of [
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/./b',
      '.git/config',
      'x/.GIT',
      'git~1/a',
      'a\nb',
      'a\\b',
      'a\u0000',
    ])
      await t.rejects(store.commit([], [put(path, 'x')], meta('bad')), { code: 'BAD_INPUT' }, JSON.stringify(path));
    const bulk = store.commitMany(null, each([{ edits: [put('../a', 'x')], meta: meta('bad') }]));
    await t.rejects(bulk, { code: 'BAD_INPUT' });
    await t.rejects(store.commit([], [put('big', 'x'.repeat(2_200_000))], meta('big')), { code: 'TOO_LARGE' });
    await t.rejects(store.commit([], [put('a', 'x')], meta('nul\u0000')), { code: 'BAD_INPUT' });
    const tip = await store.commit([], [put('a', 'x')], meta('after all that it works'));
    await t.rejects(store.commit(['1'.repeat(tip.length)], [put('a', 'x')], meta('no parent')), { code: 'BAD_LEDGER' });
  });

  t.test('a swap moves all refs or none, and a lost one is a value', async t => {
    const store = await open(t);
    const [a, b, c] = (await chain(store, null, 3, 'swap')) as [string, string, string];
    t.same(await store.refs(BOOK), new Map());
    t.same(await store.swap([{ ref: BOOK, old: null, new: a }]), { ok: true });
    t.match(await store.swap([{ ref: BOOK, old: null, new: b }]), { ok: false, lost: [BOOK] });
    const half = await store.swap([
      { ref: BOOK, old: b, new: c },
      { ref: CLAIM, old: null, new: a },
    ]);
    t.match(half, { ok: false, lost: [BOOK], reason: /./ });
    t.same(await store.refs('refs/ledgenter/main/'), new Map([[BOOK, a]]), 'nothing moved');
    const both = await store.swap([
      { ref: BOOK, old: a, new: b },
      { ref: CLAIM, old: null, new: a },
    ]);
    t.same(both, { ok: true });
    t.same(await store.swap([{ ref: CLAIM, old: a, new: null }]), { ok: true }, 'a ref is deleted');
    t.match(await store.swap([{ ref: CLAIM, old: a, new: null }]), { ok: false, lost: [CLAIM] });
    t.same(await store.refs('refs/ledgenter/'), new Map([[BOOK, b]]));
  });

  t.test('a swap can only look', async t => {
    const store = await open(t);
    const ref = 'refs/ledgenter/look/book';
    const [a, b] = (await chain(store, null, 2, 'look')) as [string, string];
    await store.swap([{ ref, old: null, new: a }]);
    const absent = { ref: 'refs/ledgenter/look/claims/x', old: null, new: null };
    t.same(await store.swap([{ ref, old: a, new: a }, absent]), { ok: true });
    t.match(await store.swap([{ ref, old: b, new: b }, absent]), { ok: false, lost: [ref] });
    t.match(await store.swap([{ ref, old: null, new: null }]), { ok: false, lost: [ref] });
    t.same(await store.refs(ref), new Map([[ref, a]]));
    t.same(await store.swap([]), { ok: true });
  });

  t.test('a swap that makes no sense is an error, not a loss', async t => {
    const store = await open(t);
    const [a] = (await chain(store, null, 1, 'senseless')) as [string];
    for (const ref of ['refs/x/../y', 'refs/x y', 'HEAD', 'refs/x.lock', 'refs/x\ncreate refs/y'])
      await t.rejects(store.swap([{ ref, old: null, new: a }]), { code: 'BAD_INPUT' }, JSON.stringify(ref));
    const nowhere = { ref: 'refs/ledgenter/s/book', old: null, new: '1'.repeat(a.length) };
    await t.rejects(store.swap([nowhere]), { code: 'INTERNAL' });
    t.same(await store.swap([{ ...nowhere, new: a }]), { ok: true }, 'and the next one works');
  });

  t.test('refs are found by folder or exact name, never by half a name', async t => {
    const store = await open(t);
    const [a] = (await chain(store, null, 1, 'names')) as [string];
    const names = [
      'refs/ledgenter/n/book',
      'refs/ledgenter/n/claims/t-1',
      'refs/ledgenter/n/claims/t-12',
      'refs/ledgenter/nn/book',
    ];
    await store.swap(names.map(ref => ({ ref, old: null, new: a })));
    const under = async (prefix: string): Promise<string[]> => [...(await store.refs(prefix)).keys()];
    t.same(await under('refs/ledgenter/n/'), names.slice(0, 3));
    t.same(await under('refs/ledgenter/n'), [], 'without the slash it names one ref');
    t.same(await under('refs/ledgenter/n/claims/t-1'), [names[1]]);
    t.same(await under('refs/ledgenter/n/claims/t-'), []);
  });

  t.test('handles on one repository see each other at once', async t => {
    const [one, two] = [await open(t), await open(t)];
    const ref = 'refs/ledgenter/handles/book';
    t.same(await two.refs(ref), new Map());
    const a = await one.commit([], [put('h', '1')], meta('handles'));
    await one.swap([{ ref, old: null, new: a }]);
    t.same(await two.refs(ref), new Map([[ref, a]]));
    t.same(await two.readBlobs([`${a}:h`]), ['1']);
    const b = await two.commit([a], [put('h', '2')], meta('handles'));
    const results = await Promise.all([
      one.swap([{ ref, old: a, new: b }]),
      two.swap([{ ref, old: a, new: b }]),
      one.swap([{ ref, old: a, new: b }]),
    ]);
    t.equal(results.filter(result => result.ok).length, 1, 'one of three racing swaps wins');
  });

  t.test('the log is the first-parent chain, oldest first; newest is its end, newest first', async t => {
    const store = await open(t);
    const oids = await chain(store, null, 70, 'log');
    const logged = async (tip: string, base: string | null) => (await store.log(tip, base)).map(({ oid }) => oid);
    t.same(await logged(oids[69]!, null), oids);
    t.same(await logged(oids[69]!, oids[66]!), oids.slice(67));
    t.same(await logged(oids[69]!, oids[3]!), oids.slice(4));
    t.same(await logged(oids[5]!, oids[5]!), []);
    t.same(await logged(oids[5]!, oids[9]!), [], 'an ancestor of the base adds nothing');
    const newest = async (limit: number) => (await store.newest(oids[69]!, limit)).map(({ oid }) => oid);
    t.same(await newest(3), oids.slice(67).reverse());
    t.same(await newest(60), oids.slice(10).reverse());
    t.same(await newest(1000), [...oids].reverse());
    const side = await store.commit([oids[10]!], [put('side', '1')], meta('side'));
    const merge = await store.commit([oids[12]!, side], [put('merge', '1')], meta('merge'));
    t.same(await logged(merge, oids[10]!), [oids[11], oids[12], merge]);
    t.same(await logged(merge, side), [oids[11], oids[12], merge]);
  });

  t.test('the best common ancestor is found near, far, and not at all', async t => {
    const store = await open(t);
    const oids = await chain(store, null, 120, 'base');
    const left = await chain(store, oids[10]!, 3, 'left');
    const right = await chain(store, oids[10]!, 60, 'right');
    t.equal(await store.mergeBase(left[2]!, right[1]!), oids[10]);
    t.equal(await store.mergeBase(left[2]!, right[59]!), oids[10]);
    t.equal(await store.mergeBase(left[2]!, oids[119]!), oids[10]);
    t.equal(await store.mergeBase(oids[7]!, oids[119]!), oids[7]);
    t.equal(await store.mergeBase(oids[7]!, oids[7]!), oids[7]);
    const merge = await store.commit([left[2]!, right[1]!], [], meta('merge'));
    t.equal(await store.mergeBase(merge, right[59]!), right[1]);
    const stranger = await store.commit([], [put('stranger', '1')], meta('another root'));
    t.equal(await store.mergeBase(stranger, left[0]!), null);
    t.equal(await store.mergeBase(stranger, oids[119]!), null);
  });

  t.test('changes tell what each commit did to its first parent, in the order asked', async t => {
    const store = await open(t);
    const oids = await store.commitMany(null, each(HARD_EDITS.map(edits => ({ edits, meta: meta('c') }))));
    const told: string[] = [];
    const asked = [...oids].reverse();
    const files = (changes: { path: string; before: unknown; after: unknown }[]) =>
      changes.map(({ path, before, after }) => `${before === null ? '+' : after === null ? '-' : '*'}${path}`);
    const seen = new Map<string, string[]>();
    for await (const { commit, changes } of store.changes(asked)) {
      told.push(commit);
      seen.set(commit, files(changes));
      const parent = (await store.readCommits([commit]))[0]!.parents[0] ?? null;
      t.same(await store.diff(parent, commit), changes);
    }
    t.same(told, asked);
    t.same(seen.get(oids[0]!), ['+ledger.json', '+tasks/7/k/7k3qz0m4xv/task.json']);
    t.same(seen.get(oids[1]!), ['+a-b', '+a.b', '+a/x', '+a0']);
    t.same(seen.get(oids[6]!), ['-a/x', '*a/y']);
    t.same(seen.get(oids[8]!), ['-a-b', '+a-b/now']);
    t.same(seen.get(oids.at(-1)!), []);
    for await (const { commit, changes } of store.changes(oids.slice(6, 7)))
      t.same([commit, files(changes)], [oids[6], ['-a/x', '*a/y']], 'a few are told like many');
    await t.rejects(store.diff(null, '1'.repeat(oids[0]!.length)), { code: 'BAD_LEDGER' });
  });

  t.test('a diff spans many folders and unrelated trees', async t => {
    const store = await open(t);
    const edits = Array.from({ length: 300 }, (_, i) => put(`w/${i % 150}/${i}`, `${i}`));
    const [wide] = (await store.commitMany(null, each([{ edits, meta: meta('wide') }]))) as [string];
    const other = await store.commit([], [put('w/0/0', 'other'), put('v', '1')], meta('other root'));
    t.equal((await store.diff(null, wide)).length, 300);
    const diff = await store.diff(wide, other);
    t.equal(diff.length, 301);
    const [top] = diff
      .map(({ path }) => path.split('/')[0]!)
      .filter(name => diff.some(one => one.path.startsWith(`${name}/`)));
    const inside = diff.filter(({ path }) => path.startsWith(`${top}/`));
    t.ok(inside.length > 0);
    t.same(await store.diff(wide, other, top), inside, 'a diff of one top folder is that part of the whole one');
    t.same(
      diff.slice(0, 2).map(({ path }) => path),
      ['v', 'w/0/0'],
    );
    t.same(
      diff.map(({ path }) => path),
      diff.map(({ path }) => path).sort(),
      'sorted by path',
    );
  });

  t.test(`${many} entries in one chain`, async t => {
    const store = await open(t);
    const oids = await chain(store, null, many, 'many');
    t.equal(new Set(oids).size, many);
    const [first, last] = [fanned('many', 0), fanned('many', many - 1)];
    t.same(await store.readBlobs([`${oids.at(-1)}:${first}`, `${oids.at(-2)}:${last}`]), ['{"i":0}\n', undefined]);
    t.equal((await store.diff(null, oids.at(-1)!)).length, many);
    const log = await store.log(oids.at(-1)!, oids[0]!);
    t.same(
      log.map(({ oid }) => oid),
      oids.slice(1),
    );
  });

  t.test('a chain that fails half-way leaves no ref behind', async t => {
    const store = await open(t);
    const before = await store.refs('refs/ledgenter-local/');
    async function* broken() {
      yield { edits: [put('a', '1')], meta: meta('good') };
      throw new Error('the source broke');
    }
    await t.rejects(store.commitMany(null, broken()), { message: 'the source broke' });
    t.same(await store.commitMany(null, each([])), []);
    t.same(await store.refs('refs/ledgenter-local/'), before);
  });
}
