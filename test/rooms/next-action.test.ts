import t, { type Test } from 'tap';
import { ada, bob, eve, HOUR, type Person, person } from './office.ts';
import { type Answer, filled, type Hand, Shift, shift, type Taken } from './shift.ts';

const vic = person('vic');
const HANDS: Hand[] = [{ who: ada }, { who: vic }, { who: eve }];
const ALL = { plan_required: true, validation_required: true };

/** A task of eve's, who is a person; it asks for a plan and a validation unless told otherwise. */
async function begin(input: Record<string, unknown> = ALL) {
  const office = new Shift();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
  const id = await office.creates(input, eve);
  return { office, id };
}

const actionsOf = (taken: readonly Taken[]): string[] => taken.map(({ action }) => action);
const told = (taken: readonly Taken[]): string => taken.map(({ actor, action }) => `${actor} ${action}`).join(', ');
const next = (office: Shift, who: Person, id = '') => office.types(`ledgenter next ${id}`.trim(), who);

/** Whatever is told holds together: one primary command, the same that `task get` tells, and a remedy for what blocks. */
async function sound(t: Test, office: Shift, id: string): Promise<void> {
  for (const who of [ada, vic, eve]) {
    const answer = await next(office, who, id);
    const { action, command, commands, blocking } = answer;
    t.equal(commands.filter((one: { primary: boolean }) => one.primary).length, 1, action);
    t.equal(commands[0].command, command);
    for (const one of commands) t.match(one, { kind: /./, label: /./, command: /^ledgenter / });
    for (const one of blocking) t.match(one, { what: /./, remedy: /./ });
    const got = await office.types(`ledgenter task get ${id}`, who);
    if (action !== 'none') t.equal(got.hints.next, command, `task get says the same of ${action}`);
  }
}

t.test('who knows only next_action leads a task from nothing to done: worker, validator and person alike', async t => {
  const { office, id } = await begin({
    ...ALL,
    acceptance_criteria: [{ text: 'tests pass', check: 'node --test' }, { text: 'documented' }],
  });
  await office.does('question.ask', { task_id: id, questions: ['Which clock?', 'How long?'], required: true }, eve);
  const taken = await shift(office, id, HANDS, { each: () => sound(t, office, id) });
  const actions = actionsOf(taken);
  const wanted = [
    'question-answer',
    'question-answer',
    'plan-propose',
    'plan-accept',
    'task-claim',
    'todo-work',
    'criterion-prove',
    'work-finish',
    'validate-check',
    'validate-check',
    'validate-finish',
  ];
  t.same(
    actions.filter(action => wanted.includes(action)),
    wanted,
    told(taken),
  );
  t.ok(taken.length <= 20, told(taken));
  const task = await office.task(id);
  t.match(task, { status: 'done', assignee: 'ada', plan: { version: 1 }, todos_made: 1 });
  t.not(taken.find(({ action }) => action === 'validate-finish')?.actor, 'ada');
  t.equal(taken.find(({ action }) => action === 'plan-accept')?.actor, 'eve', 'a person accepted');
});

t.test('a task that asks for nothing is claimed, its criteria are met, it is done', async t => {
  const { office, id } = await begin({
    acceptance_criteria: [{ text: 'holds' }],
    requires_evidence: true,
    resolution_required: true,
  });
  const taken = await shift(office, id, HANDS, { each: () => sound(t, office, id) });
  t.same(actionsOf(taken), ['task-claim', 'criterion-check', 'evidence-link', 'resolution-note', 'task-done']);
});

t.test('a rejected plan is proposed anew, and the reason is told', async t => {
  const { office, id } = await begin();
  let rejected = false;
  const taken = await shift(office, id, HANDS, {
    async each({ action }) {
      if (action !== 'plan-propose' || rejected) return;
      rejected = true;
      const { commands } = await next(office, eve, id);
      const reject = commands.find((one: { command: string }) => one.command.includes('plan reject'));
      await office.types(filled(reject.command, { why: 'it names no test' }), eve);
      const answer = await next(office, ada, id);
      t.match(answer, { action: 'plan-propose', says: /rejected by eve: it names no test/ });
      // The same words would be the same plan.
      await office.does(
        'plan.propose',
        { task_id: id, goal: 'Sweep', acceptance_criteria: [{ text: 'holds' }], todos: [{ text: 'Test it' }] },
        ada,
      );
    },
  });
  t.match(await office.task(id), { status: 'done', plan: { version: 2 } }, told(taken));
});

