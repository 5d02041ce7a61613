import t from 'tap';
import { mapCopies, type OtherTask } from '../../src/rooms/importing/index.ts';
import { askedTaskId } from '../../src/rooms/tasks/asks.ts';
import type { Note, Task } from '../../src/rooms/tasks/record.ts';
import { Ledger } from './tools.ts';

const AT = '2026-01-05T10:00:00.000Z';
const id = (n: number): string => `t-000000000${n}`;

function other(n: number, fields: Partial<Task> = {}, notes: Note[] = []): [string, OtherTask] {
  const task: Task = {
    title: `Task ${n}`,
    status: 'open',
    priority: 2,
    labels: [],
    criteria: [],
    depends_on: [],
    links: [],
    also_asked: [],
    created_by: 'grace',
    created_at: AT,
    updated_at: AT,
    ...fields,
  };
  return [id(n), { id: id(n), task, notes }];
}

const nowhere = () => undefined;
const ref = (n: number): string => `ledger:abc/${id(n)}`;

t.test('tasks of another ledger come as new ones, with what they say and name, once', async t => {
  const note: Note = { kind: 'note', text: 'found out', by: 'bob', at: AT };
  const tasks = new Map([
    other(1, { depends_on: [id(2)], parent: id(3), links: [{ kind: 'related', task_id: id(2) }] }),
    other(2, { status: 'done', finished_at: AT, assignee: 'grace' }, [note]),
    other(3, { origin_ask_ref: 'github:acme/web#7', labels: ['ui'] }),
  ]);
  const { entries, report } = mapCopies(tasks, 'abc', nowhere);
  t.match(report, { tasks: 3, notes: 1, opened: 0, links_left_out: 0 });
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.match(await ledger.task(ref(1)), {
    title: 'Task 1',
    imported: true,
    depends_on: [askedTaskId(ref(2))],
    parent: askedTaskId(ref(3)),
    created_by: 'grace',
    created_at: AT,
  });
  t.match(await ledger.task(ref(2)), { status: 'done', finished_at: AT });
  t.match(await ledger.notes(ref(2)), [note]);
  t.match(await ledger.task(ref(3)), { also_asked: ['github:acme/web#7'], labels: ['ui'] });
  await ledger.take(entries);
  t.match(ledger, { written: 3, same: 3 });
});

t.test('what another ledger proved or holds is none here, and what is left out is told', async t => {
  const tasks = new Map([
    other(1, {
      status: 'in_progress',
      assignee: 'grace',
      hold: { root: 'r', actor: 'grace', run: 'r-0000000001', since: AT, lease_until: AT },
      criteria: [
        { id: 'c1', text: 'works', check: 'npm test', proof: 'x-0000000000', met: true, met_by: 'grace', met_at: AT },
        { id: 'c2', text: 'reads well', met: true, met_by: 'grace', met_at: AT },
      ],
      depends_on: [id(8)],
      links: [{ kind: 'related', task_id: id(9) }],
    }),
    other(2, { status: 'in_review', reviewer: 'bob', requires_evidence: true }),
  ]);
  const here = (task: string) => (task === id(8) ? 'cli:the other' : undefined);
  const { entries, report } = mapCopies(tasks, 'abc', here);
  t.match(report, { opened: 2, links_left_out: 1, proofs_left_out: 1 });
  const [first] = entries;
  t.match(first?.tasks[0], { status: 'open', depends_on: ['cli:the other'] });
  t.same(first?.tasks[0]?.criteria, [{ text: 'works' }, { text: 'reads well', met_by: 'grace', met_at: AT }]);
});

t.test('links in a circle lose one of them, and long notes have entries of their own', async t => {
  const long: Note[] = [1, 2, 3, 4].map(n => ({ kind: 'note', text: `${n}`.repeat(60_000), by: 'bob', at: AT }));
  const tasks = new Map([
    other(1, { links: [{ kind: 'related', task_id: id(2) }] }),
    other(2, { links: [{ kind: 'related', task_id: id(1) }] }, long),
  ]);
  const { entries, report } = mapCopies(tasks, 'abc', nowhere);
  t.match(report, { links_left_out: 1, notes: 4 });
  t.ok(entries.every(entry => JSON.stringify(entry).length < 200_000));
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  t.equal((await ledger.notes(ref(2))).length, 4);
});

t.test('rulings and pages come under the name of who imports, and once', async t => {
  const pages = {
    decisions: new Map([['d-0000000001', { title: 'Clock', choice: 'UTC', rationale: 'zones', by: 'grace', at: AT }]]),
    knowledge: new Map([
      [
        'w-0000000001',
        {
          title: 'Releasing',
          body: 'Tag it.',
          kind: 'runbook' as const,
          tags: ['release'],
          revision: 3,
          created_by: 'grace',
          created_at: AT,
          updated_by: 'grace',
          updated_at: AT,
        },
      ],
    ]),
  };
  const { entries, report } = mapCopies(new Map(), 'abc', nowhere, pages);
  t.match(report, { tasks: 0, decisions: 1, knowledge: 1 });
  const ledger = await new Ledger().take(entries);
  t.same(ledger.refused, []);
  await ledger.take(entries);
  t.match(ledger, { written: 2, same: 2 });
});
