import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { View } from '../../src/kernel/view.ts';
import { mapTaskledger } from '../../src/rooms/importing/taskledger/map.ts';
import { knowledgeRecord } from '../../src/rooms/knowledge/record.ts';
import { planRecord, questionRecord, verdictRecord } from '../../src/rooms/plans/record.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import { filesOf, Ledger, reasons } from './tools.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/taskledger/.taskledger', import.meta.url));
const map = async () => mapTaskledger(await filesOf(FIXTURE), { project: 'harbour', current: 'main' });
const ref = (id: string) => `taskledger:harbour/${id}`;

t.test('a workspace comes in whole: each stage, each ledger', async t => {
  const { entries, report } = await map();
  const ledger = await new Ledger('import.taskledger').take(entries);
  t.same(ledger.refused, []);
  t.match(report, {
    files: { read: 61, left: 8 },
    mapped: { tasks: 11, pages: 2, criteria: 5, plans: 4, questions: 4 },
  });
  const { kinds } = report.files;
  t.equal(
    Object.values(kinds).reduce((sum, one) => sum + one, 0) + report.files.left,
    61,
    'every file is accounted for',
  );
  const told = { plans: 4, questions: 4, todos: 5, runs: 11, changes: 4, reviews: 1, handoffs: 1, locks: 1, links: 1 };
  t.match(report.kept_as_text, told, 'and no record of a task is left out');
  const statuses: Record<string, unknown> = {};
  for (const { tasks } of entries) {
    for (const { ref: one } of tasks) {
      const task = await ledger.task(one);
      statuses[one.slice('taskledger:harbour/'.length)] = [task?.status, ...(task?.labels ?? [])].join(' ');
    }
  }
  t.same(statuses, {
    'main/task-0001': 'done data parser',
    'main/task-0002': 'open alarm stage:implementing',
    'main/task-0003': 'open',
    'main/task-0004': 'cancelled old',
    'main/task-0005': 'open follow-up parser',
    'main/task-0006': 'done type:recorded',
    'main/task-0007': 'open stage:plan_review',
    'main/task-0008': 'open',
    'main/task-0009': 'open',
    'main/task-0010': 'cancelled archived',
    'feature-a/task-0001': 'open ledger:feature-a',
  });
});