t.test('a plan that cannot be accepted is mended first', async t => {
  const { office, id } = await begin();
  await office.does('plan.propose', { task_id: id, goal: 'Sweep' }, ada);
  t.match(await next(office, eve, id), { action: 'plan-propose', says: /no.*criteri/i });
  const taken = await shift(office, id, HANDS);
  t.same(actionsOf(taken).slice(0, 2), ['plan-propose', 'plan-propose'], told(taken));
  t.match(await office.task(id), { status: 'done' });
});

t.test('a failed validation: the worker is told what failed, mends it, and it is validated anew', async t => {
  const { office, id } = await begin();
  const fails: Hand = {
    who: vic,
    fills: (name, time) => (name === 'pass|fail|blocked' && time === 1 ? 'fail' : undefined),
  };
  const taken = await shift(office, id, [{ who: ada }, fails, { who: eve }], { each: () => sound(t, office, id) });
  const actions = actionsOf(taken);
  const from = actions.indexOf('validate-finish');
  t.match(taken[from]?.command, /--result failed/);
  t.same(
    actions.slice(from).filter(action => !['handoff-answer', 'person-ask'].includes(action)),
    ['validate-finish', 'work-restart', 'work-mend', 'work-finish', 'validate-check', 'validate-finish'],
    told(taken),
  );
  t.match(await office.task(id), { status: 'done', plan: { version: 1 } });
});

t.test('a validation that is blocked stays in review until it can be made', async t => {
  const { office, id } = await begin();
  const blocked = (name: string, time: number): string | undefined =>
    name === 'pass|fail|blocked' && time === 1 ? 'blocked' : undefined;
  const taken = await shift(office, id, [{ who: ada }, { who: vic, fills: blocked }, { who: eve, fills: blocked }]);
  t.ok(
    taken.some(({ command }) => command.includes('--result blocked')),
    told(taken),
  );
  t.match(await office.task(id), { status: 'done' });
});

t.test('a lost lease: its worker resumes, or another takes over', async t => {
  for (const back of [true, false]) {
    const { office, id } = await begin();
    let lost = false;
    const hands = [{ who: ada }, { who: vic }, { who: bob }, { who: eve }];
    const taken = await shift(office, id, hands, {
      async each({ action }) {
        if (action !== 'task-claim' || lost) return;
        lost = true;
        office.now += 2 * HOUR;
        t.match(await next(office, ada, id), { action: 'work-resume', says: /your lease .* ended/ });
        t.match(await next(office, bob, id), { action: 'task-claim', says: /can be taken over/ });
        const who = back ? ada : bob;
        await office.types(filled((await next(office, who, id)).command), who);
      },
    });
    t.match(await office.task(id), { status: 'done', assignee: back ? 'ada' : 'bob' }, told(taken));
  }
});

t.test('an answer after the acceptance makes the plan stale: the work stops until it is accepted again', async t => {
  for (const at of ['plan-accept', 'task-claim', 'work-finish']) {
    const { office, id } = await begin();
    let asked = false;
    const taken = await shift(office, id, HANDS, {
      async each({ action }) {
        if (action !== at || asked) return;
        asked = true;
        await office.does('question.ask', { task_id: id, questions: ['And at night?'] }, eve);
        await office.does('question.answer', { task_id: id, answers: ['q1: Also.'] }, eve);
        await sound(t, office, id);
      },
    });
    t.match(await office.task(id), { status: 'done' }, `${at}: ${told(taken)}`);
    t.equal(actionsOf(taken).filter(action => action === 'plan-accept').length, 2, `${at}: ${told(taken)}`);
  }
});

t.test('a stale plan is accepted again while its task is held, and its holder asks for that', async t => {
  const { office, id } = await begin();
  let asked = false;
  await shift(office, id, HANDS, {
    async each({ action }) {
      if (action !== 'task-claim' || asked) return;
      asked = true;
      await office.does('question.ask', { task_id: id, questions: ['And at night?'] }, eve);
      await office.does('question.answer', { task_id: id, answers: ['q1: Also.'] }, eve);
      const commands = (of: Answer): string[] => of.commands.map((one: { command: string }) => one.command);
      t.match(await next(office, ada, id), { action: 'person-ask', blocking: [{ remedy: /plan accept/ }] });
      t.match(await next(office, vic, id), { action: 'wait' });
      const person = await next(office, eve, id);
      t.match(person, { action: 'plan-accept' });
      t.notOk(
        commands(person).some(one => / plan (reject|propose) /.test(one)),
        'no way on that would be refused',
      );
      await office.types(filled(person.command), eve);
      t.match(await next(office, ada, id), { action: 'evidence-link' }, 'the work goes on under the same claim');
    },
  });
  t.ok(asked);
});

