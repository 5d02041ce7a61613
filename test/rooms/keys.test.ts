import t from 'tap';
import { entryId } from '../../src/kernel/entry.ts';
import { inputHash, keyId, keyOf, keyRecord } from '../../src/rooms/keys/record.ts';
import { ada, bob, TestOffice } from './office.ts';

t.test('a repeated key answers the same, whoever repeats it; with another input it is refused', async t => {
  const office = new TestOffice();
  const first = await office.does('task.create', { title: 'Once' }, ada, { key: 'k1' });
  t.same(await office.does('task.create', { title: 'Once' }, ada, { key: 'k1' }), first);
  t.match(await office.refusal('task.create', { title: 'Twice' }, ada, { key: 'k1' }), { code: 'KEY_REUSED' });
  t.match(await office.refusal('task.note', { task_id: first.task_id, text: 'x' }, bob, { key: 'k1' }), {
    code: 'KEY_REUSED',
  });
  t.match(await keyOf(office.view, 'k1'), { op: 'task.create', result: first });
  t.equal(await keyOf(office.view, 'k2'), undefined);
});

t.test('key.own: a key is kept only by the entry that used it', async t => {
  const office = new TestOffice();
  await office.creates();
  const intent = office.intent('task.create', { title: 'x' }, ada, { key: 'mine' });
  const kept = { op: 'task.create', input: inputHash(intent), result: {}, entry: entryId(intent) };
  const forge = async (key: string, patch: object) =>
    (await office.forge([keyRecord.put(keyId(key), { ...kept, ...patch })], intent))?.law ?? 'lawful';
  t.equal(await forge('mine', {}), 'lawful');
  t.equal(await forge('other', {}), 'key.own');
  t.equal(await forge('mine', { op: 'task.note' }), 'key.own');
  t.equal(await forge('mine', { entry: 'a'.repeat(64) }), 'key.own');
  t.equal(await forge('mine', { input: 'a'.repeat(64) }), 'key.own', 'kept for what another will ask');
});

t.test('key.kept: an entry cannot use a key and not keep it', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const { files, intent } = await office.rewrite(id, { title: 'Better' }, ada, { key: 'quiet' });
  t.equal((await office.forge(files, intent))?.law, 'key.kept');
});
