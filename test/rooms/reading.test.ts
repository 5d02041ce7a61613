import t from 'tap';
import { LAWS, OPERATIONS } from '../../src/rooms/index.ts';
import type { HistoryFilter } from '../../src/rooms/logbook/ports.ts';
import { TOPICS } from '../../src/rooms/orientation/topics.ts';
import type { TaskFilter, TaskRow } from '../../src/rooms/tasks/ports.ts';
import { ada, bob, TestOffice } from './office.ts';

const row = (id: string): TaskRow => ({
  id,
  title: 'Wire the sweeper',
  status: 'open',
  priority: 2,
  labels: [],
  created_at: '2026-03-02T09:00:00.000Z',
  updated_at: '2026-03-02T09:00:00.000Z',
  waits_for: [],
});

/** An index that answers what the test says, and keeps what it was asked. */
function indexOf(rows: TaskRow[], asked: TaskFilter[] = []) {
  const counts = {
    open: 1,
    in_progress: 0,
    blocked: 0,
    in_review: 0,
    done: 0,
    cancelled: 0,
    ready: 1,
    unassigned_ready: 1,
    all: 1,
  };
  return {
    counts: async () => counts,
    async query(filter: TaskFilter) {
      asked.push(filter);
      return { rows, total: rows.length };
    },
    explain: async (id: string) => (id.endsWith('a') ? [] : [{ kind: 'held', text: 'bob holds it' }]),
    async *claimable() {
      yield* rows;
    },
    row: async () => rows[0],
  };
}

