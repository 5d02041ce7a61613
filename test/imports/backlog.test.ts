import { fileURLToPath } from 'node:url';
import t from 'tap';
import { decisionRecord } from '../../src/rooms/decisions/record.ts';
import { mapBacklog } from '../../src/rooms/importing/backlog/map.ts';
import { commentsOf, sectionsOf } from '../../src/rooms/importing/backlog/sections.ts';
import { standingOf } from '../../src/rooms/importing/backlog/status.ts';
import { knowledgeRecord } from '../../src/rooms/knowledge/record.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { filesOf, Ledger, reasons } from './tools.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/backlog/backlog', import.meta.url));
const map = async () => mapBacklog(await filesOf(FIXTURE), { project: 'harbour' });
const ref = (id: string) => `backlog:harbour/${id}`;

t.test('a project made by its own tool comes in whole', async t => {
  const { entries, report } = await map();
  const ledger = await new Ledger('import.backlog').take(entries);
  t.same(ledger.refused, []);
  t.match(report, {
    files: { read: 20, left: 1 },
    mapped: { tasks: 13, pages: 5, decisions: 1, criteria: 5, comments: 2 },
    skipped: { dependencies: {} },
  });
  const kinds = Object.values(report.files.kinds).reduce((sum, one) => sum + one, 0);
  t.equal(kinds, report.files.read, 'every file is of one kind');
  const statuses: Record<string, unknown> = {};
  const all = ['1', '1.1', '1.2', '2', '3', '4', '5', '6', '7', '8'].map(id => `task-${id}`);
  for (const id of [...all, 'draft-1', 'draft-2', 'archive/drafts/draft-2']) {
    const task = await ledger.task(ref(id));
    statuses[id] = [task?.status, ...(task?.labels ?? [])].join(' ');
  }
  t.same(statuses, {
    'task-1': 'open data milestone:Season 1 parser',
    'task-1.1': 'open status:In Progress',
    'task-1.2': 'open',
    'task-2': 'open alarm milestone:Later status:In Review',
    'task-3': 'open',
    'task-4': 'done',
    'task-5': 'open',
    'task-6': 'open',
    'task-7': 'cancelled',
    'task-8': 'done',
    'draft-1': 'open draft idea',
    'draft-2': 'open draft',
    'archive/drafts/draft-2': 'cancelled',
  });
});

t.test('texts, criteria, people, times, days and ties of a task are kept', async t => {
  const { entries } = await map();
  const ledger = await new Ledger('import.backlog').take(entries);
  const task = await ledger.task(ref('task-1'));
  t.match(task, {
    title: 'Parse tide tables',
    assignee: 'anna',
    priority: 1,
    due_on: '2026-04-20',
    imported: true,
    created_by: 'unknown',
    created_at: '2026-11-26T10:46:00.000Z',
    origin_ask_ref: 'backlog:harbour/task-1',
    criteria: [
      { text: 'Reads the sample file', met: true },
      { text: 'Tells a bad row with its line: number, text', met: false },
      { text: 'Is documented', met: false },
      { text: 'Definition of Done: Tests pass', met: false },
    ],
  });
  t.match(task?.description, '| 06:00 | 1,25 |\n\nDecimal comma: `1,25`; a backslash \\ and a "quote", tabs\there.');
  t.notMatch(task?.description, 'SECTION', 'markers are none of the text');
  const notes = await ledger.notes(ref('task-1'));
  const texts = notes.map(({ kind, by, text }) => [kind, by, text]);
  t.has(texts.filter(([kind]) => kind === 'comment').sort(), [
    ['comment', 'anna', 'Ask the port office for a sample.'],
    ['comment', 'bo', 'Got it.\nTwo files.'],
  ]);
  t.ok(
    texts.some(
      ([kind, , text]) => kind === 'progress' && text === 'Started with the reader.\n\nUsed csv, not a grammar.',
    ),
  );
  t.ok(texts.some(([, , text]) => text === '## Implementation Plan\n\n1. Reader\n2. Bad rows\n3. Page'));
  t.ok(texts.some(([, , text]) => text === 'Assigned in Backlog.md to: anna, bo'));
  t.ok(
    texts.some(
      ([, , text]) => text!.includes('- references: https://example.com/tides\n') && text!.includes('- ordinal: 1000'),
    ),
  );
  t.equal((await ledger.task(ref('task-1.2')))?.parent, askedTaskId(ref('task-1')));
  t.same((await ledger.task(ref('task-1.2')))?.depends_on, [askedTaskId(ref('task-1.1'))]);
  t.equal(
    (await ledger.task(ref('task-2')))?.description,
    'Öresund, naïve, 漢字, emoji 🚢.\n\n## A heading of its own\n\n- [ ] a box that is no criterion\n\n<!-- a comment -->\n\n---\n\nand a rule.',
  );
  t.ok(
    (await ledger.notes(ref('task-4'))).some(({ kind, text }) => kind === 'resolution' && text === 'Painted by hand.'),
  );
});

