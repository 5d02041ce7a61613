import t from 'tap';
import { type Actor, actorRecord } from '../../src/rooms/actors/record.ts';
import { type ForkInput, peopleOf } from '../../src/rooms/ledger/fork.ts';
import { type Ledger, ledgerRecord } from '../../src/rooms/ledger/record.ts';
import { sshKey } from '../ssh-key.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };
const TIP = 'c'.repeat(40);
const [EVES, BOBS] = [sshKey('eve'), sshKey('bob')];
const by = ({ fingerprint }: { fingerprint: string }) => ({ signature: `good:${fingerprint}` });

/** A ledger with a maintainer and a member who have keys, an agent without, and policies. */
async function parent(
  policies: object = { requires_evidence: true },
): Promise<{ office: TestOffice; said: ForkInput }> {
  const office = new TestOffice();
  await office.does('ledger.init', { ...INIT, key: EVES.key }, eve, by(EVES));
  await office.creates({}, ada);
  await office.creates({}, bob);
  await office.does('actor.key_add', { actor: 'bob', key: BOBS.key }, bob);
  await office.does('ledger.policy', policies, eve, by(EVES));
  const { namespace, authority, policies: all } = (await office.view.get(ledgerRecord, 'ledger'))!;
  const said = {
    from: 'main',
    tip: TIP,
    namespace: namespace!,
    authority: authority!,
    policies: all!,
    actors: await peopleOf(office.view),
  };
  return { office, said };
}

t.test('a fork begins with settings, people and keys, and with no work', async t => {
  const { office, said } = await parent();
  const fork = new TestOffice();
  await fork.does('ledger.fork', said, ada);
  t.match(await fork.view.get(ledgerRecord, 'ledger'), {
    ...INIT,
    policies: { requires_evidence: true },
    forked_from: { ledger: 'main', tip: TIP },
  });
  const keys = (record: Actor | undefined) => record?.keys?.map(key => key.fingerprint);
  for (const actor of ['eve', 'bob']) {
    const [was, is] = [await office.view.get(actorRecord, actor), await fork.view.get(actorRecord, actor)];
    t.match(is, { kind: was?.kind, role: was?.role });
    t.same(keys(is), keys(was));
  }
  t.match(await fork.view.get(actorRecord, 'ada'), { role: 'member' }, 'who forks is no more than before');
  t.same(await fork.tasks(), []);
  t.equal((await fork.refusal('ledger.policy', { requires_evidence: false }, eve)).code, 'NOT_SIGNED');
  t.equal((await fork.refusal('ledger.policy', { requires_evidence: false }, ada)).code, 'NOT_MAINTAINER');
  await fork.does('ledger.policy', { requires_evidence: false }, eve, by(EVES));
});

t.test('forked twice, offline: the same origin is one fork, another is refused', async t => {
  const { said } = await parent();
  const fork = new TestOffice();
  await fork.does('ledger.fork', said, ada);
  t.equal((await fork.outcome('ledger.fork', { ...said, tip: 'd'.repeat(40) }, bob)).kind, 'same');
  t.equal((await fork.refusal('ledger.fork', { ...said, from: 'other' }, bob)).code, 'REFUSED');
  t.equal((await fork.refusal('ledger.init', { ...INIT, authority: 'gitlab/x/y' }, bob)).code, 'NOT_MAINTAINER');
});

t.test('where entries are signed, the fork is begun by one of its people', async t => {
  const { said } = await parent({ require_signatures: true });
  t.equal((await new TestOffice().refusal('ledger.fork', said, bob)).code, 'NOT_SIGNED');
  t.equal((await new TestOffice().refusal('ledger.fork', said, ada, { signature: 'good:other' })).code, 'NOT_SIGNED');
  t.equal((await new TestOffice().refusal('ledger.fork', said, bob, by(BOBS))).code, 'lawful');
});

t.test('actor.forked, ledger.said: a forged beginning is named', async t => {
  const { said } = await parent();
  const fork = new TestOffice();
  const twin = new TestOffice();
  const outcome = await twin.outcome('ledger.fork', said, ada);
  if (outcome.kind !== 'lawful') throw new Error('not forked');
  const { files, entry } = outcome;
  const law = async (changed = files, intent = entry.intent) => (await fork.forge(changed, intent))?.law ?? 'lawful';
  t.equal(await law(), 'lawful');
  const ledger = JSON.parse(files.find(({ path }) => path === 'ledger.json')!.text!) as Ledger;
  const settings = (patch: Partial<Ledger>) =>
    files.map(one => (one.path === 'ledger.json' ? ledgerRecord.put('ledger', { ...ledger, ...patch }) : one));
  t.equal(await law(settings({ policies: {} })), 'ledger.said', 'without the gates');
  t.equal(await law(settings({ forked_from: { ledger: 'other', tip: TIP } })), 'ledger.said');
  const rises = files.map(one =>
    one.path === actorRecord.path('ada')
      ? actorRecord.put('ada', { kind: 'agent', role: 'maintainer', created_at: entry.intent.at })
      : one,
  );
  t.equal(await law(rises), 'actor.forked', 'a maintainer whom the entry does not name');
  t.equal(
    await law(files, { ...entry.intent, input: { actors: 'nobody' } }),
    'actor.forked',
    'an entry that says less',
  );
  await fork.does('ledger.init', INIT, eve);
  t.not(await law(), 'lawful', 'a ledger begins once');
  const now = (await fork.view.get(ledgerRecord, 'ledger'))!;
  const policy = fork.intent('ledger.policy', {}, eve);
  const born = ledgerRecord.put('ledger', { ...now, forked_from: { ledger: 'main', tip: TIP } });
  t.equal(await law([born], policy), 'ledger.said', 'where it comes from is not told later');
});
