import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { fileSite } from '../../src/rooms/files/ports.ts';
import { linkedFileRecord } from '../../src/rooms/files/record.ts';
import { introRecord } from '../../src/rooms/intros/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

async function begin() {
  const office = new TestOffice();
  const id = await office.creates({}, eve);
  return {
    office,
    id,
    link: (path: string, more: object = {}) => office.does('file.link', { task_id: id, path, ...more }),
  };
}

t.test('files are linked once each; another role or note takes the place of the old one', async t => {
  const { office, id, link } = await begin();
  const { file_id } = await link('./src//sweeper.ts', { role: 'edit', note: 'the loop' });
  t.equal((await link('src/sweeper.ts', { role: 'test' })).file_id, file_id);
  t.match(await office.view.get(linkedFileRecord, String(file_id), id), {
    path: 'src/sweeper.ts',
    role: 'test',
    note: 'the loop',
  });
  t.match(await office.outcome('file.link', { task_id: id, path: 'src/sweeper.ts' }, bob), { kind: 'same' });
  await link('docs');
  t.match(await office.asks('task.get', { task_id: id }), {
    files: [
      { path: 'docs', role: 'context' },
      { path: 'src/sweeper.ts', role: 'test' },
    ],
  });
  for (const path of ['../x', '/etc/passwd', 'C:/x', 'a\\b', ' '])
    await t.rejects(office.outcome('file.link', { task_id: id, path }, ada), path);
  t.match(await office.refusal('file.link', { task_id: id, path: 'src/*.ts' }), { code: 'BAD_INPUT' });
  await office.does('task.claim', { task_id: id }, bob);
  t.match(await office.refusal('file.link', { task_id: id, path: 'README.md' }, ada), { code: 'NOT_HOLDER' });
});

t.test('their status is what the checkout says since the claim, and a list where there is none', async t => {
  const { office, id, link } = await begin();
  await link('src/sweeper.ts');
  const asked: string[] = [];
  const site = {
    async states(paths: string[], since: string) {
      asked.push(since);
      return paths.map(path => ({ path, exists: true, changed: 'modified' }));
    },
  };
  const ports = { [fileSite.name]: site };
  const task = await office.task(id);
  t.match(await office.asks('file.status', { task_id: id }, ada, ports), { since_it_was: 'created', total: 1 });
  await office.does('task.claim', { task_id: id }, ada);
  const { hold } = await office.task(id);
  t.match(await office.asks('file.status', { task_id: id }, ada, ports), {
    files: [{ path: 'src/sweeper.ts', role: 'context', exists: true, changed: 'modified' }],
    since_it_was: 'claimed',
  });
  t.same(asked, [task.created_at, hold?.since]);
  const none = {
    async states() {
      throw new LedgerError('NO_REPOSITORY', 'no work tree');
    },
  };
  t.match(await office.asks('file.status', { task_id: id }, ada, { [fileSite.name]: none }), {
    files: [{ path: 'src/sweeper.ts', exists: undefined }],
    note: /no work tree/,
  });
});

t.test('file.form: a forged link names no path outside, no other author and no path twice', async t => {
  const { office, id, link } = await begin();
  await link('src/sweeper.ts');
  const forged = async (patch: object) => {
    const intent = office.intent('file.link', { task_id: id }, ada);
    const record = { path: 'src/other.ts', role: 'edit' as const, by: 'ada', at: intent.at, ...patch };
    return (
      (await office.forge([linkedFileRecord.put(office.idFor(linkedFileRecord, intent), record, id)], intent))?.law ??
      'lawful'
    );
  };
  t.equal(await forged({}), 'lawful');
  for (const path of ['../../x', '/etc/passwd', 'a//b', 'src/**', 'src/sweeper.ts'])
    t.equal(await forged({ path }), 'file.form', path);
  t.equal(await forged({ by: 'bob' }), 'file.form');
});

t.test('intro.form: an introduction is written once and linked to the tasks that need it', async t => {
  const { office, id } = await begin();
  const { knowledge_id } = await office.does('intro.write', { title: 'The sweeper', body: 'It sweeps.' }, bob);
  t.match(await office.asks('knowledge.get', { knowledge_id }), {
    knowledge: { kind: 'introduction', title: 'The sweeper' },
  });
  await office.does('intro.link', { task_id: id, knowledge_id });
  t.match(await office.outcome('intro.link', { task_id: id, knowledge_id }, bob), { kind: 'same' });
  await office.does('intro.write', { title: 'The sweeper, again', body: 'It sweeps.', knowledge_id });
  t.match(await office.asks('task.get', { task_id: id }), {
    introductions: [{ id: knowledge_id, title: 'The sweeper, again' }],
  });
  const note = await office.does('knowledge.write', { title: 'A note', body: 'No introduction.' });
  t.match(await office.refusal('intro.link', { task_id: id, knowledge_id: note.knowledge_id }), {
    law: 'intro.form',
    message: /is a note/,
  });
  t.match(await office.refusal('intro.link', { task_id: id, knowledge_id: 'w-0000000000' }), { code: 'NOT_FOUND' });
  const intent = office.intent('intro.link', { task_id: id }, ada);
  const by = { by: 'ada', at: intent.at };
  t.equal((await office.forge([introRecord.put(String(note.knowledge_id), by, id)], intent))?.law, 'intro.form');
  await office.does('knowledge.archive', { knowledge_id });
  t.notOk(((await office.asks('task.get', { task_id: id })) as { introductions?: unknown }).introductions);
});