t.test('documents become pages, an accepted decision a ruling that says whose word it is', async t => {
  const { entries, report } = await map();
  const ledger = await new Ledger('import.backlog').take(entries);
  const pages = ledger.records(knowledgeRecord);
  t.same(pages.map(({ title }) => title).sort(), [
    'Glossary',
    'How the harbour is built',
    'Milestone Later',
    'Milestone Season 1',
    'Which crane to buy',
  ]);
  const built = pages.find(({ title }) => title.startsWith('How'));
  t.match(built, { kind: 'reference', project: 'harbour', tags: ['backlog.md', 'build', 'guide', 'intro'] });
  t.match(built?.body, '# Harbour\n\nBerths, cranes and a ledger.\n\n```sh\nmake harbour\n```');
  t.match(built?.body, 'docs/doc-1 - How-the-harbour-is-built.md');
  const [ruling] = ledger.records(decisionRecord);
  t.match(ruling, { title: 'Keep times in UTC', choice: 'All times are stored in UTC.', by: 'importer' });
  t.match(ruling?.rationale, /Two zones disagreed in May\.[\s\S]*Reports convert\.[\s\S]*status: accepted/);
  t.match(reasons(report), { word: 1, settings: 1, started: 2, archived: 2, repeated_file_id: 1, people: 1 });
});

t.test('a status becomes what the one table says, by its folder and its place in the project’s list', t => {
  const list = ['To Do', 'In Progress', 'Shipped'];
  t.match(standingOf('tasks', 'Shipped', list), { status: 'done' });
  t.match(standingOf('tasks', 'done', list), { status: 'done' });
  t.match(standingOf('tasks', 'To do', list), { status: 'open' });
  t.match(standingOf('tasks', 'Blocked', list), { status: 'blocked' });
  t.match(standingOf('tasks', 'In Progress', list), { status: 'open', label: 'status:In Progress', started: true });
  t.match(standingOf('completed', 'To Do', list), { status: 'done' });
  t.match(standingOf('archive', 'Shipped', list), { status: 'done' });
  t.match(standingOf('archive', 'To Do', list), { status: 'cancelled' });
  t.match(standingOf('drafts', 'Done', list), { status: 'open', label: 'draft' });
  t.end();
});

t.test('every line of a task is in one part of it, with markers and without', t => {
  t.match(
    sectionsOf('## Description\n\nOld.\n\n## A heading\n\nmore\n\n## Acceptance Criteria\n- [ ] one\n\n## Later\n\nx'),
    {
      description: 'Old.\n\n## A heading\n\nmore',
      criteria: '- [ ] one',
      rest: '## Later\n\nx',
    },
  );
  t.match(sectionsOf('<!-- SECTION:DESCRIPTION:BEGIN -->\na\n## Comments\nb'), {
    description: 'a\n## Comments\nb',
    rest: '',
  });
  t.same(commentsOf('author: bo\ncreated: 2026-01-01 10:00\n---\ntext\n---\n\nno head'), [
    { author: 'bo', created: '2026-01-01 10:00', text: 'text' },
    { text: 'no head' },
  ]);
  t.same(commentsOf('said: x\n---\ny\n---'), [{ text: 'said: x\ny' }]);
  t.end();
});
