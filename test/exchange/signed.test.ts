import t from 'tap';
import { writeMany } from '../../src/book/bulk.ts';
import { verify } from '../../src/book/verify.ts';
import { claim } from '../../src/exchange/claim.ts';
import type { Clone } from '../../src/exchange/clone.ts';
import { fetch } from '../../src/exchange/fetch.ts';
import { combine } from '../../src/exchange/queue.ts';
import { sync } from '../../src/exchange/sync.ts';
import { LedgerError } from '../../src/kernel/errors.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { GPG, GPG_FINGERPRINT, seal, Team } from './team.ts';

t.test('a signature survives replay, and the queue that another clone combines', async t => {
  const { anna, bob } = await new Team().begin();
  await anna.book.transact(anna.intent('task.create', { title: 'by anna' }));
  await bob.book.transact(bob.intent('task.create', { title: 'by bob, first' }));
  await sync(bob.clone);
  const before = anna.signed();
  t.match(await sync(anna.clone), { ok: true, landed: 1 });
  t.equal(anna.signed(), before, 'a replay signs nothing anew');

  await anna.book.transact(anna.intent('task.create', { title: 'queued by anna' }));
  const { at } = await anna.book.tip();
  await anna.clone.push([{ ref: anna.clone.names.queue('w-anna'), old: null, new: at }]);
  await sync(bob.clone);
  await bob.book.transact(bob.intent('task.create', { title: 'by bob' }));
  await sync(bob.clone);
  const fetched = await fetch(bob.clone);
  if (fetched.kind !== 'fetched') return void t.fail('nothing was fetched');
  t.same([...(await combine(bob.clone, fetched)).landed], ['w-anna']);
  await sync(bob.clone);
  t.match(
    await bob.proven(),
    new Map([
      ['anna', { proven: 7, unproven: 0 }],
      ['bob', { proven: 2, unproven: 0 }],
    ]),
  );
  const [last] = await bob.book.store.newest((await bob.book.tip()).at, 1);
  t.match(
    last,
    { author: { name: 'anna' }, committer: { name: 'bob' } },
    'landed by bob, and still proven to be of anna',
  );
});

t.test('claims are signed, alone and together with their entry', async t => {
  const { bob, task } = await new Team().begin();
  for (const crowded of [false, true]) {
    const outcome = await claim(bob.clone, {
      def: taskRecord as never,
      id: task,
      actor: 'bob',
      run: bob.run,
      lease: 3_600_000,
      crowded,
      intent: (stamp, prev, chain) => ({
        ...bob.intent('task.claim', { task_id: task }),
        claim: stamp,
        ...(prev ? { prev } : {}),
        ...(chain.length > 0 ? { chain } : {}),
      }),
    });
    t.equal(outcome.kind, 'won', JSON.stringify(outcome));
    await sync(bob.clone);
    t.match(await bob.proven(), new Map([['bob', { unproven: 0, unchecked: 0 }]]));
  }
});

t.test('an entry that is decided anew is signed once, many are signed each', async t => {
  const { anna } = await new Team().begin();
  const before = anna.signed();
  await Promise.all(['x', 'y', 'z'].map(title => anna.book.transact(anna.intent('task.create', { title }))));
  t.equal(anna.signed(), before + 3);
  const intents = ['i', 'j', 'k', 'l', 'm', 'n'].map(title => anna.intent('task.create', { title }));
  t.match(await writeMany(anna.book, intents), { written: 6, refused: [] });
  t.equal(anna.signed(), before + 9);
  const refused = anna.book.transact(anna.intent('task.note', { task_id: 't-0000000000', text: 'x' }));
  await t.rejects(refused, { code: 'NOT_FOUND' });
  t.equal(anna.signed(), before + 9, 'what is refused asks for no signature');
  t.match(await anna.proven(), new Map([['anna', { unproven: 0 }]]));
});

