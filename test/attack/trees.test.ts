import t from 'tap';
import { treeFault } from '../../src/store/encoding/treeform.ts';
import { Forger } from '../e2e/forger.ts';
import { BOOK, Stage } from '../e2e/stage.ts';

const OID = Buffer.alloc(20, 1);
const entry = (mode: string, name: string): Buffer => Buffer.concat([Buffer.from(`${mode} ${name}\0`), OID]);
const tree = (...entries: [mode: string, name: string][]): Buffer =>
  Buffer.concat(entries.map(([mode, name]) => entry(mode, name)));

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
  ];
  for (const [what, body, says] of bad) t.match(treeFault(body, 20), says, what);
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
