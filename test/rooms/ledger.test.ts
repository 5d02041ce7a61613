import t from 'tap';
import { genesisFiles } from '../../src/rooms/ledger/genesis.ts';
import { type Ledger, ledgerRecord } from '../../src/rooms/ledger/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };

t.test('genesis is a constant of name and format', async t => {
  t.same(genesisFiles('main'), [{ path: 'ledger.json', text: '{"format":1,"ledger":"main"}\n' }]);
});

t.test('the first init names the authority; the same again is nothing, another is refused', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, ada);
  t.match(await office.view.get(ledgerRecord, 'ledger'), INIT);
  t.equal((await office.outcome('ledger.init', INIT, bob)).kind, 'same');
  t.match(await office.refusal('ledger.init', { ...INIT, authority: 'gitlab/acme/app' }, bob), {
    code: 'NOT_MAINTAINER',
  });
});

t.test('authority and policies are a maintainer’s', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  t.match(await office.refusal('ledger.authority', { authority: 'gitlab/acme/app' }, bob), { code: 'NOT_MAINTAINER' });
  t.match(await office.refusal('ledger.policy', { requires_evidence: true }, bob), { code: 'NOT_MAINTAINER' });
  await office.does('ledger.authority', { authority: 'gitlab/acme/app' }, eve);
  await office.does('ledger.policy', { requires_evidence: true }, eve);
  const id = await office.creates({}, eve);
  t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, eve), { code: 'GATE' });
});

t.test('ledger.settings', async t => {
  const office = new TestOffice();
  await office.creates({}, bob);
  const before = (await office.view.get(ledgerRecord, 'ledger'))!;
  const forge = async (patch: Partial<Ledger>, who = bob) => {
    const intent = patch.namespace
      ? office.intent('ledger.init', patch, who)
      : office.intent('ledger.policy', { ...patch.policies }, who);
    const now = (await office.view.get(ledgerRecord, 'ledger'))!;
    return (await office.forge([ledgerRecord.put('ledger', { ...now, ...patch })], intent))?.law ?? 'lawful';
  };
  t.equal(await forge({ policies: { requires_evidence: true } }), 'ledger.settings', 'before it is initialised');
  t.equal(before.namespace, undefined);
  await office.does('ledger.init', INIT, eve);
  t.equal(await forge({ format: 2 }, eve), 'ledger.settings');
  t.equal(await forge({ ledger: 'other' }, eve), 'ledger.settings');
  t.equal(await forge({ namespace: 'refs/heads/x' }), 'ledger.settings');
  t.equal(await forge({ namespace: 'refs/heads/ledgenter' }, eve), 'lawful', 'a host may refuse the first');
  t.equal(await forge({ authority: 'gitlab/mallory/app' }), 'ledger.settings');
  t.equal(await forge({ policies: {} }), 'ledger.settings');
  t.equal(await forge({ policies: { requires_evidence: false } }, eve), 'lawful');
});
