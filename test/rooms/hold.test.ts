import t from 'tap';
import { GRACE_MS, MAX_LEASE_MS } from '../../src/kernel/hold.ts';
import { instant } from '../../src/kernel/time.ts';
import { codeRefRecord, noteRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, HOUR, type Person, person, TestOffice } from './office.ts';

async function held(lease = HOUR) {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.claim', { task_id: id }, ada, { lease });
  const hold = (await office.task(id)).hold!;
  return { office, id, hold };
}
const stamp = (who: Person, root: string, lease_until: string) => ({
  root,
  oid: 'c'.repeat(40),
  actor: who.actor,
  run: who.run[0]!,
  lease_until,
});

t.test('hold.claim', async t => {
  await t.test('a live lease is not taken, not within the grace either, however the entry is written', async t => {
    const { office, id, hold } = await held();
    for (const at of [office.now + 1000, Date.parse(hold.lease_until) + GRACE_MS]) {
      const lease_until = instant(at + HOUR);
      const patch = {
        assignee: 'bob',
        hold: { root: 'mine', actor: 'bob', run: bob.run[0], since: instant(at), lease_until },
      };
      const turn = { at, op: 'task.claim', claim: stamp(bob, 'mine', lease_until) };
      t.equal(await office.breaks(id, patch, bob, turn), 'hold.claim');
      const later = { ...turn, at: Date.parse(hold.lease_until) + GRACE_MS + 1 };
      patch.hold.since = instant(later.at);
      t.equal(await office.breaks(id, patch, bob, later), 'lawful');
    }
  });

  await t.test(
    'the same run goes on under a new root that names its own; another run of the same name does not',
    async t => {
      const { office, id, hold } = await held();
      const twin = person('ada', 'agent', 'two');
      t.match(await office.refusal('task.claim', { task_id: id }, twin, { chain: [hold.root] }), {
        code: 'CLAIM_LOST',
      });
      t.match(await office.refusal('task.claim', { task_id: id }, bob, { chain: [hold.root] }), { code: 'CLAIM_LOST' });
      await office.does('task.claim', { task_id: id }, ada, { chain: [hold.root], root: 'second' });
      t.equal((await office.task(id)).hold?.root, 'second');
    },
  );

  await t.test('an offer is taken by whom it names, from the tenure that made it', async t => {
    const { office, id, hold } = await held();
    const made = await office.does('handoff.create', { to: ['bob'], kind: 'work', title: 'Go on', task_id: id });
    const handoff_id = String(made.handoff_id);
    t.match((await office.task(id)).hold, { ...hold, offer: { id: handoff_id, to: ['bob'] } });
    t.match(await office.refusal('task.note', { task_id: id, text: 'still at it' }), {
      law: 'hold',
      hint: `ledgenter handoff cancel ${handoff_id}`,
    });
    const prev = { root: hold.root, actor: 'ada', lease_until: hold.lease_until, offer: handoff_id };
    t.match(await office.refusal('task.claim', { task_id: id }, eve, { prev }), { code: 'CLAIM_LOST' });
    t.match(await office.refusal('task.claim', { task_id: id }, bob, { prev }), { law: 'handoff.offer' });
    t.match(await office.refusal('handoff.claim', { handoff_id }, bob, { prev: { ...prev, root: 'other' } }), {
      code: 'CLAIM_LOST',
    });
    t.match(await office.refusal('handoff.claim', { handoff_id }, bob), { code: 'CLAIM_LOST' });
    await office.does('handoff.claim', { handoff_id }, bob, { prev });
    t.match(await office.task(id), { assignee: 'bob', hold: { actor: 'bob', offer: undefined } });
  });

  await t.test('the book notes the claim of the entry, no other', async t => {
    const office = new TestOffice();
    const id = await office.creates();
    const lease_until = instant(office.now + HOUR);
    const good = { root: 'r', actor: 'ada', run: ada.run[0], since: instant(office.now + 1000), lease_until };
    const wrong: Record<string, unknown>[] = [
      { root: 'q' },
      { actor: 'bob' },
      { run: bob.run[0] },
      { since: instant(office.now) },
      { lease_until: instant(office.now + 2 * HOUR) },
      { offer: { id: 'h-0000000001', to: ['bob'] } },
    ];
    for (const one of [{}, ...wrong]) {
      const turn = { op: 'task.claim', at: Date.parse(good.since), claim: stamp(ada, 'r', lease_until) };
      const hold = { ...good, ...one };
      const law = await office.breaks(id, { status: 'in_progress', assignee: 'ada', hold }, ada, turn);
      t.equal(law, Object.keys(one).length === 0 ? 'lawful' : 'hold.claim', JSON.stringify(one));
    }
    const bare = { status: 'in_progress', assignee: 'ada', hold: good };
    t.equal(await office.breaks(id, bare, ada, { at: Date.parse(good.since) }), 'hold.claim', 'without a claim');
  });
});

