import t from 'tap';
import { CAN } from '../../src/rooms/orientation/can/actions.ts';
import { ada, bob, eve, type Person, person } from './office.ts';
import { type Answer, filled, Shift, shift } from './shift.ts';

const vic = person('vic');

async function begin(input: Record<string, unknown> = {}) {
  const office = new Shift();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
  const id = await office.creates(input, eve);
  const can = (action: string, who: Person = ada): Promise<Answer> =>
    office.types(`ledgenter can ${action} ${id}`, who);
  return { office, id, can };
}

t.test('done: every gate that is open, each with its command, not only the first', async t => {
  const { office, id, can } = await begin({
    acceptance_criteria: [{ text: 'holds' }, { text: 'tests pass', check: 'node --test' }],
    requires_evidence: true,
    resolution_required: true,
  });
  t.match(await can('done'), {
    can: false,
    blockers: [{ what: /claim it first/, remedy: `ledgenter task claim ${id}` }],
  });
  await office.does('task.claim', { task_id: id });
  const { can: yes, blockers, hints } = await can('done');
  t.equal(yes, false);
  t.match(blockers, [
    { what: /^criterion c1/, remedy: /task check/ },
    { what: /^criterion c2/, remedy: /task prove/ },
    { what: /evidence/, remedy: /code-ref/ },
    { what: /resolution/, remedy: /--kind resolution/ },
  ]);
  t.equal(hints.next, `ledgenter next ${id}`);
  for (let left = blockers.length; left > 0; ) {
    await office.types(filled((await office.types(`ledgenter next ${id}`, ada)).command), ada);
    const now = (await can('done')).blockers.length;
    t.ok(now < left, 'each step closes a gate');
    left = now;
  }
  t.match(await can('done'), { can: true, blockers: [], hints: { next: `ledgenter task update ${id} --status done` } });
});

t.test('a yes is kept: what may be done is done, what may not is refused', async t => {
  const { office, id, can } = await begin({ acceptance_criteria: [{ text: 'holds' }] });
  t.match(await can('claim'), { can: true });
  await office.does('task.claim', { task_id: id }, ada);
  t.match(await can('claim', bob), { can: false, blockers: [{ what: /ada holds/ }] });
  t.match(await can('implement'), { can: true });
  t.match(await can('implement', bob), { can: false, blockers: [{ what: /ada holds/ }] });
  t.match(await can('release'), { can: true });
  t.match(await can('release', bob), { can: false });
  t.match(await can('cancel', bob), { can: false });
  t.match(await can('todo'), { can: false, blockers: [{ what: /no open todo/, remedy: /todo add/ }] });
  t.match(await can('review'), { can: false, blockers: [{ what: /asks for no review/ }] });
  await office.does('task.update', { task_id: id, status: 'blocked', reason: 'the key' }, ada);
  t.match(await can('reopen', bob), { can: true });
  t.match(await can('release'), { can: false, blockers: [{ what: /nobody holds/ }] });
});

t.test('people and agents, workers and validators are told apart', async t => {
  const { office, id, can } = await begin({ plan_required: true, validation_required: true });
  t.match(await can('claim'), { can: false, blockers: [{ what: /needs an accepted plan/, remedy: /plan propose/ }] });
  t.match(await can('accept'), { can: false, blockers: [{ what: /has no plan/ }] });
  t.match(await can('plan'), { can: true });
  await office.does('plan.propose', { task_id: id, goal: 'Sweep', todos: [{ text: 'Wire it' }] }, ada);
  await office.does('question.ask', { task_id: id, questions: ['Which clock?'], required: true }, ada);
  const { blockers } = await can('accept');
  t.match(blockers, [
    { what: /reserved to people/, remedy: /^a person runs: ledgenter plan accept/ },
    { what: /criteri/ },
  ]);
  t.match(await can('accept', eve), { can: false, blockers: [{ what: /criteri/, remedy: /plan lint/ }] });
  await office.does('question.answer', { task_id: id, answers: ['q1: UTC'] }, ada);
  await office.does(
    'plan.propose',
    { task_id: id, goal: 'Sweep', acceptance_criteria: [{ text: 'holds' }], todos: [{ text: 'Wire it' }] },
    ada,
  );
  t.match(await can('accept', eve), { can: true });
  let seen = 0;
  await shift(office, id, [{ who: ada }, { who: vic }, { who: eve }], {
    async each({ action }) {
      if (action !== 'work-finish') return;
      seen++;
      t.match(await can('validate', ada), { can: false, blockers: [{ what: /worked on/ }] });
      t.match(await can('validate', vic), { can: true });
      t.match(await can('waive', vic), { can: false, blockers: [{ what: /reserved to people/ }] });
      t.match(await can('waive', eve), { can: true });
      t.match(await can('done', ada), { can: false });
    },
  });
  t.equal(seen, 1);
  t.match(await can('reopen', vic), { can: false });
  t.match(await can('reopen', eve), { can: true });
  t.match(await can('claim'), { can: false });
});

t.test('every action answers at every status, and a trial writes nothing', async t => {
  const { office, id, can } = await begin({ plan_required: true, validation_required: true, reviewer: 'bob' });
  const all = async (): Promise<void> => {
    const entries = office.entries.length;
    for (const action of CAN)
      for (const who of [ada, bob, eve]) {
        const answer = await can(action, who);
        t.equal(answer.can, answer.blockers.length === 0, `${action} of ${who.actor}`);
        for (const one of answer.blockers) t.match(one, { what: /./, remedy: /./ });
      }
    t.equal(office.entries.length, entries);
  };
  await all();
  await shift(office, id, [{ who: ada }, { who: vic }, { who: bob }, { who: eve }], { each: all });
  await all();
});

t.test('without a task: the one that is held, and to claim the best that is ready', async t => {
  const { office, id } = await begin();
  t.match(await office.types('ledgenter can claim', ada), { can: true, task: { id } });
  await t.rejects(office.types('ledgenter can finish', ada), { code: 'BAD_INPUT' });
  await office.does('task.claim', { task_id: id }, ada);
  t.match(await office.types('ledgenter can done', ada), { can: true, task: { id } });
  await t.rejects(office.types('ledgenter can claim', bob), { code: 'NOT_FOUND' });
});
