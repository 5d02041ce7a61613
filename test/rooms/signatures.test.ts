import { createHash } from 'node:crypto';
import t from 'tap';
import { type Actor, actorRecord } from '../../src/rooms/actors/record.ts';
import { OPERATIONS } from '../../src/rooms/index.ts';
import { generalLaws } from '../../src/rooms/laws.ts';
import { ledgerRecord } from '../../src/rooms/ledger/record.ts';
import { sshKey } from '../ssh-key.ts';
import { ada, bob, eve, type Person, person, TestOffice } from './office.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };
const [EVES, BOBS, OTHER] = [sshKey('eve'), sshKey('bob'), sshKey('other')];
const by = ({ fingerprint }: { fingerprint: string }) => ({ signature: `good:${fingerprint}` });
const zoe = person('zoe', 'human');

/** Eve is maintainer; eve and bob have a key each. */
async function begin(strict = false): Promise<{ office: TestOffice; id: string }> {
  const office = new TestOffice();
  await office.does('ledger.init', { ...INIT, key: EVES.key }, eve, by(EVES));
  const id = await office.creates({}, bob);
  await office.does('actor.key_add', { actor: 'bob', key: BOBS.key }, bob);
  if (strict) await office.does('ledger.policy', { require_signatures: true }, eve, by(EVES));
  return { office, id };
}

const note = (id: string) => ['task.note', { task_id: id, text: 'as it was' }] as const;
const actorOf = (office: TestOffice, id: string) => office.view.get(actorRecord, id) as Promise<Actor>;

t.test('who initialises a ledger enters with a key, so that every entry can be proven', async t => {
  const { office } = await begin();
  t.match(await actorOf(office, 'eve'), { role: 'maintainer', keys: [{ type: 'ssh', fingerprint: EVES.fingerprint }] });
});

t.test('entry.signature: a bad one is unlawful, that of another key where the actor has keys', async t => {
  const { office, id } = await begin();
  const law = async (who: Person, signature?: string) => (await office.refusal(...note(id), who, { signature })).law;
  t.equal(await law(bob, 'bad'), 'entry.signature');
  t.equal(await law(bob, `good:${EVES.fingerprint}`), 'entry.signature', 'by the key of another');
  t.equal(await law(bob, 'stranger'), 'entry.signature');
  t.equal(await law(bob, `good:${BOBS.fingerprint}`), undefined);
  t.equal(await law(bob), undefined, 'unsigned is only unproven');
  t.equal(await law(ada, `good:${OTHER.fingerprint}`), undefined, 'ada has no key: unproven');
  t.equal(await law(ada, 'bad'), 'entry.signature');
});

t.test('require_signatures: every entry is proven by its own actor', async t => {
  const { office, id } = await begin(true);
  const says = async (who: Person, signature?: string) => (await office.refusal(...note(id), who, { signature })).code;
  t.equal(await says(bob), 'NOT_SIGNED');
  t.equal(await says(bob, `good:${EVES.fingerprint}`), 'NOT_SIGNED');
  t.equal(await says(bob, `good:${BOBS.fingerprint}`), 'lawful');
  t.equal(await says(bob, 'unchecked'), 'NOT_SIGNED', 'no OpenPGP key: what cannot be checked is none of his');
  t.equal(await says(ada, `good:${OTHER.fingerprint}`), 'NOT_SIGNED');
  const first = { actor: 'zoe', key: OTHER.key };
  t.equal(
    (await office.refusal('actor.key_add', first, zoe, by(OTHER))).code,
    'NOT_SIGNED',
    'nobody brings a first key',
  );
  await office.does('actor.register', { actor: 'zoe', kind: 'human' }, eve, by(EVES));
  await office.does('actor.key_add', first, eve, by(EVES));
  t.equal(await says(zoe, `good:${OTHER.fingerprint}`), 'lawful', 'a maintainer gives it');
  t.equal((await office.refusal('ledger.policy', { require_signatures: false }, eve)).code, 'NOT_SIGNED');
  const last = { actor: 'bob', fingerprint: BOBS.fingerprint };
  t.match((await office.refusal('actor.key_remove', last, bob, by(BOBS))).message, /keeps a key/);
  await office.does('ledger.policy', { require_signatures: false }, eve, by(EVES));
  t.equal(await says(bob), 'lawful', 'until a maintainer takes it back');
});

t.test('the policy is set by an entry that is proven, else it would lock everybody out', async t => {
  const { office } = await begin();
  const policy = { require_signatures: true };
  const refused = await office.refusal('ledger.policy', policy, eve);
  t.match(refused, { code: 'NOT_SIGNED', law: 'entry.signature', hint: /ledgenter\.sign/ });
  await office.does('actor.register', { actor: 'ada', role: 'maintainer' }, eve, by(EVES));
  t.match(await office.refusal('ledger.policy', policy, ada), {
    code: 'NOT_SIGNED',
    hint: 'ledgenter actor key-add ada',
  });
});

