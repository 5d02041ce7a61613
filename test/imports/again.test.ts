import t from 'tap';
import { decisionRecord } from '../../src/rooms/decisions/record.ts';
import { mapBacklog } from '../../src/rooms/importing/backlog/map.ts';
import type { SourceFile } from '../../src/rooms/importing/common/files.ts';
import { type Source, sourceId, sourceRecord } from '../../src/rooms/importing/record.ts';
import { knowledgeRecord, revisionRecord } from '../../src/rooms/knowledge/record.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { noteRecord } from '../../src/rooms/tasks/record.ts';
import { TestOffice } from '../rooms/office.ts';
import { Ledger } from './tools.ts';

const file = (path: string, fields: object, body = ''): SourceFile => ({
  path,
  fields: fields as Record<string, unknown>,
  body,
  line: 1,
});
const one = (more: object = {}, body = 'Text.', folder = 'tasks') =>
  file(
    `${folder}/task-1 - One.md`,
    { id: 'TASK-1', title: 'One', status: 'To Do', created_date: '2026-01-01 10:00', ...more },
    body,
  );
const map = async (...files: SourceFile[]) => (await mapBacklog({ files, problems: [] }, { project: 'p' })).entries;
const ref = 'backlog:p/task-1';
/** Imports into an office, in which people work too. */
const take = async (office: TestOffice, files: SourceFile[]) => {
  for (const entry of await map(...files)) await office.does('import.backlog', entry);
};
const sourceOf = (office: TestOffice, of: string) => office.view.get(sourceRecord, sourceId(of)) as Promise<Source>;

t.test('the same again writes nothing, and an import that was stopped goes on', async t => {
  const files = [
    one(),
    file('docs/doc-1 - A.md', { id: 'doc-1', title: 'A' }, 'words'),
    file('tasks/task-2.md', { id: 'task-2', title: 'Two', dependencies: ['task-1'] }),
  ];
  const entries = await map(...files);
  t.equal(entries.length, 3);
  const ledger = await new Ledger('import.backlog').take(entries.slice(0, 1));
  await ledger.take(entries);
  await ledger.take(await map(...files));
  t.same(ledger.refused, []);
  t.equal(ledger.written, 3);
  t.equal(ledger.same, 4);
});

t.test(
  'of a task that changed over there the new comes in as notes, and the rest is told beside what people did here',
  async t => {
    const notes = (text: string) => `<!-- SECTION:NOTES:BEGIN -->\n${text}\n<!-- SECTION:NOTES:END -->`;
    const ledger = await new Ledger('import.backlog').take(
      await map(one({}, notes('First.')), file('tasks/task-2.md', { id: 'task-2', title: 'Two' })),
    );
    const before = await ledger.task(ref);
    const later = { status: 'Done', updated_date: '2026-02-01 10:00', labels: ['late'], dependencies: ['task-2'] };
    await ledger.take(
      await map(one(later, notes('First.\n\nSecond.')), file('tasks/task-2.md', { id: 'task-2', title: 'Two' })),
    );
    t.same(ledger.refused, []);
    t.same(await ledger.task(ref), before, 'the task stays as it is');
    const said = (await ledger.notes(ref)).map(({ kind, text }) => [kind, text]).sort();
    t.equal(said.length, 3);
    t.match(
      said[0]?.[1],
      /^The source of this task has changed[\s\S]*- status: done\n- label: late\n- depends on: backlog:p\/task-2$/,
    );
    t.same(
      said.slice(1),
      [
        ['progress', 'First.'],
        ['progress', 'First.\n\nSecond.'],
      ],
      'what was there is not repeated',
    );
    const written = ledger.written;
    await ledger.take(
      await map(one(later, notes('First.\n\nSecond.')), file('tasks/task-2.md', { id: 'task-2', title: 'Two' })),
    );
    t.equal(ledger.written, written, 'and once is enough');
  },
);

t.test('a page that changed over there is revised; one that somebody wrote in stays, beside the new text', async t => {
  const doc = (body: string) => [file('docs/doc-1 - A.md', { id: 'doc-1', title: 'A' }, body)];
  const office = new TestOffice();
  await take(office, doc('first'));
  await take(office, doc('second'));
  const page = async () => (await sourceOf(office, 'backlog:p/doc-1')).record_id;
  const id = await page();
  t.match(await office.view.get(knowledgeRecord, id), { revision: 2, body: /^second/ });
  t.match(await office.view.get(revisionRecord, '1', id), { body: /^first/ });
  await office.does('knowledge.write', { knowledge_id: id, title: 'A', body: 'what we found' });
  await take(office, doc('third'));
  t.match(await office.view.get(knowledgeRecord, id), { revision: 3, body: 'what we found' });
  t.not(await page(), id);
  t.match(await office.view.get(knowledgeRecord, await page()), { revision: 1, body: /^third/ });
});

t.test('a ruling that changed over there supersedes what it said', async t => {
  const ruling = (choice: string) =>
    map(
      file(
        'decisions/decision-1 - A.md',
        { id: 'decision-1', title: 'A', status: 'accepted' },
        `## Decision\n\n${choice}`,
      ),
    );
  const ledger = await new Ledger('import.backlog').take(await ruling('yes'));
  await ledger.take(await ruling('no'));
  t.same(ledger.refused, []);
  const all = ledger.records(decisionRecord);
  t.same(all.map(({ choice, supersedes }) => [choice, supersedes !== undefined]).sort(), [
    ['no', true],
    ['yes', false],
  ]);
});

t.test('what an import adds to a task that somebody holds are comments', async t => {
  const office = new TestOffice();
  await take(office, [one()]);
  const id = askedTaskId(ref);
  await office.does('task.claim', { task_id: id });
  await take(office, [one({}, '<!-- SECTION:NOTES:BEGIN -->\nNew.\n<!-- SECTION:NOTES:END -->')]);
  const notes = await office.view.all(noteRecord, id);
  t.same(
    notes.map(({ record }) => [record.kind, record.text]),
    [['comment', 'New.']],
  );
});

t.test('source.import: only imports say where something comes from, of what exists, in their own name', async t => {
  const office = new TestOffice();
  const record_id = await office.creates();
  const broken = async (patch: Partial<Source>, op = 'import.backlog', id = sourceId('x:1')) => {
    const intent = office.intent(op, { tasks: [] });
    const good: Source = { ref: 'x:1', record_id, sha256: 'a'.repeat(64), by: intent.actor, at: intent.at };
    return office.broken([sourceRecord.put(id, { ...good, ...patch })], intent);
  };
  t.same(await broken({}), []);
  t.same(await broken({}, 'task.note'), ['source.import']);
  t.same(await broken({ by: 'bob' }), ['source.import']);
  t.same(await broken({ ref: 'x:2' }), ['source.import']);
  for (const gone of ['t-0000000000', 'd-0000000000', 'w-0000000000'])
    t.same(await broken({ record_id: gone }), ['source.import']);
});
