import t from 'tap';
import { STATUSES, type Status } from '../../src/rooms/tasks/record.ts';
import { reachable } from '../../src/rooms/tasks/table.ts';
import { ada, bob, eve, type Person, person, TestOffice } from './office.ts';

/**
 * What each of three people may do to a task in each status, as FEATURES has it: w = ada, who worked on it (holds it
 * while it is in progress); o = bob, another agent; h = eve, a person. `.` = nobody. No gate is open.
 */
const ALLOWED: Record<Status, Record<Status, string>> = {
  open: { open: 'woh', in_progress: 'woh', blocked: 'woh', in_review: '.', done: 'h', cancelled: 'woh' },
  in_progress: { open: 'w', in_progress: 'w', blocked: 'w', in_review: 'w', done: 'w', cancelled: 'w' },
  blocked: { open: 'woh', in_progress: '.', blocked: 'woh', in_review: '.', done: '.', cancelled: 'woh' },
  in_review: { open: 'woh', in_progress: '.', blocked: '.', in_review: 'woh', done: 'w', cancelled: 'woh' },
  done: { open: 'h', in_progress: '.', blocked: '.', in_review: '.', done: 'woh', cancelled: '.' },
  cancelled: { open: 'woh', in_progress: '.', blocked: '.', in_review: '.', done: '.', cancelled: 'woh' },
};
const PEOPLE: Record<string, Person> = { w: ada, o: bob, h: eve };

/** A task that honest operations brought into a status. */
async function taskIn(status: Status): Promise<{ office: TestOffice; id: string }> {
  const office = new TestOffice();
  const id = await office.creates();
  if (status === 'open') return { office, id };
  if (status === 'cancelled') await office.does('task.update', { task_id: id, status });
  else await office.does('task.claim', { task_id: id });
  if (status !== 'cancelled' && status !== 'in_progress') {
    await office.does('task.update', { task_id: id, status, reason: 'as the test asks' });
  }
  return { office, id };
}

const change = (from: Status, to: Status): [string, object] => {
  if (to === 'in_progress' && from !== 'in_progress') return ['task.claim', {}];
  if (to === from) return ['task.update', { title: 'Wire the sweeper well' }];
  return ['task.update', { status: to, reason: `from ${from} to ${to}` }];
};

for (const from of STATUSES) {
  for (const to of STATUSES) {
    t.test(`${from} → ${to}: by ${ALLOWED[from][to]}`, async t => {
      for (const [letter, who] of Object.entries(PEOPLE)) {
        const { office, id } = await taskIn(from);
        const [op, input] = change(from, to);
        const { code, message } = await office.refusal(op, { task_id: id, ...input }, who);
        const may = ALLOWED[from][to].includes(letter);
        t.equal(code === 'lawful', may, `${who.actor}: ${message || 'lawful'}`);
        t.equal((await office.task(id)).status, may ? to : from);
      }
    });

    if (ALLOWED[from][to] === '.') {
      t.test(`${from} → ${to} written past every operation breaks a law`, async t => {
        const { office, id } = await taskIn(from);
        const final = to === 'done' || to === 'cancelled';
        const turn = to === 'in_progress' ? { claim: claimOf(ada, office.now) } : {};
        const hold =
          to === 'in_progress'
            ? { root: 'r1', actor: 'ada', run: ada.run[0], since: '', lease_until: turn.claim!.lease_until }
            : undefined;
        const intent = office.intent('task.update', { task_id: id }, ada, turn);
        const { at } = intent;
        const patch = {
          status: to,
          assignee: 'ada',
          reason: 'forged',
          updated_at: at,
          hold: hold && { ...hold, since: at },
          finished_at: final ? at : undefined,
        };
        t.equal(await office.breaks(id, patch, ada, { ...turn, at: Date.parse(at) }), 'task.status');
      });
    }
  }
}

function claimOf(who: Person, now: number) {
  const lease_until = new Date(now + 3_600_000).toISOString();
  return { root: 'r1', oid: 'b'.repeat(40), actor: who.actor, run: who.run[0]!, lease_until };
}

t.test('a refusal names what the task can become', async t => {
  const { office, id } = await taskIn('done');
  const { message, hint } = await office.refusal('task.claim', { task_id: id }, bob, { chain: [] });
  t.match(message, /done: it can become open, not in_progress|keeps ada/);
  t.ok(hint);
  t.same(reachable('done'), ['open']);
});

t.test('blocked needs a reason or an open dependency; a done one does not count', async t => {
  const office = new TestOffice();
  const first = await office.creates();
  const id = await office.creates({ title: 'Second', depends_on: [first] });
  const bare = await office.creates({ title: 'Third' });
  t.match(await office.refusal('task.update', { task_id: bare, status: 'blocked' }), {
    law: 'task.status',
    message: /what blocks/,
  });
  await office.does('task.update', { task_id: first, status: 'done' }, eve);
  t.match(await office.refusal('task.update', { task_id: id, status: 'blocked' }), { law: 'task.status' });
  await office.does('task.update', { task_id: first, status: 'open', reason: 'flaky' }, eve);
  await office.does('task.update', { task_id: id, status: 'blocked' });
  t.equal((await office.task(id)).status, 'blocked');
});

t.test('a task begins open; done from the start only by an import, and marked', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const task = await office.task(id);
  for (const status of STATUSES.filter(one => one !== 'open')) {
    const fresh = new TestOffice();
    const intent = fresh.intent('task.create', { title: 'Forged' }, ada);
    const end = status === 'done' || status === 'cancelled' ? { finished_at: intent.at } : {};
    const born = { ...task, status, created_at: intent.at, updated_at: intent.at, ...end };
    const broken = await fresh.broken(fresh.born(born, intent), intent);
    t.ok(broken.includes('task.status'), status);
  }
});

t.test('in review is ended by its assignee in any run, not by another', async t => {
  const { office, id } = await taskIn('in_review');
  t.match(await office.refusal('task.update', { task_id: id, assignee: 'bob' }, bob), { law: 'task.assignee' });
  await office.does('task.update', { task_id: id, status: 'done' }, person('ada', 'agent', 'another run'));
  t.match(await office.task(id), { status: 'done', assignee: 'ada' });
});