t.test('a machine without gpg does not call a lawful book unlawful', async t => {
  const { office, id } = await begin(true);
  const bobs = await actorOf(office, 'bob');
  const gpg = { type: 'gpg' as const, key: 'armored', fingerprint: 'A'.repeat(40), added_at: bobs.created_at };
  office.state.apply([actorRecord.put('bob', { ...bobs, keys: [gpg] })]);
  t.equal((await office.refusal(...note(id), bob, { signature: 'unchecked' })).code, 'lawful');
  const outcome = await office.outcome(...note(id), bob, { signature: 'unchecked' });
  t.match(outcome, { standing: { state: 'unchecked' } });
});

t.test('actor.keys: an actor or a maintainer changes them, with a key where there is one', async t => {
  const { office } = await begin();
  const add = { actor: 'bob', key: OTHER.key };
  t.match(await office.refusal('actor.key_add', add, ada), { code: 'NOT_MAINTAINER' });
  t.match(await office.refusal('actor.key_add', add, bob), { code: 'NOT_SIGNED', law: 'actor.keys' });
  t.match(await office.refusal('actor.key_add', add, bob, by(OTHER)), { law: 'entry.signature' }, 'not by the new one');
  t.match(await office.refusal('actor.key_add', add, eve), { code: 'NOT_SIGNED' }, 'the maintainer has a key as well');
  await office.does('actor.key_add', add, bob, by(BOBS));
  await office.does('actor.key_remove', { actor: 'bob', fingerprint: BOBS.fingerprint }, bob, by(OTHER));
  t.match((await actorOf(office, 'bob')).keys, [{ fingerprint: OTHER.fingerprint }], 'rotated');
  await office.does('actor.key_remove', { actor: 'bob', fingerprint: OTHER.fingerprint }, eve, by(EVES));
  t.equal((await actorOf(office, 'bob')).keys, undefined);
  t.match(await office.refusal('actor.key_remove', { actor: 'bob', fingerprint: OTHER.fingerprint }, bob), {
    code: 'NOT_FOUND',
  });
});

t.test('actor.keys: forged changes are named', async t => {
  const { office } = await begin();
  const was = await actorOf(office, 'bob');
  const forge = async (
    keys: Actor['keys'],
    who: Person,
    signature?: string,
    input: object = { actor: 'bob', key: OTHER.key },
  ) => {
    const intent = office.intent('actor.key_add', input, who);
    const mine = keys?.map(key => (key.added_at === '' ? { ...key, added_at: intent.at } : key));
    const { keys: _had, ...rest } = was;
    const files = [
      ...(await office.enrolled(intent)),
      actorRecord.put('bob', { ...rest, ...(mine ? { keys: mine } : {}) }),
    ];
    return (await office.forge(files, intent, office.stamp(intent), signature))?.law ?? 'lawful';
  };
  const had = was.keys!;
  const other = { type: 'ssh' as const, ...OTHER, added_at: '' };
  const good = `good:${BOBS.fingerprint}`;
  t.equal(await forge([...had, other], bob, good), 'lawful');
  t.equal(await forge([...had, other], bob), 'actor.keys', 'unsigned');
  t.equal(await forge([other], bob, good), 'actor.keys', 'another is removed with it');
  t.equal(await forge([...had, { ...other, fingerprint: EVES.fingerprint }], bob, good), 'actor.keys', 'another name');
  t.equal(
    await forge([...had, other], bob, good, { actor: 'bob', key: EVES.key }),
    'actor.keys',
    'another than it says',
  );
  t.equal(await forge([...had, other, other], bob, good), 'actor.keys', 'twice');
  t.equal(
    await forge([{ ...had[0]!, added_at: '2020-01-01T00:00:00.000Z' }, other], bob, good),
    'actor.keys',
    'backdated',
  );
  t.equal(await forge([...had, { ...other, key: `${OTHER.key} bob@laptop` }], bob, good), 'actor.keys', 'a comment');
  t.equal(await forge(undefined, ada), 'actor.role', 'by a stranger');
});

t.test('actor.keys: an agent names no key of a person, but with their signature', async t => {
  const { office } = await begin();
  await office.creates({}, zoe);
  const first = { actor: 'zoe', key: OTHER.key };
  const agent = { ...zoe, kind: 'agent' as const };
  t.match(await office.refusal('actor.key_add', first, agent), { code: 'HUMAN_ONLY', law: 'actor.keys' });
  await office.does('actor.key_add', first, zoe);
  const next = { actor: 'zoe', key: sshKey('next').key };
  t.match(await office.refusal('actor.key_add', next, agent), { code: 'HUMAN_ONLY' });
  await office.does('actor.key_add', next, agent, by(OTHER));
});