t.test('where signing fails, nothing is written and nothing is claimed', async t => {
  const team = new Team();
  const { anna, task } = await team.begin();
  const sign = async (): Promise<string> => {
    throw new LedgerError('NOT_SIGNED', 'nothing was signed: nobody touched the key');
  };
  const bob = team.clone('bob', { sign });
  await bob.book.found();
  await sync(bob.clone);
  const was = await bob.book.tip();
  await t.rejects(bob.book.transact(bob.intent('task.create', { title: 'x' })), { code: 'NOT_SIGNED' });
  await t.rejects(writeMany(bob.book, [bob.intent('task.create', { title: 'x' })]), { code: 'NOT_SIGNED' });
  const outcome = await claim(bob.clone, {
    def: taskRecord as never,
    id: task,
    actor: 'bob',
    run: bob.run,
    lease: 3_600_000,
    intent: stamp => ({ ...bob.intent('task.claim', { task_id: task }), claim: stamp }),
  });
  t.match(outcome, { kind: 'lost', error: { code: 'NOT_SIGNED' } });
  t.same(await bob.book.tip(), was);
  t.equal((await team.shared.refs(anna.clone.names.claims)).size, 0, 'no claim at the remote');
});

t.test('what a clone without gpg cannot check is lawful there, but it does not land it for others', async t => {
  const team = new Team();
  const { anna, bob } = await team.begin(undefined, false);
  await anna.book.transact(anna.intent('actor.register', { actor: 'carla', kind: 'human' }));
  await anna.book.transact(anna.intent('actor.key_add', { actor: 'carla', key: GPG }));
  await sync(anna.clone);
  const carla = team.clone('carla', { sign: async text => seal(GPG_FINGERPRINT, text) });
  await carla.book.found();
  await sync(carla.clone);
  await carla.book.transact(carla.intent('task.create', { title: 'x' }));
  const { at } = await carla.book.tip();
  await carla.clone.push([{ ref: carla.clone.names.queue('w-carla'), old: null, new: at }]);
  const combined = async (clone: Clone) => {
    await sync(clone);
    const fetched = await fetch(clone);
    if (fetched.kind !== 'fetched') throw new Error('nothing was fetched');
    return combine(clone, fetched);
  };
  t.match((await combined(bob.clone)).refused.get('w-carla'), /cannot be checked here/);
  t.ok((await combined(anna.clone)).landed.has('w-carla'), 'whoever has gpg lands it');
  await sync(bob.clone);
  const verified = await verify(bob.book, (await bob.book.tip()).at, null);
  t.same(verified.findings, []);
  t.match(verified.names, new Map([['carla', { proven: 0, unproven: 0, unchecked: 1 }]]), 'and says so');
});

t.test('entries of others are never signed here', async t => {
  const { anna } = await new Team().begin();
  await t.rejects(
    anna.book.transact({ ...anna.intent('task.create', { title: 'x' }), actor: 'bob', run: [recordId('r', 'bob')] }),
    {
      code: 'NOT_SIGNED',
    },
  );
});

t.test('a signed entry is landed once: its signature is good for this ledger, and for no second time', async t => {
  const team = new Team();
  const { anna, bob } = await team.begin();
  const written = await anna.book.transact(anna.intent('ledger.policy', { requires_evidence: true }));
  if (written.kind !== 'written') return void t.fail('not written');
  await anna.book.transact(anna.intent('ledger.policy', { requires_evidence: false }));
  await sync(anna.clone);
  await sync(bob.clone);
  // Bob lands anna's old entry again, with all its effect, by his own hand.
  const { entry, files } = written.enacted;
  const tip = (await bob.book.tip()).at;
  const stamp = await bob.book.stampOn(tip);
  const forged = await bob.book.store.commit([tip], files, bob.book.meta({ ...entry, stamp }, 'bob'));
  await bob.clone.push([{ ref: bob.clone.names.book, old: tip, new: forged }]);
  await t.rejects(sync(anna.clone), { code: 'TAMPERED', message: /book\.once/ });

  // Nor does an honest combiner land it for whoever puts it into a queue.
  await bob.clone.push([
    { ref: bob.clone.names.book, old: forged, new: tip },
    { ref: bob.clone.names.queue('w-mallory'), old: null, new: forged },
  ]);
  const fetched = await fetch(bob.clone);
  if (fetched.kind !== 'fetched') return void t.fail('nothing was fetched');
  t.match((await combine(bob.clone, fetched)).refused.get('w-mallory'), /in the book already/);

  // The same entry in another ledger of hers, where the same people have the same keys.
  const { bob: there } = await new Team().begin('github/acme/other');
  const at = (await there.book.tip()).at;
  const meta = there.book.meta({ ...entry, stamp: await there.book.stampOn(at) }, 'bob');
  const verified = await verify(there.book, await there.book.store.commit([at], files, meta), at);
  t.match(verified.findings, [{ law: 'entry.signature', actor: 'anna' }]);
});