t.test('plans, questions, todos, runs, changes and reviews stand in notes, by whom and when they were', async t => {
  const ledger = await new Ledger('import.taskledger').take((await map()).entries);
  const one = ref('main/task-0001');
  t.match(await ledger.task(one), {
    created_by: 'marta',
    created_at: '2026-05-04T09:03:05.000Z',
    finished_at: '2026-05-04T11:00:15.000Z',
    assignee: 'anna',
    priority: 1,
    criteria: [
      { text: 'Reads the sample', met: true, met_by: 'checker', met_at: '2026-05-04T10:56:33.000Z' },
      { text: 'Tells a bad row with its line', met: true, met_by: 'checker' },
      { text: 'Is documented', met: false },
    ],
  });
  const notes = await ledger.notes(one);
  const find = (start: string) => notes.find(({ text }) => text.startsWith(start));
  t.match(
    find('Plan plan-v2 in taskledger: accepted\nIts acceptance is the word of taskledger: nobody approved it here.'),
    {
      kind: 'note',
      at: '2026-05-04T09:48:06.000Z',
      text: /approved_by: anna \(user[\s\S]*goal: Tide tables can be read, bad rows told[\s\S]*pytest -q tests\/test_tides\.py/,
    },
  );
  t.match(find('Plan plan-v1 in taskledger: rejected')?.text, 'goal: Tide tables can be read');
  t.match(find('Question q-0002'), { kind: 'comment', by: 'coder-7', text: /UTC\.\n {2}Local only in reports\./ });
  t.match(find('Todo todo-0001')?.text, 'evidence: pytest -q: 12 passed');
  t.match(find('Run run-0004 in taskledger: failed')?.text, /fail; details: Line numbers are off by one/);
  t.match(find('Run run-0006 in taskledger: passed')?.text, 'The page comes with the release.');
  t.match(find('Change change-0001')?.text, 'git_commit: 0123456789abcdef0123456789abcdef01234567');
  t.ok(notes.some(({ text }) => /^Events in taskledger:\n.* task\.created by marta/.test(text)));
  t.ok(notes.some(({ text }) => text === 'Ask the port office for a sample.'));
});

t.test('plans and questions are records of their own, and no acceptance of there counts', async t => {
  const ledger = await new Ledger('import.taskledger').take((await map()).entries);
  const id = askedTaskId(ref('main/task-0001'));
  const view = new View(ledger.state);
  const plans = await view.all(planRecord, id);
  t.match(plans, [
    { id: 'v1', record: { version: 1, goal: 'Tide tables can be read', amends: undefined } },
    {
      id: 'v2',
      record: {
        version: 2,
        amends: 1,
        by: 'marta',
        at: '2026-05-04T09:48:06.000Z',
        files: ['src/tides.py', 'docs/tides.md'],
      },
    },
  ]);
  t.match(plans[1]?.record.todos, [{ text: 'Write the reader', hint: 'pytest -q tests/test_1.py' }, {}, {}]);
  t.match(await view.all(questionRecord, id), [
    { id: 'q1', record: { required: true, status: 'answered', answer: 'Yes.', answered_by: 'anna', by: 'coder-7' } },
    {
      id: 'q2',
      record: { text: 'Which time zone?\n(two are used: UTC and local)', answer: 'UTC.\nLocal only in reports.' },
    },
    { id: 'q3', record: { status: 'dismissed', required: undefined } },
  ]);
  t.same(await view.all(verdictRecord, id), [], 'nobody here said anything of them');
  const open = await view.all(questionRecord, askedTaskId(ref('main/task-0002')));
  t.match(open, [{ record: { status: 'open', answer: undefined } }]);
});

t.test('nothing of the files is lost: each value of each record is in the ledger', async t => {
  const { files } = await filesOf(FIXTURE);
  const ledger = await new Ledger('import.taskledger').take((await map()).entries);
  const texts: string[] = [];
  for (const { tasks } of (await map()).entries) {
    for (const { ref: one } of tasks) {
      texts.push(JSON.stringify(await ledger.task(one)), ...(await ledger.notes(one)).map(({ text }) => text));
    }
  }
  for (const { title, body } of ledger.records(knowledgeRecord)) texts.push(title, body);
  const all = texts.join('\n').replace(/\s+/g, ' ');
  const missing: string[] = [];
  const look = (path: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(path, item);
    else if (value !== null && typeof value === 'object')
      for (const [name, item] of Object.entries(value)) look(`${path} ${name}`, item);
    else if (typeof value === 'string') {
      const words = value.trim().replace(/\s+/g, ' ');
      const stored = /^\d{4}-.*T/.test(words) ? new Date(words).toISOString() : words;
      // Versions of the files, ids that a reference has, and what became a number or a tie.
      if (
        / (?:schema_version|object_type|file_version|priority|required_task_id|description_summary|task_type)$/.test(
          path,
        )
      )
        return;
      if (/\/requirements\/| (?:latest_|accepted_)/.test(path)) return;
      if (!all.includes(words) && !all.includes(stored)) missing.push(`${path}: ${words}`);
    }
  };
  for (const { path, fields } of files) if (fields && !/indexes|storage/.test(path)) look(path, fields);
  t.same(missing, []);
});

t.test(
  'a lock holds nothing, a waiver is a related link, a circle is broken and told, and words stay words',
  async t => {
    const { entries, report } = await map();
    const ledger = await new Ledger('import.taskledger').take(entries);
    const locked = await ledger.task(ref('main/task-0002'));
    t.match(locked, { status: 'open', hold: undefined, assignee: 'coder-7' });
    const notes = await ledger.notes(ref('main/task-0002'));
    const lock = notes.find(({ text }) => text.startsWith('Lock lock-'));
    t.match(lock?.text, 'Here it holds nothing: whoever goes on claims the task.');
    t.match(
      notes.find(({ text }) => text.startsWith('Handoff handoff-0001'))?.text,
      '- the minimum is found in `src/alarm.py`',
    );
    t.same(locked?.depends_on, [askedTaskId(ref('main/task-0001'))]);
    const [eight, nine] = [await ledger.task(ref('main/task-0008')), await ledger.task(ref('main/task-0009'))];
    t.same(eight?.depends_on, [askedTaskId(ref('main/task-0009'))]);
    t.same(eight?.links, [{ kind: 'related', task_id: askedTaskId(ref('main/task-0003')) }]);
    t.match(nine, { depends_on: [], links: [{ kind: 'related', task_id: askedTaskId(ref('main/task-0008')) }] });
    t.match(await ledger.task(ref('main/task-0005')), {
      links: [{ kind: 'discovered_from', task_id: askedTaskId(ref('main/task-0001')) }],
    });
    t.match(reasons(report), { lock: 1, waived: 1, cycle: 1, started: 1, word: 7, derived_file: 7, settings: 1 });
    const where = report.why.find(({ code }) => code === 'lock')?.examples[0];
    t.match(where, { file: 'ledgers/main/tasks/task-0002/lock.yaml', line: 1, issue: 'main/task-0002' });
  },
);

t.test('older layouts are read: no ledgers, lists in one file, records beside the tasks', async t => {
  const matter = (fields: object, body = '') => `---\n${JSON.stringify(fields)}\n---\n${body}`;
  const dir = t.testdir({
    'storage.yaml': 'storage_layout_version: 1\n',
    tasks: {
      'task-0001': {
        'task.md': matter(
          { id: 'task-0001', title: 'One', status_stage: 'approved', accepted_plan_version: 1 },
          'Text.',
        ),
        'todos.yaml': 'todos:\n- id: todo-0001\n  text: Do it\n- id: todo-0002\n  text: And this\n',
      },
    },
    plans: {
      'plan-v1.md': matter({
        task_id: 'task-0001',
        version: 1,
        criteria: [{ id: 'ac-1', text: 'It works', mandatory: false }],
      }),
      'lost.md': matter({ task_id: 'task-0099', version: 1, goal: 'Whose?' }),
    },
    'notes.txt': 'what is this',
  });
  const { entries, report } = await mapTaskledger(await filesOf(dir), { project: 'p' });
  const ledger = await new Ledger('import.taskledger').take(entries);
  t.same(ledger.refused, []);
  t.match(await ledger.task('taskledger:p/main/task-0001'), {
    description: 'Text.',
    labels: ['stage:approved'],
    criteria: [{ text: 'It works (optional)', met: false }],
  });
  t.same((await ledger.notes('taskledger:p/main/task-0001')).filter(({ text }) => text.startsWith('Todo')).length, 2);
  t.match(reasons(report), { orphan: 1, no_place: 1, settings: 1 });
  const [page] = ledger.records(knowledgeRecord);
  t.match(page?.body, 'Whose?');
});

t.test('the fixture names no machine', t => {
  const events = readFileSync(`${FIXTURE}/ledgers/main/events/2026-05-04.ndjson`, 'utf8');
  t.notMatch(events, /\/(?:home|work|tmp|Users)\//);
  t.end();
});
