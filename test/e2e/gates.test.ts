import { writeFileSync } from 'node:fs';
import t from 'tap';
import { handoffRecord } from '../../src/rooms/handoffs/record.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { Forger, type Forgery, recordText } from './forger.ts';
import { type Answer, type Ran, Stage } from './stage.ts';

/** What the world looks like when somebody tries to get past the review of ada's work by bob. */
interface Scene {
  stage: Stage;
  /** The worker's clone, and one that has seen nothing since the first review was approved. */
  ada: string;
  stale: string;
  bob: string;
  /** In review; the criteria were changed after the first review, which was approved. */
  task: string;
  first: string;
  review: string;
  /** The export that the task came from, now telling that it is closed. */
  closed: string;
}

async function scene(stage: Stage): Promise<Scene> {
  const { clones } = await stage.team(['eve', 'ada', 'stale', 'bob']);
  const [eve, ada, stale, bob] = clones as [string, string, string, string];
  const issue = { id: 'p-1', title: 'Sweep', status: 'open', issue_type: 'task', priority: 2 };
  const times = { created_at: '2026-01-05T10:00:00Z', updated_at: '2026-01-05T10:00:00Z' };
  const bead = (more: object): string =>
    `${JSON.stringify({ ...issue, ...times, acceptance_criteria: 'swept', ...more })}\n`;
  writeFileSync(stage.path('open.jsonl'), bead({}));
  const closed = stage.path('closed.jsonl');
  writeFileSync(closed, bead({ status: 'closed', closed_at: '2026-01-06T10:00:00Z' }));
  const as = (who: string) => ({ as: who });
  await stage.ok(eve, ['import', 'beads', stage.path('open.jsonl')], as('eve'));
  const task = (await stage.ok(eve, ['task', 'query'], as('eve'))).tasks[0].id;
  await stage.ok(eve, ['task', 'update', task, '--reviewer', 'bob', '--sync'], as('eve'));
  await stage.ok(ada, ['sync'], as('ada'));
  await stage.ok(ada, ['task', 'claim', task], as('ada'));
  await stage.ok(ada, ['task', 'check', task, '--criterion', 'c1', '--met'], as('ada'));
  await stage.ok(ada, ['task', 'update', task, '--status', 'in_review', '--sync'], as('ada'));
  const first = (await stage.ok(ada, ['task', 'get', task], as('ada'))).task.review;
  await stage.ok(bob, ['sync'], as('bob'));
  await stage.ok(bob, ['handoff', 'respond', first, '--verdict', 'approve', '--answer', 'fine', '--sync'], as('bob'));
  await stage.ok(stale, ['sync'], as('ada'));
  await stage.ok(bob, ['task', 'update', task, '--add-criteria', 'documented', '--sync'], as('bob'));
  await stage.ok(ada, ['sync'], as('ada'));
  await stage.ok(ada, ['task', 'check', task, '--criterion', 'c2', '--met', '--sync'], as('ada'));
  await stage.ok(bob, ['sync'], as('bob'));
  const { review } = (await stage.ok(ada, ['task', 'get', task], as('ada'))).task;
  t.not(review, first, 'criteria changed after a review: the gate is open again');
  return { stage, ada, stale, bob, task, first, review, closed };
}

t.test('no operation leads past the review', async t => {
  const at = await scene(new Stage(t.testdir()));
  const { stage, ada, stale, bob, task, first, review, closed } = at;
  const statusOf = async (cwd: string): Promise<string> => (await stage.ok(cwd, ['task', 'get', task])).task.status;
  const call = (tool: string, input: object): string[] => ['call', tool, JSON.stringify({ ...input })];
  const tries: [string, string, string[], Record<string, string>?][] = [
    ['status set by update', 'ada', ['task', 'update', task, '--status', 'done']],
    ['by the reviewer without an answer', 'bob', ['task', 'update', task, '--status', 'done']],
    ['the reviewer cleared by the worker', 'ada', call('task_update', { task_id: task, reviewer: null })],
    ['another reviewer named by the worker', 'ada', ['task', 'update', task, '--reviewer', 'carl']],
    ['the worker approves', 'ada', ['handoff', 'respond', review, '--verdict', 'approve', '--answer', 'fine']],
    [
      'the worker approves under another run',
      'ada',
      ['handoff', 'respond', review, '--verdict', 'approve', '--answer', 'fine'],
      { LEDGENTER_RUN: 'another' },
    ],
    ['a criterion deleted by the worker', 'ada', ['task', 'update', task, '--drop-criteria', 'c2']],
    ['the review taken back by the worker', 'ada', ['handoff', 'cancel', review]],
    ['the answer given again', 'bob', ['handoff', 'respond', first, '--verdict', 'reject', '--answer', 'no']],
    ['sent back by a third', 'carl', ['task', 'update', task, '--status', 'open']],
  ];
  for (const [what, as, args, env] of tries) {
    const ran: Ran = await stage.run(as === 'ada' ? ada : bob, args, { as, ...(env ? { env } : {}) });
    t.equal(ran.code, 77, `${what}: ${ran.out}${ran.err}`);
    t.ok(ran.answer?.error?.hint, `${what}: ${ran.answer?.error?.message}`);
  }
  await stage.run(ada, ['import', 'beads', closed], { as: 'ada' });
  t.equal(await statusOf(ada), 'in_review', 'status set by import');

  t.match(await stage.run(stale, ['task', 'update', task, '--status', 'done'], { as: 'ada' }), {
    code: 0,
    answer: { landed: false },
  });
  const synced = await stage.run(stale, ['sync'], { as: 'ada' });
  t.match(synced.answer?.parked, [{ op: 'task.update', reason: /review/ }], 'status set from a stale clone');
  t.equal(await statusOf(stale), 'in_review');

  await stage.ok(bob, ['sync'], { as: 'bob' });
  await stage.ok(bob, ['handoff', 'respond', review, '--verdict', 'approve', '--answer', 'fine', '--sync'], {
    as: 'bob',
  });
  await stage.ok(ada, ['sync'], { as: 'ada' });
  await stage.ok(ada, ['task', 'update', task, '--status', 'done', '--sync'], { as: 'ada' });
  t.same(await stage.faults(ada), []);
});