t.test('a blocked todo: what blocks it is told, with both ways on', async t => {
  const { office, id } = await begin();
  let blocked = false;
  const taken = await shift(office, id, HANDS, {
    async each({ action, actor }) {
      if (action !== 'task-claim' || blocked) return;
      blocked = true;
      const { commands } = await next(office, ada, id);
      const block = commands.find((one: { command: string }) => one.command.includes('todo block'));
      t.equal(actor, 'ada');
      await office.types(filled(block.command, { why: 'the key is missing' }), ada);
      const answer = await next(office, ada, id);
      t.match(answer, { action: 'todo-unblock', blocking: [{ what: /the key is missing/, remedy: /todo open/ }] });
      const skips = (of: Answer): boolean => of.commands.some((one: Answer) => one.command.includes('todo skip'));
      t.notOk(skips(answer), 'what the plan asks for is not called off by an agent');
      await office.does('todo.add', { task_id: id, text: 'Also this', optional: true }, ada);
      t.match(await office.types(`ledgenter can todo ${id}`, ada), { can: true });
    },
  });
  t.match(await office.task(id), { status: 'done' }, told(taken));
});

t.test('todos are shown to be done by a command, by words only where the policy lets them', async t => {
  const { office, id } = await begin();
  const run = await shift(office, id, HANDS, {
    async each({ action }) {
      if (action !== 'task-claim') return;
      const { commands } = await next(office, ada, id);
      await office.types(
        filled(commands.find((one: { command: string }) => one.command.includes('work run')).command),
        ada,
      );
      t.match(await next(office, ada, id), { action: 'todo-work', command: /todo done .* --log-id l-/ });
    },
  });
  t.notOk(actionsOf(run).includes('evidence-link'), told(run));
  const lax = await begin();
  await lax.office.does('ledger.policy', { text_evidence: true }, eve);
  const words = await shift(lax.office, lax.id, HANDS);
  t.ok(
    words.some(({ command }) => command.includes('todo done') && command.includes('--text')),
    told(words),
  );
});

t.test('an agent alone is never told to accept, validate or waive its own work: it asks once, then waits', async t => {
  const { office, id } = await begin();
  t.match(await rejects(shift(office, id, [{ who: ada }])), /nobody has anything to do/);
  t.match(await next(office, ada, id), {
    action: 'wait',
    blocking: [{ what: /accepted by a person/, remedy: /^ledgenter plan accept/ }],
  });
  await office.types(filled((await next(office, eve, id)).command), eve);
  t.match(await rejects(shift(office, id, [{ who: ada }])), /nobody has anything to do/);
  t.match(await office.task(id), { status: 'in_review' });
  const answer = await next(office, ada, id);
  t.match(answer, { action: 'wait', blocking: [{ remedy: /another actor runs/ }] });
  t.notMatch(JSON.stringify(answer.commands), /validate (check|finish|waive)/);
  t.equal(
    ((await office.asks('handoff.query', { from: 'ada' }, ada)) as { total: number }).total,
    2,
    'one for each, once',
  );
});

t.test('where the policy lets agents accept plans, another than the author does', async t => {
  const { office, id } = await begin();
  await office.does('ledger.policy', { agents_accept_plans: true }, eve);
  const taken = await shift(office, id, [{ who: ada }, { who: vic }]);
  const by = (action: string) => taken.find(one => one.action === action)?.actor;
  t.not(by('plan-accept'), by('plan-propose'), told(taken));
  t.not(by('validate-finish'), by('work-finish'), told(taken));
});

t.test('with a reviewer beside the validator both are asked, and both say yes', async t => {
  const { office, id } = await begin({ ...ALL, reviewer: 'bob' });
  const taken = await shift(office, id, [{ who: ada }, { who: vic }, { who: bob }, { who: eve }]);
  t.match(await office.task(id), { status: 'done' }, told(taken));
  t.equal(taken.find(({ action }) => action === 'review-answer')?.actor, 'bob', told(taken));
});

