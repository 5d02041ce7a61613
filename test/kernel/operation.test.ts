import fc from 'fast-check';
import t from 'tap';
import * as z from 'zod/mini';
import { type Entry, entryId, type Intent, runOf } from '../../src/kernel/entry.ts';
import { GRACE_MS, type Hold, MARGIN_MS, writesUnder } from '../../src/kernel/hold.ts';
import { byOf, cliWords, defineOperation, definePort, refuse, toolName } from '../../src/kernel/operation.ts';
import { defineRecord } from '../../src/kernel/record.ts';

const define = (name: string) =>
  defineOperation({
    kind: 'read',
    name,
    summary: 'x',
    examples: [],
    input: () => z.strictObject({}),
    query: async () => ({}),
  });

t.test('names: room.verb, later words behind underscores; top-level ones have no room', async t => {
  for (const name of ['task.claim', 'task.code_ref', 'task.create_many', 'sync', 'ledger_status', 'run.end']) {
    t.equal(define(name).name, name);
  }
  for (const name of [
    '',
    'Task.claim',
    'task.',
    '.claim',
    'task.claim.now',
    'task-claim',
    'task.code-ref',
    'task.code__ref',
    'task.code_',
    'task claim',
    'task.1',
    '../x',
  ]) {
    t.throws(() => define(name), TypeError, name);
  }
});

t.test('one name gives the tool and the words of the command line', async t => {
  t.equal(toolName({ name: 'task.code_ref' }), 'task_code_ref');
  t.same(cliWords({ name: 'task.code_ref' }), ['task', 'code-ref']);
  t.equal(toolName({ name: 'sync' }), 'sync');
  t.same(cliWords({ name: 'sync' }), ['sync']);
  const part = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), (room, verb) => {
      const name = define(`${room}.${verb.join('_')}`);
      return toolName(name) === [room, ...verb].join('_') && cliWords(name).join(' ') === `${room} ${verb.join('-')}`;
    }),
  );
});

const INTENT: Intent = {
  op: 'task.note',
  ledger: 'main',
  format: 1,
  actor: 'al',
  kind: 'agent',
  run: ['r2', 'r1'],
  at: '2026-01-31T09:00:00.000Z',
  nonce: 'n0',
  input: { task_id: 't-7k3qz0m4xv', text: 'x' },
};
const CLAIM = { root: 'c0', oid: 'o0', actor: 'al', run: 'r1', lease_until: '2026-01-31T10:00:00.000Z' };

t.test('the id of an entry is made of every field of the intent', async t => {
  const others: Intent[] = [
    { ...INTENT, op: 'task.update' },
    { ...INTENT, ledger: 'other' },
    { ...INTENT, format: 2 },
    { ...INTENT, actor: 'bo' },
    { ...INTENT, kind: 'human' },
    { ...INTENT, run: ['r2'] },
    { ...INTENT, run: ['r1', 'r2'] },
    { ...INTENT, at: '2026-01-31T09:00:00.001Z' },
    { ...INTENT, nonce: 'n1' },
    { ...INTENT, input: { ...INTENT.input, text: 'y' } },
    { ...INTENT, input: { ...INTENT.input, more: null } },
    { ...INTENT, key: 'k' },
    { ...INTENT, claim: CLAIM },
    { ...INTENT, claim: { ...CLAIM, oid: 'o1' } },
    { ...INTENT, claim: { ...CLAIM, lease_until: '2026-01-31T11:00:00.000Z' } },
    { ...INTENT, prev: { root: 'c', actor: 'al', lease_until: CLAIM.lease_until } },
    { ...INTENT, prev: { root: 'c', actor: 'al', lease_until: CLAIM.lease_until, offer: 'h' } },
    { ...INTENT, chain: ['c'] },
    { ...INTENT, provisional: true },
  ];
  t.equal(new Set([INTENT, ...others].map(entryId)).size, others.length + 1);
  t.match(entryId(INTENT), /^[0-9a-f]{64}$/);
});

t.test('neither the stamp, nor a signature, nor the order of keys changes the id', async t => {
  const entry: Entry = { id: entryId(INTENT), intent: INTENT, stamp: { writer: 'w', n: 1, landed: INTENT.at } };
  const landedAgain: Entry = {
    ...entry,
    stamp: { writer: 'v', n: 9, landed: '2027-01-01T00:00:00.000Z' },
    signature: 's',
  };
  t.equal(entryId(landedAgain.intent), entry.id);
  t.equal(entryId(Object.fromEntries(Object.entries(INTENT).reverse()) as unknown as Intent), entry.id);
  t.equal(runOf(INTENT), 'r2');
});

t.test('ids of what an entry creates follow from its key, else from the entry, and its place in it', async t => {
  const def = defineRecord<never>({ kind: 'note', letter: 'n', room: 'notes', schema: () => z.never() });
  const carried = { read: async (path: string) => (path === 'a' ? 'bytes' : undefined), list: async () => [] };
  const by = (intent: Intent) => byOf(intent, carried);
  t.equal(by(INTENT).newId(def), by({ ...INTENT }).newId(def, 0));
  t.not(by(INTENT).newId(def), by(INTENT).newId(def, 1));
  t.not(by(INTENT).newId(def), by({ ...INTENT, nonce: 'n1' }).newId(def));
  const [one, two] = [by({ ...INTENT, key: 'k' }), by({ ...INTENT, key: 'k', nonce: 'n1', at: CLAIM.lease_until })];
  t.equal(one.newId(def), two.newId(def), 'the same key makes the same record on any clone');
  t.equal(await one.carried('a'), 'bytes');
  t.match(by({ ...INTENT, claim: CLAIM }), { actor: 'al', kind: 'agent', run: ['r2', 'r1'], claim: CLAIM });
});

t.test('a child run writes under the hold of its parent, nobody else does', async t => {
  const hold: Hold = { root: 'c0', actor: 'al', run: 'r1', since: INTENT.at, lease_until: CLAIM.lease_until };
  const under = (intent: Intent) => writesUnder(hold, { intent });
  t.equal(under({ ...INTENT, claim: CLAIM }), true);
  t.equal(under({ ...INTENT, claim: CLAIM, run: ['r1'] }), true);
  t.equal(under(INTENT), false, 'without a claim');
  t.equal(under({ ...INTENT, claim: { ...CLAIM, root: 'c1' } }), false, 'another tenure');
  t.equal(under({ ...INTENT, claim: CLAIM, actor: 'bo' }), false, 'another actor');
  t.equal(under({ ...INTENT, claim: { ...CLAIM, actor: 'bo' } }), false, "another's claim");
  t.equal(under({ ...INTENT, claim: CLAIM, run: ['r3', 'r2'] }), false, 'a sibling run');
  t.ok(GRACE_MS >= 2 * MARGIN_MS);
});

t.test('refuse throws, a port has a name', async t => {
  t.throws(() => refuse('GATE', 'no', { hint: 'do that' }), { code: 'GATE', message: 'no', hint: 'do that' });
  t.equal(definePort('index').name, 'index');
});
