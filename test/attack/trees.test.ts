import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { View } from '../../src/kernel/view.ts';
import { hasEvidence } from '../../src/rooms/tasks/gates.ts';
import { attachmentRecord } from '../../src/rooms/tasks/record.ts';
import { EMPTY_TREE, Tree, TreeEntry } from '../../src/store/encoding/tree.ts';
import { treeFault } from '../../src/store/encoding/treeform.ts';
import { MemoryStore } from '../../src/store/memory/index.ts';
import type { Oid, Store } from '../../src/store/port.ts';
import { Forger } from '../e2e/forger.ts';
import { BOOK, Stage } from '../e2e/stage.ts';
import { ENV, git, initRepo, meta, open, put } from '../store/repos.ts';

const OID = Buffer.alloc(20, 1);
type Entry = [mode: string, name: string | Buffer, oid?: Oid];
const entry = (mode: string, name: string | Buffer, oid?: Oid): Buffer =>
  Buffer.concat([
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from([0]),
    oid === undefined ? OID : Buffer.from(oid, 'hex'),
  ]);
const tree = (...entries: Entry[]): Buffer => Buffer.concat(entries.map(one => entry(...one)));
const bytes = (...values: number[]): Buffer => Buffer.from(values);

t.test('a tree that reads otherwise than it looks is told', async t => {
  t.equal(treeFault(Buffer.alloc(0), 20), undefined);
  t.equal(treeFault(tree(['100644', 'a-b'], ['40000', 'a'], ['100644', 'a0']), 20), undefined, 'a folder sorts as a/');
  const bad: [string, Buffer, RegExp][] = [
    ['a name twice', tree(['100644', 'a'], ['100644', 'a']), /twice/],
    ['a file and a folder of one name', tree(['100644', 'a'], ['100644', 'a-b'], ['40000', 'a']), /twice/],
    ['out of order', tree(['100644', 'b'], ['100644', 'a']), /order/],
    ['a folder sorted as a file', tree(['40000', 'a'], ['100644', 'a-b']), /order/],
    ['a padded mode', tree(['040000', 'a']), /mode/],
    ['an executable', tree(['100755', 'a']), /mode/],
    ['a symbolic link', tree(['120000', 'a']), /mode/],
    ['a submodule', tree(['160000', 'a']), /mode/],
    ['cut off', tree(['100644', 'a']).subarray(0, 20), /cut off/],
    ['no tree at all', Buffer.from('garbage'), /mode/],
    ['a folder without a file', tree(['100644', 'a'], ['40000', 'b', EMPTY_TREE.sha1]), /"b" without a file/],
    ['a name that is no text', tree(['40000', bytes(0x7a, 0xff)]), /not UTF-8/],
    ['a name cut in a letter', tree(['100644', bytes(0x7a, 0xc3)]), /not UTF-8/],
    ['a letter that is written too long', tree(['100644', bytes(0xc0, 0xaf)]), /not UTF-8/],
  ];
  const refused = ['', '.', '..', '.git', '.GIT', '.git ', '.git.', 'git~1', '.g\u200cit', '.git\ufeff'];
  for (const name of [...refused, 'a/b', 'a\\b', '.git::$INDEX_ALLOCATION', 'a\nb', 'a\u001b[2J', 'a\u007f', 'a\u009b'])
    for (const mode of ['100644', '40000'])
      bad.push([`${JSON.stringify(name)} of mode ${mode}`, tree([mode, name]), /refuses/]);
  for (const [what, body, says] of bad) t.match(treeFault(body, 20), says, what);
  for (const name of ['.gitx', 'git', 'a.git', 'übergröße', '\ufffd', '\u{1f600}', '...'])
    t.equal(treeFault(tree(['100644', name]), 20), undefined, `${JSON.stringify(name)} is a name as any other`);
  const long = Buffer.concat([Buffer.from('40000 b\0'), Buffer.from(EMPTY_TREE.sha256, 'hex')]);
  t.match(treeFault(long, 32), /without a file/, 'by the object format');
  t.throws(() => Tree.parse(tree(['40000', bytes(0x7a, 0xff)]), 20), { code: 'BAD_LEDGER' });
});