t.test('a private key is refused before anything else is said of it', async t => {
  const { office } = await begin();
  for (const key of ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxx'])
    await t.rejects(office.does('actor.key_add', { actor: 'bob', key }, bob), { message: /is a private key/ });
});

t.test('ledger.said, actor.said: what a maintainer signed does nothing else with its powers', async t => {
  const { office, id } = await begin();
  const intent = office.intent('task.note', { task_id: id, text: 'x' }, eve);
  const ledger = (await office.view.get(ledgerRecord, 'ledger'))!;
  const law = async (...files: Parameters<TestOffice['forge']>[0]) =>
    (await office.forge(files, intent, office.stamp(intent), `good:${EVES.fingerprint}`))?.law;
  t.equal(await law(ledgerRecord.put('ledger', { ...ledger, authority: 'github/evil/app' })), 'ledger.said');
  t.equal(await law(ledgerRecord.put('ledger', { ...ledger, policies: { claim_grace: '1s' } })), 'ledger.said');
  t.equal(await law(actorRecord.put('bob', { ...(await actorOf(office, 'bob')), role: 'maintainer' })), 'actor.said');
});

t.test('human-only: a proven agent is no person, and under require_signatures only a proven person is one', async t => {
  const reserved = { ...OPERATIONS.find(one => one.name === 'task.update')!, humanOnly: true };
  const law = generalLaws([reserved]).find(one => one.id === 'human-only')!;
  for (const strict of [false, true]) {
    const { office, id } = await begin(strict);
    const judge = async (who: Person, signature?: string) => {
      const intent = office.intent('task.update', { task_id: id }, { ...who, kind: 'human' });
      const proof = signature ? { state: 'good' as const, key: signature } : { state: 'none' as const };
      const entry = { id: 'e', intent, stamp: office.stamp(intent) };
      return (await law.check({ before: office.view, after: office.view, entry, proof, changes: [] })).length === 0;
    };
    t.equal(await judge(eve, EVES.fingerprint), true, 'a proven person');
    t.equal(await judge(bob, BOBS.fingerprint), false, 'a proven agent that says it is a person');
    t.equal(await judge(bob), !strict, 'an unproven word counts without the policy only');
  }
});

t.test('a maintainer with keys gives no power away unsigned, with the policy or without', async t => {
  const law = async ({ office }: { office: TestOffice }, op: string, input: object, signature?: string, who = eve) =>
    (await office.refusal(op, input, who, { signature })).law;
  const good = `good:${EVES.fingerprint}`;
  for (const [op, input, named] of [
    ['actor.register', { actor: 'mallory', role: 'maintainer', kind: 'human' }, 'actor.role'],
    ['actor.register', { actor: 'mallory' }, 'actor.role'],
    ['actor.register', { actor: 'bob', role: 'maintainer' }, 'actor.role'],
    ['actor.register', { actor: 'bob', kind: 'human' }, 'actor.role'],
    ['actor.register', { actor: 'bob', name: 'Robert' }, 'actor.role'],
    ['actor.key_remove', { actor: 'bob', fingerprint: BOBS.fingerprint }, 'actor.keys'],
    ['actor.key_add', { actor: 'bob', key: OTHER.key }, 'actor.keys'],
    ['ledger.policy', { claim_grace: '10s' }, 'ledger.settings'],
    ['ledger.authority', { authority: 'github/evil/app' }, 'ledger.settings'],
  ] as const) {
    const begun = await begin();
    t.equal(await law(begun, op, input), named, `${op} ${JSON.stringify(input)}`);
    t.equal(await law(begun, op, input, good), undefined, `${op}, signed`);
  }
  const begun = await begin();
  await begun.office.does('project.create', { project: 'sweeper', title: 'Sweeper' }, bob, by(BOBS));
  const policy = { project: 'sweeper', policy: { requires_evidence: true } };
  t.equal(await law(begun, 'project.update', policy), 'project.policy');
  t.equal(await law(begun, 'project.update', policy, good), undefined);
  const back = { project: 'sweeper', policy: { requires_evidence: false } };
  t.equal(await law(begun, 'project.update', back, undefined, bob), undefined, 'its owner needs no power');
  t.equal(await law(begun, 'actor.register', { actor: 'eve', name: 'Eve' }), undefined, 'nor does a name of one’s own');
});

t.test('a maintainer without keys has no say over keys, and gets none by its own word', async t => {
  const { office } = await begin();
  const ann = person('ann', 'human');
  await office.does('actor.register', { actor: 'ann', role: 'maintainer', kind: 'human' }, eve, by(EVES));
  const refused = async (op: string, input: object, signature?: string) =>
    (await office.refusal(op, input, ann, { signature })).code;
  const other = { key: OTHER.key };
  const signed = `good:${OTHER.fingerprint}`;
  t.equal(await refused('actor.key_add', { actor: 'eve', ...other }), 'NOT_SIGNED');
  t.equal(await refused('actor.key_remove', { actor: 'eve', fingerprint: EVES.fingerprint }), 'NOT_SIGNED');
  t.equal(await refused('actor.key_add', { actor: 'bob', ...other }, signed), 'NOT_SIGNED');
  t.equal(await refused('actor.register', { actor: 'eve', role: 'member' }), 'NOT_SIGNED');
  t.equal(await refused('actor.register', { actor: 'bob', kind: 'human' }), 'NOT_SIGNED');
  t.equal(await refused('actor.register', { actor: 'mallory', role: 'maintainer' }), 'NOT_SIGNED');
  t.equal(await refused('actor.key_add', { actor: 'ann', ...other }), 'NOT_SIGNED', 'she would rule over eve by it');
  t.equal(await refused('actor.key_add', { actor: 'ann', ...other }, signed), 'NOT_SIGNED', 'however it is signed');
  await office.does('actor.register', { actor: 'zoe', kind: 'human' }, ann);
  await office.does('actor.key_add', { actor: 'zoe', ...other }, ann);
  await office.does('actor.key_add', { actor: 'ann', key: sshKey('ann').key }, eve, by(EVES));
  await office.does('actor.key_add', { actor: 'bob', key: sshKey('next').key }, ann, by(sshKey('ann')));
});

t.test('a ledger in which nobody has keys is begun without', async () => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  await office.does('actor.register', { actor: 'ada', role: 'maintainer' }, eve);
  await office.does('actor.register', { actor: 'bob' }, ada);
  await office.does('ledger.policy', { claim_grace: '10s' }, ada);
  await office.does('actor.key_add', { actor: 'bob', key: BOBS.key }, ada);
  await office.does('actor.register', { actor: 'zoe', role: 'maintainer' }, ada);
  await office.does('actor.key_add', { actor: 'eve', key: EVES.key }, eve, by(EVES));
});