t.test('what must be done first is named, and led to', async t => {
  const { office, id: first } = await begin({});
  const second = await office.creates({ depends_on: [first] }, eve);
  t.match(await next(office, ada, second), {
    action: 'wait',
    command: `ledgenter next ${first}`,
    blocking: [{ what: new RegExp(first) }],
  });
  await shift(office, second, [{ who: ada }]);
  t.match(await office.task(second), { status: 'done' });
});

t.test('without a task: what is held, what is asked, what is ready, and last of all new work', async t => {
  const { office, id } = await begin({});
  t.match(await next(office, ada), { action: 'task-claim', command: `ledgenter task claim ${id}`, task: { id } });
  await office.does('task.claim', { task_id: id }, ada);
  t.match(await next(office, ada), { action: 'task-done', task: { id } });
  t.match(await next(office, bob), { action: 'wait', blocking: [{ what: /ada holds it/ }] });
  const { handoff_id } = await office.does('handoff.create', { to: ['bob'], kind: 'question', title: 'Which?' }, ada);
  t.match(await next(office, bob), { action: 'handoff-answer', command: new RegExp(`handoff respond ${handoff_id}`) });
  await office.does('handoff.claim', { handoff_id }, bob);
  await office.does('task.update', { task_id: id, status: 'done' }, ada);
  office.now += 2 * HOUR;
  t.match(await next(office, bob), { action: 'handoff-answer', command: new RegExp(`handoff respond ${handoff_id}`) });
  await office.types(filled((await next(office, bob)).command), bob);
  t.match(await next(office, ada), { command: `ledgenter handoff ack ${handoff_id}` });
  await office.types((await next(office, ada)).command, ada);
  t.match(await next(office, ada, id), { action: 'none', command: 'ledgenter next' });
  t.equal((await next(office, ada, id)).commands.length, 1, 'finished work is not hers to open again');
  t.match(await next(office, vic), { action: 'task-create', command: /^ledgenter task create/ });
});

t.test('a loop is led as well: whoami sends it to plan, to claim, to finish and to validate', async t => {
  const { office, id } = await begin();
  await office.does('ledger.policy', { agents_accept_plans: true, text_evidence: true }, eve);
  const tick = (who: Person, run: string): Person =>
    ({ ...person(who.actor, 'agent', run), mode: 'loop', series: 'night' }) as Person;
  const told: string[] = [];
  for (let turn = 0; turn < 40 && (await office.task(id)).status !== 'done'; turn++) {
    // Each actor has one run for as long as it works, and another one after it.
    const who = tick([ada, vic][turn % 2]!, `${Math.floor(turn / 20)}`);
    const { next: command } = (await office.types('ledgenter whoami', who)).hints;
    if (/^ledgenter (run end|task query)/.test(command)) continue;
    told.push(command.split(' ').slice(1, 3).join(' '));
    await office.types(filled(command), who).catch(error => t.fail(`${command}: ${error.message}`));
  }
  t.match(await office.task(id), { status: 'done' }, told.join(', '));
});

t.test('what another claimed and let lie is claimed anew', async t => {
  const { office } = await begin({});
  const asks = { to: ['bob', 'vic'], kind: 'question', title: 'Which?' };
  const { handoff_id } = await office.does('handoff.create', asks, ada);
  await office.does('handoff.claim', { handoff_id }, bob);
  t.notMatch(await next(office, vic), { action: 'handoff-answer' });
  office.now += 2 * HOUR;
  t.match(await next(office, vic), { action: 'handoff-answer', command: `ledgenter handoff claim ${handoff_id}` });
  await office.types(`ledgenter handoff claim ${handoff_id}`, vic);
});

t.test('progress counts what there is', async t => {
  const { office, id } = await begin({ ...ALL, acceptance_criteria: [{ text: 'holds' }] });
  t.same((await next(office, ada, id)).progress, { status: 'open', criteria: { total: 1, met: 0 } });
  await shift(office, id, HANDS);
  t.match((await next(office, ada, id)).progress, {
    plan: { version: 1, verdict: 'accept', accepted: 1 },
    todos: { total: 1, done: 1, open: 0, open_ids: [] },
    criteria: { total: 1, met: 1 },
    validation: { rounds: 1, last: 'passed', checked: 0 },
  });
});

async function rejects(does: Promise<unknown>): Promise<string> {
  return does.then(
    () => 'it worked',
    (error: Error) => error.message,
  );
}
