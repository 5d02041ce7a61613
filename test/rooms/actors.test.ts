import t from 'tap';
import { byOf } from '../../src/kernel/operation.ts';
import { enrol } from '../../src/rooms/actors/enrol.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { runRecord } from '../../src/rooms/runs/record.ts';
import { ada, bob, eve, person, TestOffice } from './office.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };

t.test('who writes first is entered as a member, with its run; who initialises is maintainer', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, ada);
  const id = await office.creates({}, bob);
  t.match(await office.view.get(actorRecord, 'ada'), { role: 'maintainer', kind: 'agent' });
  t.match(await office.view.get(actorRecord, 'bob'), { role: 'member', kind: 'agent' });
  t.match(await office.view.get(runRecord, bob.run[0]!), {
    actor: 'bob',
    started_at: (await office.task(id)).created_at,
  });
  const again = office.intent('task.create', { title: 'x' }, bob);
  t.same(await enrol(office.view, byOf(again, nothing)), [], 'once');
});

t.test('actor.known and run.known: an entry without its actor or run in the book is caught', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const { files, intent } = await office.rewrite(id, { title: 'x' }, bob);
  const [actor, run, task] = files;
  t.equal((await office.forge([run!, task!], intent))?.law, 'actor.known');
  t.equal((await office.forge([actor!, task!], intent))?.law, 'run.known');
  t.notOk(await office.forge(files, intent));
  const mine = await office.rewrite(id, { title: 'x' }, { ...bob, run: ada.run });
  t.equal((await office.forge(mine.files, mine.intent))?.law, 'run.known', 'a run of another');
});

t.test('run.known: ancestors are the parents that the book has', async t => {
  const office = new TestOffice();
  await office.creates();
  const child = person('ada', 'agent', 'child').run[0]!;
  const id = await office.creates({ title: 'x' }, { ...ada, run: [child, ada.run[0]!] });
  t.match(await office.view.get(runRecord, child), { parent: ada.run[0] });
  const other = person('ada', 'agent', 'other').run[0]!;
  const orphan = await office.rewrite(id, { title: 'y' }, { ...ada, run: [child] });
  t.equal((await office.forge(orphan.files, orphan.intent))?.law, 'run.known');
  const adopted = await office.rewrite(id, { title: 'y' }, { ...ada, run: [child, other] });
  t.equal((await office.forge(adopted.files, adopted.intent))?.law, 'run.known');
});

t.test('run.own: nobody enters a run of another, or another beginning of its own', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const { files, intent } = await office.rewrite(id, { title: 'x' });
  const forge = async (run: string, patch: object) => {
    const record = { actor: 'ada', started_at: intent.at, ...patch };
    return (await office.forge([...files, runRecord.put(run, record)], intent))?.law;
  };
  t.equal(await forge(bob.run[0]!, { actor: 'bob' }), 'run.own');
  const fresh = await office.rewrite(id, { title: 'x' }, bob);
  const late = runRecord.put(bob.run[0]!, { actor: 'bob', started_at: '2026-01-01T00:00:00.000Z' });
  const rest = fresh.files.filter(file => file.path !== late.path);
  t.equal((await office.forge([...rest, late], fresh.intent))?.law, 'run.own');
});

t.test('actor.role: roles, kinds and other people are a maintainer’s', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  await office.creates({}, bob);
  t.match(await office.refusal('actor.register', { actor: 'bob', role: 'maintainer' }, bob), {
    code: 'NOT_MAINTAINER',
  });
  t.match(await office.refusal('actor.register', { actor: 'zoe', kind: 'human' }, bob), { code: 'NOT_MAINTAINER' });
  await office.does('actor.register', { actor: 'bob', name: 'Bob the builder' }, bob);
  await office.does('actor.register', { actor: 'zoe', kind: 'human', role: 'maintainer' }, eve);
  t.match(await office.view.get(actorRecord, 'zoe'), { kind: 'human', role: 'maintainer' });

  const was = (await office.view.get(actorRecord, 'bob'))!;
  const intent = office.intent('actor.register', { actor: 'bob', name: 'B' }, bob);
  const forge = async (actor: string, patch: object) =>
    (await office.forge([actorRecord.put(actor, { ...was, ...patch })], intent))?.law ?? 'lawful';
  t.equal(await forge('bob', { role: 'maintainer' }), 'actor.role');
  t.equal(await forge('bob', { kind: 'human' }), 'actor.role');
  t.equal(await forge('bob', { created_at: intent.at }), 'actor.role');
  t.equal(await forge('mallory', { created_at: intent.at }), 'actor.role');
  t.equal(await forge('bob', { name: 'B' }), 'lawful');
});

t.test('actor.role: a newcomer cannot make itself maintainer, nor enter as another kind', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  const id = await office.creates({}, eve);
  const { files, intent } = await office.rewrite(id, { title: 'x' }, bob);
  const rest = files.filter(file => !file.path.startsWith('actors/'));
  const forge = async (patch: object) => {
    const record = { kind: 'agent' as const, role: 'member' as const, created_at: intent.at, ...patch };
    return (await office.forge([...rest, actorRecord.put('bob', record)], intent))?.law ?? 'lawful';
  };
  t.equal(await forge({ role: 'maintainer' }), 'actor.role');
  t.equal(await forge({ kind: 'human' }), 'actor.role');
  t.equal(await forge({}), 'lawful');
});

t.test('actor.query lists by role', async t => {
  const office = new TestOffice();
  await office.does('ledger.init', INIT, eve);
  await office.creates({}, bob);
  t.match(await office.asks('actor.query', { role: 'maintainer' }), {
    actors: [{ actor: 'eve', kind: 'human' }],
    total: 1,
  });
  const page = await office.asks('actor.query', { limit: 1 });
  t.match(page, { actors: [{ actor: 'bob' }], total: 2, cursor: 'bob' });
  t.match(await office.asks('actor.query', { cursor: 'bob', fields: ['role'] }), {
    actors: [{ actor: 'eve', role: 'maintainer' }],
  });
});