t.test('hold.work', async t => {
  await t.test('nobody else writes on it or in its folder, with whatever claim; a comment is free', async t => {
    const { office, id, hold } = await held();
    const notes = { note: 'hold.work', resolution: 'hold.work', comment: 'lawful' };
    for (const who of [bob, eve, person('ada', 'agent', 'two')]) {
      for (const claim of [undefined, stamp(who, hold.root, hold.lease_until)]) {
        const turn = { ...(claim ? { claim } : {}), held: false };
        t.equal(await office.breaks(id, { title: 'Mine' }, who, turn), 'hold.work', who.actor);
        for (const [kind, law] of Object.entries(notes)) {
          if (claim && kind === 'comment') continue;
          const intent = office.intent('task.note', { task_id: id }, who, turn);
          const note = { kind: kind as 'note', text: 'x', by: who.actor, at: intent.at };
          const file = noteRecord.put(office.idFor(noteRecord, intent), note, id);
          const broken = await office.forge([...(await office.enrolled(intent)), file], intent);
          t.equal(broken?.law ?? 'lawful', law, kind);
        }
        const intent = office.intent('task.code_ref', { task_id: id }, who, turn);
        const ref = { ref_type: 'commit' as const, sha: '3f2a9c1', live: true, by: who.actor, at: intent.at };
        const file = codeRefRecord.put(office.idFor(codeRefRecord, intent), ref, id);
        t.equal((await office.forge([...(await office.enrolled(intent)), file], intent))?.law, 'hold.work');
      }
    }
  });

  await t.test('a child run writes on the claim of its parent', async t => {
    const { office, id } = await held();
    const child: Person = { ...ada, run: [person('ada', 'agent', 'child').run[0]!, ada.run[0]!] };
    await office.does('task.note', { task_id: id, text: 'from below' }, child);
    await office.does('task.update', { task_id: id, status: 'done' }, child);
    t.equal((await office.task(id)).status, 'done');
  });

  await t.test('after the lease nothing is written under it', async t => {
    const { office, id, hold } = await held();
    const at = Date.parse(hold.lease_until) + 1;
    t.match(await office.refusal('task.note', { task_id: id, text: 'late' }, ada, { at }), { code: 'LEASE_LAPSED' });
    t.equal(await office.breaks(id, { title: 'Late' }, ada, { at }), 'hold.work');
    t.equal(await office.breaks(id, { title: 'In time' }, ada, { at: at - 1 }), 'lawful');
  });
});

t.test('hold.lease', async t => {
  await t.test(
    'six hours of honest work under a renewed lease break no law, and the book keeps the latest end',
    async t => {
      const { office, id, hold } = await held();
      for (let half = 1; half <= 12; half++) {
        const at = Date.parse(hold.since) + half * 1_800_000;
        const claim = { ...office.claims.get(id)!, lease_until: instant(at + HOUR) };
        await office.does('task.note', { task_id: id, text: `after ${half} half-hours` }, ada, { at, claim });
        t.equal((await office.task(id)).hold?.lease_until, claim.lease_until);
      }
      const refused = await office.refusal('task.claim', { task_id: id }, bob, { at: office.now + HOUR });
      t.match(refused, { code: 'CLAIM_LOST' });
    },
  );

  await t.test('no lease of more than seven days; a hold is not edited', async t => {
    const { office, id, hold } = await held();
    const day8 = { lease: MAX_LEASE_MS + 1 };
    const other = await office.creates({ title: 'Other' });
    t.match(await office.refusal('task.claim', { task_id: other }, bob, day8), { message: /seven days/ });
    const longer = instant(office.now + 2 * HOUR);
    t.equal(await office.breaks(id, { hold: { ...hold, lease_until: longer } }), 'hold.lease');
    t.equal(await office.breaks(id, { hold: { ...hold, since: longer } }), 'hold.lease');
    const claim = { ...office.claims.get(id)!, lease_until: longer };
    t.equal(await office.breaks(id, {}, ada, { claim }), 'hold.lease', 'the later end must be kept');
    t.equal(await office.breaks(id, { hold: { ...hold, lease_until: longer } }, ada, { claim }), 'lawful');
  });

  await t.test('nobody gives a task to another', async t => {
    const office = new TestOffice();
    const id = await office.creates();
    const hold = {
      root: 'r',
      actor: 'bob',
      run: bob.run[0],
      since: instant(office.now),
      lease_until: instant(office.now + HOUR),
    };
    const patch = { status: 'in_progress', assignee: 'bob', hold };
    t.equal(await office.breaks(id, patch, ada, { claim: stamp(ada, 'r', hold.lease_until) }), 'hold.claim');
    t.equal(await office.breaks(id, patch, ada, { claim: stamp(bob, 'r', hold.lease_until) }), 'hold.claim');
  });
});

t.test('hold.stamp: an entry under a claim that the book does not show is refused', async t => {
  const { office, id } = await held();
  const old = office.claims.get(id)!;
  await office.does('task.release', { task_id: id });
  const turn = { claim: old };
  t.match(await office.refusal('task.note', { task_id: id, text: 'late' }, ada, turn), { code: 'CLAIM_LOST' });
  t.equal(await office.breaks(id, { title: 'Late' }, ada, turn), 'hold.stamp');
  t.equal(await office.breaks(id, { title: 'Now' }, ada, { held: false }), 'lawful');
});

t.test('what is not held is anyone’s to edit', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.update', { task_id: id, title: 'Better', priority: 0 }, bob);
  await office.does('task.note', { task_id: id, text: 'noted' }, eve);
  t.match(await office.view.get(taskRecord, id), { title: 'Better', priority: 0 });
});
