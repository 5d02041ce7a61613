import fc from 'fast-check';
import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { ada, bob, eve, HOUR, person } from './office.ts';
import { type Hand, Shift, shift } from './shift.ts';

const vic = person('vic');

/** What a task asks for. */
const asks = fc.record({
  plan_required: fc.boolean(),
  validation_required: fc.boolean(),
  requires_evidence: fc.boolean(),
  resolution_required: fc.boolean(),
  reviewed: fc.boolean(),
  criteria: fc.nat(2),
  checked: fc.boolean(),
  first: fc.boolean(),
  text_evidence: fc.boolean(),
  agents_accept_plans: fc.boolean(),
});

/** What comes in between, after the n-th step. */
const EVENTS = [
  'lapse',
  'answer',
  'ask',
  'commit',
  'block',
  'reject',
  'criterion',
  'todo',
  'fail',
  'release',
  'waive',
] as const;
const events = fc.array(fc.record({ after: fc.nat(18), what: fc.constantFrom(...EVENTS) }), { maxLength: 4 });

async function happens(office: Shift, id: string, what: (typeof EVENTS)[number], n: number): Promise<void> {
  const task = await office.task(id);
  const holder = [ada, vic, bob, eve].find(({ actor }) => actor === task.hold?.actor);
  const as = holder ?? eve;
  switch (what) {
    case 'lapse':
      office.now += 80 * HOUR;
      return;
    case 'answer':
      await office.does('question.ask', { task_id: id, questions: [`Why ${n}?`] }, eve);
      await office.does('question.answer', { task_id: id, answers: [`q1: because ${n}`] }, eve);
      return;
    case 'ask':
      await office.does('question.ask', { task_id: id, questions: [`Must ${n}?`], required: true }, vic);
      return;
    case 'commit':
      await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: String(n % 10).repeat(40) }, as);
      return;
    case 'block':
      await office.does('todo.block', { task_id: id, todo_id: 'todo-1', reason: 'the key' }, as);
      return;
    case 'reject':
      await office.does('plan.reject', { task_id: id, reason: 'too large' }, eve);
      await office.does(
        'plan.propose',
        { task_id: id, goal: `Goal ${n}`, acceptance_criteria: [{ text: 'holds' }], todos: [{ text: `Do ${n}` }] },
        ada,
      );
      return;
    case 'criterion':
      await office.does('task.update', { task_id: id, add_criteria: [{ text: `And ${n}` }] }, as);
      return;
    case 'todo':
      await office.does('todo.add', { task_id: id, text: `Also ${n}` }, as);
      return;
    case 'release':
      await office.does('task.release', { task_id: id }, as);
      return;
    case 'waive':
      await office.does('validate.waive', { task_id: id, criterion: 'c1', reason: 'not now' }, eve);
      return;
  }
}

t.test('whatever a task asks for and whatever comes in between, doing what one is told ends it', async t => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      asks,
      events,
      async ({ reviewed, criteria, checked, first, text_evidence, agents_accept_plans, ...gates }, between) => {
        const office = new Shift();
        await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/app' }, eve);
        await office.does('ledger.policy', { text_evidence, agents_accept_plans }, eve);
        const before = first ? [await office.creates({ title: 'First' }, eve)] : [];
        const id = await office.creates(
          {
            ...gates,
            ...(reviewed ? { reviewer: 'bob' } : {}),
            depends_on: before,
            acceptance_criteria: Array.from({ length: criteria }, (_, index) => ({
              text: `c ${index}`,
              ...(checked && index === 0 ? { check: 'node --test' } : {}),
            })),
          },
          eve,
        );
        const failing = between.filter(({ what }) => what === 'fail').length;
        const fills: Hand['fills'] = (name, time) =>
          name === 'pass|fail|blocked' && time <= failing ? 'fail' : undefined;
        const hands = [{ who: ada }, { who: vic, fills }, { who: bob, fills }, { who: eve }];
        await shift(office, id, hands, {
          most: 120,
          async each(_taken, count) {
            for (const { after, what } of between) {
              if (after !== count) continue;
              // What is not lawful at this moment did not happen.
              await happens(office, id, what, count).catch(error => {
                if (!(error instanceof LedgerError)) throw error;
              });
            }
          },
        });
        done++;
      },
    ),
    { numRuns: 40, seed: 1 },
  );
  t.equal(done, 40);
});
