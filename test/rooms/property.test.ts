import fc from 'fast-check';
import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { byOf } from '../../src/kernel/operation.ts';
import { Overlay } from '../../src/kernel/view.ts';
import { checkHash } from '../../src/rooms/tasks/proofs.ts';
import { STATUSES, taskRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, HOUR, operationOf, type Person, person, TestOffice } from './office.ts';

const PEOPLE: Person[] = [
  ada,
  bob,
  eve,
  person('ada', 'agent', 'two'),
  { ...ada, run: [person('ada', 'agent', 'child').run[0]!, ada.run[0]!] },
];

interface Step {
  op: string;
  who: number;
  task: number;
  other: number;
  pick: number;
  /** ms until this step. */
  wait: number;
}

const OPS = [
  'create',
  'create_many',
  'ask',
  'claim',
  'note',
  'update',
  'status',
  'release',
  'check',
  'proof',
  'code_ref',
  'link',
  'unlink',
];
const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom(...OPS, 'claim', 'claim', 'status', 'release'),
  // ada more often than the others, or nobody would ever hold what they write on.
  who: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4),
  task: fc.nat(2),
  other: fc.nat(3),
  pick: fc.nat(23),
  wait: fc.constantFrom(1000, 1000, 1000, 1000, 1000, 1000, HOUR / 2, HOUR + 121_000),
});

/** The call that a step means, among the tasks that exist. */
function callOf({ op, task, other, pick }: Step, ids: string[]): [string, object] {
  const task_id = ids[task % Math.max(ids.length, 1)] ?? 't-0000000000';
  const to = ids[other % Math.max(ids.length, 1)] ?? 't-0000000000';
  const criteria = pick % 2 === 0 ? [{ text: 'holds', ...(pick % 4 === 0 ? { check: 'npm test' } : {}) }] : [];
  switch (op) {
    case 'create':
      return [
        'task.create',
        {
          title: 'New',
          depends_on: ids.slice(0, pick % 3),
          acceptance_criteria: criteria,
          requires_evidence: pick % 3 === 0,
        },
      ];
    case 'create_many':
      return [
        'task.create_many',
        {
          tasks: ['a', 'b'].map((key, at) => ({
            key,
            title: key,
            depends_on: pick % 2 === at ? ['a', 'b'].filter(k => k !== key) : [],
          })),
        },
      ];
    case 'ask':
      return [
        'task.ask',
        {
          origin_ask_ref: `github:acme/app#${(pick % 4) + 1}`,
          title: 'Asked',
          also_asked: [`github:acme/app#${(other % 4) + 1}`],
        },
      ];
    case 'claim':
      return ['task.claim', { task_id }];
    case 'note':
      return ['task.note', { task_id, text: 'words', kind: ['note', 'comment', 'resolution'][pick % 3] }];
    case 'status':
      return [
        'task.update',
        {
          task_id,
          status: STATUSES[pick % 6],
          ...(pick % 2 ? { reason: `why ${pick}` } : {}),
          ...(pick % 3 ? { note: 'so' } : {}),
        },
      ];
    case 'update':
      return [
        'task.update',
        [
          { task_id, priority: pick % 5 },
          { task_id, assignee: pick % 2 ? 'bob' : null },
          { task_id, add_criteria: [{ text: 'more' }] },
          { task_id, drop_criteria: ['c1'] },
          { task_id, parent: pick % 2 ? to : null },
          { task_id, requires_evidence: pick % 2 === 0 },
          { task_id, check: [`c${(pick % 2) + 1}=${['', 'npm test', 'make'][other % 3]}`] },
        ][pick % 7]!,
      ];
    case 'release':
      return ['task.release', { task_id }];
    case 'check':
      return ['task.check', { task_id, criterion: `c${(pick % 2) + 1}`, met: pick % 3 !== 0 }];
    case 'proof':
      return [
        'task.proof',
        {
          task_id,
          criterion: 'c1',
          check_sha256: checkHash({ id: 'c1', text: 'holds', check: 'npm test', met: false }),
          exit_code: pick % 3 === 0 ? 1 : 0,
          duration_ms: 10,
          commit: `3f2a9c${pick % 10}`.padEnd(40, '0'),
          clean: pick % 4 !== 0,
          output_sha256: 'c'.repeat(64),
          output_bytes: 0,
        },
      ];
    case 'code_ref':
      return ['task.code_ref', { task_id, ref_type: 'commit', sha: `3f2a9c${pick % 10}` }];
    default:
      return [`task.${op}`, { task_id, kind: ['blocks', 'parent', 'related'][pick % 3], to }];
  }
}

