import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Hold } from '../../src/kernel/hold.ts';
import { instant } from '../../src/kernel/time.ts';
import { MemoryStore } from '../../src/store/memory/index.ts';
import type { SessionRow } from '../../src/views/sessions/events.ts';
import { sessionsOf } from '../../src/views/sessions/fold.ts';
import { Sessions } from '../../src/views/sessions/index.ts';
import { eve, HOUR, type Person, person, T0 } from '../rooms/office.ts';
import { BookOffice } from './bookoffice.ts';
import { counting } from './world.ts';

const ACTORS = ['ada', 'bob', 'cleo'].map(name => person(name));

/** Somebody claims, writes, pauses, gives back: whatever is lawful at that minute. */
async function act(office: BookOffice, task: string, who: Person, what: number): Promise<void> {
  const minute = instant(office.now + 60_000);
  const ops: [string, object][] = [
    ['task.claim', { task_id: task }],
    ['task.note', { task_id: task, text: `at ${minute}` }],
    ['session.pause', { task_id: task }],
    ['session.resume', { task_id: task }],
    ['task.release', { task_id: task }],
  ];
  const [op, input] = ops[what % ops.length]!;
  const hold = (await office.task(task)).hold;
  const prev = hold ? { prev: { root: hold.root, actor: hold.actor, lease_until: hold.lease_until } } : {};
  await office.at(minute, op, input, who, op === 'task.claim' ? { ...prev, lease: 20 * 60_000 } : {}).catch(() => {});
}

t.test('what is kept equals what is built anew, after rewrites of the own end and damage to the file', async t => {
  const root = t.testdir();
  let folders = 0;
  const step = fc.record({
    back: fc.nat(8),
    acts: fc.array(fc.tuple(fc.nat(1), fc.nat(2), fc.nat(4)), { maxLength: 25 }),
    harm: fc.option(fc.nat(), { freq: 3 }),
  });
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
        const store = new MemoryStore();
        const office = await new BookOffice(store).found();
        const folder = join(root, `${folders++}`);
        const server = new Sessions(store, folder);
        const tasks = [0, 1].map(n => `t${n}`);
        for (const n of [0, 1])
          tasks[n] = String((await office.at(instant(T0 + n), 'task.create', { title: `task ${n}` }, eve)).task_id);
        const tips = [office.tip];
        for (const { back, acts, harm } of steps) {
          // The own end of a book is decided anew on what others wrote: it may come out otherwise.
          tips.splice(Math.max(1, tips.length - back));
          office.tip = tips.at(-1)!;
          for (const [task, who, what] of acts) {
            await act(office, tasks[task]!, ACTORS[who]!, what);
            tips.push(office.tip);
          }
          const fresh = await new Sessions(store).at(office.tip);
          assert.deepEqual(await server.at(office.tip), fresh);
          if (harm !== null) spoil(folder, harm);
          assert.deepEqual(await new Sessions(store, folder).at(office.tip), fresh);
        }
      }),
      { numRuns: 15 },
    ),
  );
});

function spoil(folder: string, seed: number): void {
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    const at = seed % bytes.length;
    bytes[at]! ^= 0x15;
    writeFileSync(join(folder, name), seed % 2 === 0 ? bytes : bytes.subarray(0, at));
  }
}

t.test('a question of a long book reads only what is new, and tells how far it is', async t => {
  const store = new MemoryStore();
  const office = await new BookOffice(store).found();
  const id = String((await office.at(instant(T0), 'task.create', { title: 'long' }, eve)).task_id);
  for (let n = 0; n < 300; n++)
    await office.at(instant(T0 + n * 1000), 'task.note', { task_id: id, text: `${n}` }, eve);
  const folder = t.testdir();
  const said: string[] = [];
  await new Sessions(store, folder).at(office.tip, (_done, _total, what) => said.push(what));
  t.same([...new Set(said)], ['entries found', 'entries read for sessions']);
  await office.at(instant(T0 + HOUR), 'task.claim', { task_id: id }, eve);
  const { store: watched, asked } = counting(store);
  const { sessions } = await new Sessions(watched, folder).at(office.tip);
  t.match(sessions, [{ task_id: id, actor: 'eve' }]);
  t.ok(asked.newest <= 32 && asked.blobs <= 2, `${asked.newest} commits and ${asked.blobs} blobs read`);
  await t.rejects(new Sessions(store).at('0'.repeat(40)), { code: 'BAD_LEDGER' });
});

const at = (minute: number): string => instant(T0 + minute * 60_000);
const hold = (root: string, actor: string, from: number, until: number): Hold => ({
  root,
  actor,
  run: `run-${actor}`,
  since: at(from),
  lease_until: at(until),
});
const held = (minute: number, by: string, one: Hold | undefined, more: object = {}): SessionRow => ({
  oid: '',
  holds: [
    { task: 't', at: at(minute), by, status: one ? 'in_progress' : 'open', ...(one ? { hold: one } : {}), ...more },
  ],
});

t.test('a session ends with its lease where it was over before the next one came', t => {
  const only = (rows: SessionRow[]) => sessionsOf(rows).sessions[0];
  const first = held(0, 'ada', hold('a', 'ada', 0, 60));
  t.match(only([first]), { ended_at: undefined, lease_until: at(60) }, 'nobody ended it');
  const raised = held(50, 'ada', hold('a', 'ada', 0, 110));
  t.match(only([first, raised]), { lease_until: at(110), ended_at: undefined });
  t.match(only([first, held(200, 'bob', hold('b', 'bob', 200, 260))]), { ended_at: at(60), ended: 'taken_over' });
  const told = { prev: { root: 'a', lease_until: at(90) } };
  t.match(
    only([first, held(200, 'bob', hold('b', 'bob', 200, 260), told)]),
    { ended_at: at(90) },
    'renewed, as it tells',
  );
  const other = { prev: { root: 'z', lease_until: at(90) } };
  t.match(only([first, held(200, 'bob', hold('b', 'bob', 200, 260), other)]), { ended_at: at(60) }, 'not of another');
  t.match(only([first, held(30, 'ada', hold('b', 'ada', 30, 90))]), { ended_at: at(30), ended: 'claimed_again' });
  t.match(only([first, held(55, 'ada', undefined)]), { ended_at: at(55), ended: 'released' });
  t.match(only([first, held(-5, 'ada', undefined)]), { ended_at: at(0) }, 'by a clock that went back it is empty');
  t.match(only([first, held(55, 'ada', undefined, { status: 'in_review' })]), { ended: 'in_review' });
  t.end();
});

t.test('pauses count in the session that they name while it goes on; a correction of none is told apart', t => {
  const pause = (minute: number, kind: 'pause' | 'resume', session_id = 'a'): SessionRow => ({
    oid: '',
    pauses: [{ task: 't', session_id, kind, at: at(minute) }],
  });
  const { sessions, stray } = sessionsOf([
    held(0, 'ada', hold('a', 'ada', 0, 60)),
    pause(10, 'pause'),
    pause(20, 'resume'),
    pause(30, 'pause', 'other'),
    pause(40, 'pause'),
    held(50, 'ada', undefined),
    pause(55, 'resume'),
    {
      oid: '',
      corrections: [{ task: 't', id: 'j-1', session_id: 'nope', minutes: 60, reason: 'x', by: 'eve', at: at(60) }],
    },
  ]);
  t.same(sessions[0]?.rests, [
    { from: at(10), kind: 'paused', until: at(20) },
    { from: at(40), kind: 'paused' },
  ]);
  t.match(stray, [{ session_id: 'nope', minutes: 60, task_id: 't' }]);
  t.end();
});