t.test('what is odd about a tree is told with the changes of its commit, and nothing hides it', async t => {
  const cwd = initRepo(join(t.testdir(), 'bare.git'), '--bare');
  const { store } = await open(t, cwd);
  const object = (type: string, body: Buffer): Oid =>
    execFileSync('git', ['hash-object', '-t', type, '-w', '--literally', '--stdin'], { cwd, env: ENV, input: body })
      .toString()
      .trim();
  const base = await store.commit([], [put('k', 'x')], meta('base'));
  const kept = git(cwd, 'rev-parse', `${base}:k`);
  const commit = (root: Buffer): Oid => git(cwd, 'commit-tree', object('tree', root), '-p', base, '-m', 'odd');
  const oddOf = async (from: Store, oid: Oid): Promise<string> => {
    for await (const { changes } of from.changes([oid])) {
      const odd = changes.find(change => change.odd !== undefined);
      return odd ? `${odd.path}: ${odd.odd}` : JSON.stringify(changes);
    }
    return 'nothing';
  };
  git(cwd, 'hash-object', '-t', 'tree', '-w', '/dev/null');
  const file = object('tree', tree(['100644', 'x', kept]));
  const inside = object('tree', tree(['40000', 'e', EMPTY_TREE.sha1], ['40000', 'f', file]));
  const own: Entry = ['100644', 'k', kept];
  const [one, other] = [bytes(0x7a, 0x7a, 0xfe), bytes(0x7a, 0x7a, 0xff)];
  const secret = object('tree', tree(['120000', '.git', kept]));
  const roots: [what: string, root: Buffer, says: RegExp][] = [
    ['an empty folder', tree(own, ['40000', 'z', EMPTY_TREE.sha1]), /^: .*"z" without a file/],
    ['an empty folder far down', tree(own, ['40000', 'z', inside]), /^z\/: .*"e" without a file/],
    ['.git, empty', tree(['40000', '.git', EMPTY_TREE.sha1], own), /^: .*refuses/],
    ['a hidden tree first', tree(own, ['40000', one, secret], ['40000', other, EMPTY_TREE.sha1]), /^: .*UTF-8/],
    ['a hidden tree last', tree(own, ['40000', one, EMPTY_TREE.sha1], ['40000', other, secret]), /^: .*UTF-8/],
  ];
  for (const [what, root, says] of roots) t.match(await oddOf(store, commit(root)), says, what);

  // 40,000 names in each of a few trees: too much for one entry, and no reason to take all apart.
  const names = Array.from({ length: 40_000 }, (_, n): Entry => ['40000', `d${n + 100_000}`, file]);
  const wide = object('tree', tree(...names));
  const many = ['a', 'b', 'c', 'd'].map((name): Entry => ['40000', name, wide]);
  t.match(await oddOf(store, commit(tree(...many, own))), /^: more than 20000 files or folders/);

  const memory = new MemoryStore();
  const first = await memory.commit([], [put('k', 'x')], meta('base'));
  const next = await memory.commit([first], [put('k', 'y')], meta('odd'));
  const made = (await memory.readCommits([next]))[0]!;
  memory.pool.putTree(made.tree, memory.pool.tree(made.tree).with('z', new TreeEntry('40000', 'z', EMPTY_TREE.sha1)));
  t.match(await oddOf(memory, next), /^: .*"z" without a file/, 'in memory as in git');
});

t.test('a gate on done reads the evidence: a name without a record is none', async t => {
  const id = 't-0123456789';
  const files = attachmentRecord.folder(id);
  const reader = (text?: string) => ({
    read: async (path: string) => (path.startsWith(files) ? text : undefined),
    list: async (folder: string) => (folder === files ? ['0000000000.json'] : []),
  });
  t.equal((await new View(reader()).ids(attachmentRecord, id)).length, 1, 'the folder lists a name');
  t.equal(await hasEvidence(new View(reader()), id), false);
  t.equal(await hasEvidence(new View(reader('{}')), id), true);
});

t.test(
  'a name that stands twice in a tree is found by a fetch and by verify, in a short history and a long one',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['forging', 'honest']);
    const [cwd, honest] = clones as [string, string];
    await stage.task(cwd, 'a task', '--sync');
    await stage.ok(honest, ['sync']);
    const forger = new Forger(stage, cwd);
    const base = await forger.tip();
    const lines = (await stage.git(cwd, 'ls-tree', base)).split('\n');
    const settings = await forger.read('ledger.json');
    const evil = (
      await stage.tryGit(cwd, ['hash-object', '-w', '--stdin'], {
        input: `${JSON.stringify({ ...settings, policies: { claim_grace: '1s' } })}\n`,
      })
    ).out.trim();
    const own = lines.find(line => line.endsWith('\tledger.json'))!;
    const other = own.replace(/[0-9a-f]{40}/, evil);
    const orders = { 'the hidden one first': [other, own], 'the hidden one last': [own, other] };
    for (const [what, pair] of Object.entries(orders)) {
      for (const before of [0, 5]) {
        await forger.show(base);
        const empty = { actor: 'anna', op: 'task.note', input: {}, files: {} };
        for (let n = 0; n < before; n++) await forger.show(await forger.commit(empty));
        const input = `${lines.flatMap(line => (line === own ? pair : [line])).join('\n')}\n`;
        const made = (await stage.tryGit(cwd, ['mktree'], { input })).out.trim();
        const plain = await stage.git(cwd, 'log', '-1', '--format=%B', await forger.commit(empty));
        const forged = await forger.commitTree(made, [await forger.tip()], `${plain}\n`, 'anna');
        await forger.show(forged);
        t.match(
          await stage.run(cwd, ['verify']),
          { code: 65, answer: { findings: [{ oid: forged, law: 'record.schema' }] } },
          `${what}, behind ${before} entries: verify`,
        );
        await stage.git(cwd, 'push', '-q', '--force', 'origin', `${BOOK}:${BOOK}`);
        t.match(
          await stage.run(honest, ['sync']),
          { code: 65, answer: { error: { code: 'TAMPERED', details: { oid: forged, law: 'record.schema' } } } },
          `${what}, behind ${before} entries: fetch`,
        );
      }
    }
  },
);