t.test('task.get tells all, cuts what is long and says how to read the rest', async t => {
  const office = new TestOffice();
  const first = await office.creates();
  const id = await office.creates({ title: 'Second', depends_on: [first], description: 'd'.repeat(5000) });
  await office.does('task.note', { task_id: id, text: 'n'.repeat(3000) });
  await office.does('task.code_ref', { task_id: id, ref_type: 'branch', name: 'sweeper' });
  await office.does('attach.add', { task_id: id, name: 'run.log', content: 'passed' });
  const got = await office.asks('task.get', { task_id: id, include: ['notes', 'refs', 'attachments'] });
  t.match(got, {
    task: { id, waits_for: [{ id: first, status: 'open' }] },
    counts: { notes: 1, refs: 1, attachments: 1 },
    notes: [{ kind: 'note', by: 'ada' }],
    refs: [{ ref_type: 'branch', live: true }],
    attachments: [{ name: 'run.log', path: /^blobs\/.\/.\// }],
    truncated: true,
    hints: { next: `ledgenter next ${first}`, whole: `ledgenter task get ${id} --full` },
  });
  t.equal((got.task as { description: string }).description.length, 2001);
  const full = await office.asks('task.get', { task_id: id, full: true });
  t.equal((full.task as { description: string }).description.length, 5000);
  t.notOk('truncated' in full);
  await t.rejects(office.asks('task.get', { task_id: 't-0000000000' }), { code: 'NOT_FOUND' });
});

t.test('task.get says that a lease has lapsed, and when', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.claim', { task_id: id });
  t.notMatch(await office.asks('task.get', { task_id: id }, bob), { task: { hold: { lapsed: true } } });
  office.now += 3_600_000 + 120_001;
  t.match(await office.asks('task.get', { task_id: id }, bob), { task: { hold: { actor: 'ada', lapsed: true } } });
});

t.test('task.query passes its filters on, gives the fields asked for, and explains', async t => {
  const office = new TestOffice();
  const asked: TaskFilter[] = [];
  const ports = { 'task-index': indexOf([row('t-aaaaaaaaaa'), row('t-bbbbbbbbbb')], asked) };
  const got = await office.asks('task.query', { ready: true, project: 'Web', fields: ['title'] }, ada, ports);
  t.same(
    got.tasks,
    ['t-aaaaaaaaaa', 't-bbbbbbbbbb'].map(id => ({ id, title: 'Wire the sweeper' })),
  );
  t.same(asked[0], { ready: true, project: 'web' });
  const why = await office.asks('task.query', { ready: true, explain: true }, ada, ports);
  t.match(why.tasks, [{ ready: true }, { ready: false, why_not: ['bob holds it'] }]);
  t.same(asked[1], { status: ['open', 'in_progress', 'blocked'] }, 'explained are those that are not ready too');
});

t.test('task.claim without a task: what could be taken, and the answer when there is nothing', async t => {
  const office = new TestOffice();
  const claim = OPERATIONS.find(one => one.name === 'task.claim')!;
  if (claim.kind !== 'write') throw new Error('a claim is a write');
  const context = office.context(ada, { 'task-index': indexOf([row('t-aaaaaaaaaa')]) });
  const ids: string[] = [];
  for await (const id of claim.candidates!(context, {} as never)) ids.push(id);
  t.same(ids, ['t-aaaaaaaaaa']);
  t.same(claim.aimed!({ labels: ['x'], lease: '2h' } as never, 't-aaaaaaaaaa'), {
    task_id: 't-aaaaaaaaaa',
    lease: '2h',
  });
  t.equal(claim.lease!({ lease: '2h' } as never), 7_200_000);
  t.match(await claim.nothing!(context, { labels: ['x'] } as never), {
    pool_outside_filter: 1,
    hints: { next: 'ledgenter task claim' },
  });
  t.equal(claim.exit!({ claimed: false }), 1);
  t.equal(claim.exit!({ claimed: true }), 0);
});

t.test('a write answers with the task and one next command that can be pasted', async t => {
  const office = new TestOffice();
  const id = await office.creates({ acceptance_criteria: [{ text: 'swept' }] });
  const won = await office.does('task.claim', { task_id: id });
  t.match(await office.shows('task.claim', won, { task_id: id }), {
    claimed: true,
    task: { id, criteria: [{ id: 'c1', text: 'swept' }] },
    lease_until: /Z$/,
    hints: { next: `ledgenter task check ${id} --criterion c1 --met` },
  });
  await office.does('task.check', { task_id: id, criterion: 'c1' });
  const noted = await office.does('task.note', { task_id: id, text: 'x' });
  t.match(await office.shows('task.note', noted, {}), {
    note_id: /^n-/,
    hints: { next: `ledgenter task update ${id} --status done` },
  });
  const ended = await office.does('task.update', { task_id: id, status: 'done' });
  t.same(Object.keys(await office.shows('task.update', ended, {})), ['task'], 'a done task asks for nothing');
});

t.test('subjects name what was done to what', async t => {
  const office = new TestOffice();
  const subject = (op: string, input: object) => {
    const operation = OPERATIONS.find(one => one.name === op)!;
    if (operation.kind !== 'write') throw new Error(op);
    return operation.subject(input as never, office.intent(op, input));
  };
  t.match(subject('task.create', { title: 'Wire it' }), /^created t-[0-9a-z]{10} Wire it$/);
  t.equal(subject('task.claim', { task_id: 't-7k3qz0m4xv' }), 'claimed t-7k3qz0m4xv');
  t.equal(subject('task.update', { task_id: 't-7k3qz0m4xv', status: 'done' }), 'finished t-7k3qz0m4xv');
  t.equal(
    subject('task.link', { task_id: 't-a', kind: 'discovered_from', to: 't-b' }),
    'linked t-a discovered from t-b',
  );
});

t.test('guide: every topic is told from what the product does', async t => {
  const office = new TestOffice();
  const ports = { catalogue: { operations: OPERATIONS, laws: LAWS } };
  for (const topic of TOPICS) {
    const { text } = (await office.asks('guide', { topic }, ada, ports)) as { text: string };
    t.ok(text.length > 100 && !text.includes('undefined'), topic);
  }
  t.match(await office.asks('guide', {}, ada, ports), { topic: 'start' });
  const { text: tools } = (await office.asks('guide', { topic: 'tools' }, ada, ports)) as { text: string };
  for (const { name, cliOnly } of OPERATIONS)
    t.ok(tools.includes(name.replace('.', cliOnly ? ' ' : '_').replace(cliOnly ? /_/g : /$^/, '-')), name);
  t.match(await office.asks('guide', { topic: 'tasks' }, ada, ports), {
    text: /open → in_progress \(by a claim only, an accepted plan/,
  });
});

t.test('activity.query asks the history for what is given, and no more', async t => {
  const office = new TestOffice();
  const asked: HistoryFilter[] = [];
  const history = {
    async entries(filter: HistoryFilter) {
      asked.push(filter);
      return {
        rows: [{ entry: 'e', oid: 'o', at: '', actor: 'ada', run: '', op: 'task.note', says: 'noted', records: [] }],
        total: 9,
        cursor: 'e',
      };
    },
  };
  const got = await office.asks(
    'activity.query',
    { actor: 'ada', since: '2026-03-02T10:00:00+01:00', fields: ['op'] },
    ada,
    { history },
  );
  t.same(got, { entries: [{ entry: 'e', op: 'task.note' }], total: 9, cursor: 'e' });
  t.same(asked, [{ actor: 'ada', since: '2026-03-02T09:00:00.000Z' }]);
});