/** Operations that went through, over all runs: the property says nothing where everything is refused. */
const went = new Map<string, number>();

/** Runs the steps; every decision that is not refused must be lawful. */
async function play(steps: Step[]): Promise<TestOffice> {
  const office = new TestOffice();
  const ids = [
    await office.creates(),
    await office.creates({ title: 'Second', acceptance_criteria: [{ text: 'holds', check: 'npm test' }] }),
  ];
  for (const one of steps) {
    const who = PEOPLE[one.who]!;
    const [op, input] = callOf(one, ids);
    const kept = office.claims.get((input as { task_id?: string }).task_id ?? '');
    const turn = { at: office.now + one.wait, ...(op === 'task.claim' && kept ? { chain: [kept.root] } : {}) };
    if (!(await decides(office, op, input, who, turn))) continue;
    const outcome = await office.outcome(op, input, who, turn);
    if (outcome.kind === 'refused')
      throw new Error(
        `${op} ${JSON.stringify(input)}: decided, then refused: ${outcome.error.message} ${JSON.stringify(outcome.error.details)}`,
      );
    if (outcome.kind === 'lawful') went.set(one.op, (went.get(one.op) ?? 0) + 1);
    for (const { def, id, before } of outcome.kind === 'lawful' ? outcome.changes : []) {
      if (def.kind === 'task' && before === undefined) ids.push(id);
    }
  }
  return office;
}

async function decides(
  office: TestOffice,
  op: string,
  input: object,
  who: Person,
  turn: { at: number },
): Promise<boolean> {
  const operation = operationOf(op);
  if (operation.kind !== 'write') throw new Error(op);
  const { now } = office;
  try {
    const intent = office.intent(op, input, who, turn);
    await operation.decide(office.view, input as never, byOf(intent, new Overlay(office.state)));
    return true;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  } finally {
    office.now = now;
  }
}

/** A cycle found without the product's own walk, undefined when there is none. */
async function circle(office: TestOffice, next: 'depends_on' | 'parent'): Promise<string | undefined> {
  const done = new Set<string>();
  const visit = async (id: string, path: string[]): Promise<string | undefined> => {
    if (path.includes(id)) return [...path, id].join(' → ');
    if (done.has(id)) return undefined;
    const task = (await office.view.get(taskRecord, id))!;
    for (const other of [task[next] ?? []].flat()) {
      const found = await visit(other, [...path, id]);
      if (found) return found;
    }
    done.add(id);
    return undefined;
  };
  for (const id of await office.tasks()) {
    const found = await visit(id, []);
    if (found) return found;
  }
  return undefined;
}

t.test('what a decide yields, the laws accept, whatever came before; no task ever waits for itself', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 45 }), async steps => {
      const office = await play(steps);
      for (const next of ['depends_on', 'parent'] as const) {
        const found = await circle(office, next);
        if (found) throw new Error(`${next}: ${found}`);
      }
    }),
    { numRuns: 50 },
  );
  for (const op of ['create', 'claim', 'note', 'status', 'release', 'link', 'code_ref', 'proof'])
    t.ok((went.get(op) ?? 0) > 0, `${op} went through ${went.get(op)} times`);
});

t.test('links alone, in any order, never close a circle', async t => {
  let refused = 0;
  const links = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom('blocks', 'parent')), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(links, async pairs => {
      const office = new TestOffice();
      const ids: string[] = [];
      for (let n = 0; n < 7; n++) ids.push(await office.creates({ title: `Task ${n}` }));
      for (const [a, b, kind] of pairs) {
        const { kind: became } = await office.outcome('task.link', { task_id: ids[a], kind, to: ids[b] }, ada);
        if (became === 'refused') refused++;
      }
      const found = (await circle(office, 'depends_on')) ?? (await circle(office, 'parent'));
      if (found) throw new Error(found);
    }),
    { numRuns: 40 },
  );
  t.ok(refused > 0, `${refused} links were refused`);
});