t.test('actor.maintained: a ledger keeps a maintainer, and under the policy one who can sign', async t => {
  for (const strict of [false, true]) {
    const { office } = await begin(strict);
    const refused = async (op: string, input: object) => (await office.refusal(op, input, eve, by(EVES))).law;
    const leave = { actor: 'eve', role: 'member' };
    t.equal(await refused('actor.register', leave), 'actor.maintained', 'the last one does not leave');
    await office.does('actor.register', { actor: 'ada', role: 'maintainer' }, eve, by(EVES));
    if (strict) {
      t.equal(await refused('actor.register', leave), 'actor.maintained', 'ada cannot sign');
      await office.does('actor.key_add', { actor: 'ada', key: OTHER.key }, eve, by(EVES));
    }
    await office.does('actor.register', leave, eve, by(EVES));
    t.equal((await actorOf(office, 'eve')).role, 'member');
  }
});

t.test(
  'under require_signatures a key is removed with one that stays, so that the last ones are known to sign',
  async t => {
    const { office } = await begin(true);
    await office.does('actor.key_add', { actor: 'eve', key: OTHER.key }, eve, by(EVES));
    const remove = { actor: 'eve', fingerprint: EVES.fingerprint };
    t.match(await office.refusal('actor.key_remove', remove, eve, by(EVES)), { message: /one that stays/ });
    await office.does('actor.key_remove', remove, eve, by(OTHER));
  },
);

t.test('a key that proves nothing is not added, by whatever way', async t => {
  const { office } = await begin();
  const string = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([
    string(Buffer.from('ssh-ed25519')),
    string(Buffer.concat([Buffer.of(1), Buffer.alloc(31)])),
  ]);
  const key = `ssh-ed25519 ${blob.toString('base64')}`;
  const { keys: had, ...was } = await actorOf(office, 'bob');
  await t.rejects(office.does('actor.key_add', { actor: 'bob', key }, bob, by(BOBS)), { message: /everybody/ });
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  const intent = office.intent('actor.key_add', { actor: 'bob', key }, bob);
  const forged = { type: 'ssh' as const, key, fingerprint, added_at: intent.at };
  const files = [...(await office.enrolled(intent)), actorRecord.put('bob', { ...was, keys: [...had!, forged] })];
  const found = await office.forge(files, intent, office.stamp(intent), `good:${BOBS.fingerprint}`);
  t.match(found, { law: 'actor.keys', message: /everybody/ });
});
