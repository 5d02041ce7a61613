import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { recordText } from '../../src/kernel/canonical.ts';
import { LAWS, OPERATIONS, RECORDS, ROOMS } from '../../src/rooms/index.ts';
import { generalLaws } from '../../src/rooms/laws.ts';
import { type Note, noteRecord, type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

async function begin() {
  const office = new TestOffice();
  return { office, id: await office.creates() };
}

t.test('record.schema: unknown files, unknown keys, wrong types, other bytes and giants are caught', async t => {
  const { office, id } = await begin();
  const intent = office.intent('task.update', { task_id: id });
  const path = taskRecord.path(id);
  const good: Task = { ...(await office.task(id)), updated_at: intent.at };
  const forge = async (text: string, at = path) => (await office.forge([{ path: at, text }], intent))?.law ?? 'lawful';
  t.equal(await forge(recordText(good)), 'lawful');
  t.equal(await forge('{}', 'tasks/evil.sh'), 'record.schema');
  t.equal(await forge('{}', `${path}/../x.json`), 'record.schema');
  t.equal(await forge('not JSON'), 'record.schema');
  t.equal(await forge('null\n'), 'record.schema');
  t.equal(await forge(JSON.stringify(good)), 'record.schema', 'not canonical');
  t.equal(await forge(`${recordText(good)} `), 'record.schema', 'a byte too many');
  t.equal(await forge(recordText({ ...good, path: 'anything' })), 'record.schema', 'a key too many');
  const { priority: _p, ...less } = good;
  t.equal(await forge(recordText(less)), 'record.schema', 'a key too few');
  const wrong: Record<string, unknown>[] = [
    { title: 'x'.repeat(201) },
    { title: 'a\nb' },
    { title: ' ' },
    { description: 'x'.repeat(65_537) },
    { priority: 5 },
    { status: 'started' },
    { due_on: '2026-02-30' },
    { created_at: '2026-01-01' },
    { labels: Array.from({ length: 201 }, (_, index) => `l${String(index).padStart(3, '0')}`) },
  ];
  for (const patch of wrong)
    t.equal(await forge(recordText({ ...good, ...patch })), 'record.schema', JSON.stringify(patch).slice(0, 60));
  const criteria = [1, 2, 3, 4].map(n => ({ id: `c${n}`, text: 'x'.repeat(65_000), met: false }));
  t.equal(
    await forge(recordText({ ...good, criteria, description: 'x'.repeat(65_000) })),
    'record.schema',
    'larger than 256 KB',
  );
});

t.test('record.kept and append-only: nothing goes away, notes stay as they were', async t => {
  const { office, id } = await begin();
  const { note_id } = await office.does('task.note', { task_id: id, text: 'first words' });
  const note = (await office.view.get(noteRecord, String(note_id), id)) as Note;
  const edit = office.intent('task.note', { task_id: id });
  t.equal(
    (await office.forge([noteRecord.put(String(note_id), { ...note, text: 'other words' }, id)], edit))?.law,
    'append-only',
  );
  t.equal((await office.forge([noteRecord.remove(String(note_id), id)], edit))?.law, 'record.kept');
  t.equal((await office.forge([taskRecord.remove(id)], edit))?.law, 'record.kept');
});

t.test('record.owner: nothing lies in the folder of a task that is not there', async t => {
  const { office } = await begin();
  const intent = office.intent('task.note', {});
  const note: Note = { kind: 'note', text: 'x', by: 'ada', at: intent.at };
  const file = noteRecord.put(office.idFor(noteRecord, intent), note, 't-0000000000');
  t.equal((await office.forge([file], intent))?.law, 'record.owner');
});

t.test('record.id: an id is made of its entry or its key, and cannot be chosen', async t => {
  const { office, id } = await begin();
  const task = await office.task(id);
  const born = (at: string): Task => ({ ...task, created_at: at, updated_at: at });
  const intent = office.intent('task.create', { title: 'x' });
  t.equal((await office.forge([taskRecord.put('t-7k3qz0m4xv', born(intent.at))], intent))?.law, 'record.id');
  t.notOk(await office.forge([taskRecord.put(office.idFor(taskRecord, intent), born(intent.at))], intent));
  t.notOk(await office.forge([taskRecord.put(office.idFor(taskRecord, intent, 7), born(intent.at))], intent));
  const keyed = office.intent('task.create', { title: 'x' }, ada, { key: 'once' });
  const own = [taskRecord.put(office.idFor(taskRecord, intent), born(keyed.at))];
  t.equal((await office.forge(own, keyed))?.law, 'record.id', 'with a key the id is made of the key');
});

t.test('entry.size: an intent of more than 256 KB is refused', async t => {
  const { office } = await begin();
  const text = 'x'.repeat(60_000);
  const tasks = ['a', 'b', 'c', 'd', 'e'].map(key => ({ key, title: key, description: text }));
  t.match(await office.refusal('task.create_many', { tasks }), { code: 'TOO_LARGE' });
  t.ok(await office.does('task.create_many', { tasks: tasks.slice(0, 4) }));
});

t.test('entry.time: no entry is from the future of whoever lands it', async t => {
  const { office, id } = await begin();
  const { files, intent } = await office.rewrite(id, { title: 'Later' });
  const at = (ms: number) => ({ writer: 'w1', n: 9, landed: new Date(Date.parse(intent.at) - ms).toISOString() });
  t.notOk(await office.forge(files, intent, at(600_000)));
  t.equal((await office.forge(files, intent, at(600_001)))?.law, 'entry.time');
});

t.test('human-only: an agent’s entry of a reserved operation is named', async t => {
  const reserved = { ...OPERATIONS.find(one => one.name === 'task.update')!, humanOnly: true };
  const law = generalLaws([reserved]).find(one => one.id === 'human-only')!;
  const { office, id } = await begin();
  for (const [who, count] of [
    [ada, 1],
    [eve, 0],
  ] as const) {
    const intent = office.intent('task.update', { task_id: id }, who);
    const entry = { id: 'e', intent, stamp: office.stamp(intent) };
    const none = { state: 'none' as const };
    const found = await law.check({ before: office.view, after: office.view, entry, proof: none, changes: [] });
    t.equal(found.length, count, who.kind);
  }
});

t.test('human-only: where a policy lets agents do it, their entry is lawful', async t => {
  const { office, id } = await begin();
  const update = OPERATIONS.find(one => one.name === 'task.update')!;
  for (const allowed of [true, false]) {
    const law = generalLaws([{ ...update, humanUnless: async () => allowed } as never]).find(
      one => one.id === 'human-only',
    )!;
    const intent = office.intent('task.update', { task_id: id }, ada);
    const entry = { id: 'e', intent, stamp: office.stamp(intent) };
    const none = { state: 'none' as const };
    const found = await law.check({ before: office.view, after: office.view, entry, proof: none, changes: [] });
    t.equal(found.length, allowed ? 0 : 1);
  }
});

t.test('every law is named once, says its rule and names the test that shows it', async t => {
  t.equal(new Set(LAWS.map(law => law.id)).size, LAWS.length);
  for (const { id, says, enforcedBy } of LAWS) {
    const file = fileURLToPath(new URL(`../${enforcedBy}`, import.meta.url));
    t.ok(existsSync(file) && readFileSync(file, 'utf8').includes(id), `${id}: ${enforcedBy}`);
    t.match(says, /^[A-Z].*\.$/, id);
  }
});

t.test('rooms are folders, records and operations have their own names', async t => {
  t.equal(new Set(ROOMS.map(room => room.name)).size, ROOMS.length);
  t.equal(new Set(RECORDS.map(def => def.kind)).size, RECORDS.length);
  t.equal(new Set(OPERATIONS.map(one => one.name)).size, OPERATIONS.length);
  const letters = RECORDS.map(def => def.letter).filter(letter => letter !== '');
  t.equal(new Set(letters).size, letters.length, 'an id says its kind');
  for (const operation of OPERATIONS) {
    t.match(operation.summary, /^[A-Z]/, operation.name);
    t.ok(operation.examples.length > 0, `${operation.name} has an example`);
  }
});

t.test('another actor’s lawful entry is lawful', async t => {
  const { office, id } = await begin();
  const { files, intent } = await office.rewrite(id, { title: 'By bob' }, bob);
  t.notOk(await office.forge(files, intent));
});