t.test('nor does a commit made with plain git: verify names it', async t => {
  const { stage, task, first, review } = await scene(new Stage(t.testdir()));
  const cwd = await stage.clone(stage.path('shared.git'), 'fresh');
  await stage.ok(cwd, ['init'], { as: 'mallory' });
  const forger = new Forger(stage, cwd);
  const tip = await forger.tip();
  const [path, now, then] = [taskRecord.path(task), handoffRecord.path(review), handoffRecord.path(first)];
  const before: Answer = await forger.read(path);
  const [open, approved]: Answer[] = await Promise.all([now, then].map(file => forger.read(file)));
  const at = (): string => new Date().toISOString();
  const done = { status: 'done', finished_at: at() };
  const { review: _none, reviewer: _nobody, ...unreviewed } = before;
  const answer = { status: 'answered', verdict: 'approve', answer: 'fine', answered_at: at() };
  type Try = { law: string; as: string; op: string; task?: object; files?: Record<string, object>; run?: string[] };
  const tries: Record<string, Try> = {
    'status set by update': { law: 'task.status', as: 'ada', op: 'task.update', task: { ...before, ...done } },
    'status set by import': { law: 'task.status', as: 'ada', op: 'import.beads', task: { ...before, ...done } },
    'the state of a stale clone': {
      law: 'task.status',
      as: 'ada',
      op: 'task.update',
      task: { ...before, ...done, review: first },
    },
    'the state of a stale clone, criteria and all': {
      law: 'task.review',
      as: 'ada',
      op: 'task.update',
      task: { ...before, ...done, review: first, criteria: before.criteria.slice(0, 1), criteria_made: 2 },
    },
    'the reviewer cleared by the worker': { law: 'task.goalposts', as: 'ada', op: 'task.update', task: unreviewed },
    'the reviewer cleared and done': {
      law: 'task.review',
      as: 'ada',
      op: 'task.update',
      task: { ...unreviewed, ...done },
    },
    'approved by the worker under another run': {
      law: 'task.status',
      as: 'ada',
      op: 'handoff.respond',
      task: { ...before, ...done },
      files: { [now]: { ...open, ...answer, answered_by: 'ada' } },
    },
    'approved by the worker in the name of the reviewer': {
      law: 'handoff.status',
      as: 'ada',
      op: 'handoff.respond',
      task: { ...before, ...done },
      files: { [now]: { ...open, ...answer, answered_by: 'bob' } },
    },
    'approved by the reviewer, who claimed nothing': {
      law: 'handoff.status',
      as: 'bob',
      op: 'handoff.respond',
      files: { [now]: { ...open, ...answer, answered_by: 'bob' } },
    },
    'a criterion deleted by the worker': {
      law: 'task.review',
      as: 'ada',
      op: 'task.update',
      task: { ...before, criteria: before.criteria.slice(0, 1), criteria_made: 2 },
    },
    'the worker forgotten': { law: 'task.workers', as: 'ada', op: 'task.update', task: { ...before, workers: [] } },
    'the answer edited': {
      law: 'handoff.status',
      as: 'bob',
      op: 'handoff.respond',
      files: { [then]: { ...approved, answer: 'better now' } },
    },
    'the criteria of the review edited': {
      law: 'handoff.form',
      as: 'bob',
      op: 'handoff.respond',
      files: { [now]: { ...open, criteria_sha256: approved.criteria_sha256 } },
    },
    'sent back by a third': {
      law: 'task.status',
      as: 'eve',
      op: 'task.update',
      task: { ...unreviewed, reviewer: 'bob', status: 'open' },
    },
  };
  for (const [what, { law, as, op, task: forged, files = {} }] of Object.entries(tries)) {
    const when = at();
    const touched = Object.entries(forged ? { ...files, [path]: forged } : files);
    const forgery: Forgery = {
      actor: as,
      op,
      input: { task_id: task },
      intent: { at: when, kind: 'agent' },
      files: Object.fromEntries(
        touched.map(([file, record]) => {
          const ends = 'finished_at' in record ? { finished_at: when } : {};
          const answered = 'answered_at' in record && file === now ? { answered_at: when } : {};
          return [file, recordText({ ...record, ...ends, ...answered, updated_at: when })];
        }),
      ),
    };
    await forger.show(await forger.commit(forgery));
    const verified = await stage.run(cwd, ['verify'], { as: 'mallory' });
    t.match(verified, { code: 65, answer: { verified: false, findings: [{ actor: as, law }] } }, `${what} is named`);
    await forger.show(tip);
  }
  t.same(await stage.faults(cwd), [], 'the honest book has no fault');
});
