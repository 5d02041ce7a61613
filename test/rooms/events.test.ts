import t from 'tap';
import { takeBatch } from '../../src/rooms/events/batch.ts';
import { lineOf, lineProblem } from '../../src/rooms/events/line.ts';
import { spoolPort } from '../../src/rooms/events/ports.ts';
import { batchId, batchRecord, type EventRow } from '../../src/rooms/events/record.ts';
import { statusFrom } from '../../src/rooms/events/status.ts';
import { summaryOf, summaryPage } from '../../src/rooms/events/summary.ts';
import type { Told } from '../../src/rooms/events/table.ts';
import { validate } from '../../src/rooms/events/validate.ts';
import { runRecord } from '../../src/rooms/runs/record.ts';
import { ada, bob, TestOffice } from './office.ts';
import { viewPorts } from './ports.ts';

const SPOOL = 'ab'.repeat(16);
const AT = '2026-03-02T08:00:00.000Z';
const event = (fields: Partial<EventRow> = {}): EventRow => ({
  ts: AT,
  agent: 'ada',
  event: 'task_start',
  summary: 'began',
  ...fields,
});
const bytes = (...lines: (object | string)[]): Uint8Array =>
  new TextEncoder().encode(lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));

t.test('a line is an event only with the keys of one, each in its form', async t => {
  const good = { ts: '2026-03-02T10:00:00+02:00', agent: 'ada', event: 'error', summary: 'it broke', data: { n: [1] } };
  t.equal(lineProblem(JSON.stringify(good)), undefined);
  for (const [bad, why] of [
    ['{"ts":', /JSON/],
    ['[1]', /object/],
    [{ ...good, color: 'red' }, /"color"/],
    [{ ...good, ts: '2026-03-02' }, /^ts: .*time/],
    [{ ...good, event: 'sleep' }, /^event/],
    [{ ...good, agent: 'Not A Key' }, /^agent/],
    [{ ...good, task_id: 'seven' }, /^task_id/],
    [{ ...good, summary: 'two\nlines' }, /^summary/],
    [{ ...good, summary: undefined }, /has no summary/],
    [{ ...good, data: { big: 'x'.repeat(9_000) } }, /^data.*longer/],
    [{ ...good, data: 7 }, /^data/],
    ['x'.repeat(20_000), /longer/],
  ] as const)
    t.match(lineProblem(typeof bad === 'string' ? bad : JSON.stringify(bad)), why);
  t.equal(
    lineOf({ summary: 's', data: { b: 1, a: 2 }, event: 'error', agent: 'ada', ts: AT }),
    `{"ts":"${AT}","agent":"ada","event":"error","summary":"s","data":{"a":2,"b":1}}`,
    'keys have one order',
  );
});

t.test('a file is checked line by line, and every bad line is told with its number', async t => {
  const query = (file: string) =>
    (validate as unknown as { query(c: unknown, i: unknown): Promise<never> }).query({}, { file });
  const good = JSON.stringify(event());
  t.match(await query(`${good}\r\n${good}\n`), { events: 2, bad_lines: 0, bad: [] });
  const answer = (await query(`${good}\n\n{"torn\n${good}\n{}`)) as { bad: unknown };
  t.match(answer, {
    events: 2,
    bad_lines: 3,
    bad: [{ line: 2, problem: 'is empty' }, { line: 3 }, { line: 5, problem: 'has no ts' }],
  });
  t.equal(validate.exit?.(answer as never), 65);
  const many = (await query('no\n'.repeat(1_000))) as { bad: unknown[]; bad_lines: number };
  t.match(many, { bad_lines: 1_000, truncated: true });
  t.equal(many.bad.length, 50);
});

t.test('a batch takes whole lines only, passes over torn ones and tells signs of life as one', async t => {
  const beat = (minute: number): EventRow =>
    event({ event: 'heartbeat', ts: `2026-03-02T08:0${minute}:00.000Z`, summary: `beat ${minute}` });
  const spool = bytes(event(), beat(1), '{"ts":"2026', beat(2), beat(3), { ...beat(4), agent: 'bob' });
  const half = new TextEncoder().encode('{"ts":"2026-03-02T08:');
  const { events, bytes: taken, torn } = takeBatch(new Uint8Array([...spool, ...half]));
  t.equal(taken, spool.length, 'the last line may just be being written');
  t.equal(torn, 1);
  t.match(events, [
    { event: 'task_start' },
    {
      event: 'heartbeat',
      summary: 'beat 3',
      data: { first: '2026-03-02T08:01:00.000Z', last: '2026-03-02T08:03:00.000Z', count: 3 },
    },
    { event: 'heartbeat', agent: 'bob', summary: 'beat 4' },
  ]);
  const large = bytes(
    ...Array.from({ length: 300 }, (_, n) => event({ summary: `${n}`, data: { text: 'x'.repeat(2_000) } })),
  );
  const first = takeBatch(large);
  t.ok(first.events.length < 100 && first.events.length > 50, 'an entry stays within its size');
  const second = takeBatch(large.subarray(first.bytes));
  t.equal(second.events[0]?.summary, String(first.events.length), 'and the next begins where it ended');
});

t.test('the same place of a spool lands once, whoever lands it', async t => {
  const office = new TestOffice();
  const input = { spool: SPOOL, from: 0, to: 90, events: [event()] };
  await office.does('event.land', input);
  const id = batchId({ spool: SPOOL, from: 0 });
  t.match(await office.view.get(batchRecord, id), { to: 90, by: 'ada', events: [{ agent: 'ada' }] });
  const before = office.entries.length;
  t.match(await office.outcome('event.land', input, bob), { kind: 'same', result: { to: 90 } });
  t.equal(office.entries.length, before, 'no second entry');
  const more = event({ event: 'task_result', summary: 'ended' });
  await office.does('event.land', { ...input, to: 180, events: [event(), more] }, bob);
  t.match(
    await office.view.get(batchRecord, batchId({ spool: SPOOL, from: 90 })),
    { to: 180, by: 'bob', events: [more] },
    'of what goes on behind it the rest',
  );
  t.match(await office.view.get(batchRecord, id), { to: 90 });
});

t.test('a place that somebody else took, in a copied clone or on purpose, keeps nobody from landing', async t => {
  const office = new TestOffice();
  await office.does('event.land', { spool: SPOOL, from: 0, to: 9_000_000, events: [event({ agent: 'eve' })] });
  const input = { spool: SPOOL, from: 0, to: 90, events: [event()] };
  const first = await office.outcome('event.land', input, bob);
  t.match(first, { kind: 'lawful', result: { to: 90 } });
  await office.does('event.land', input, bob);
  const before = office.entries.length;
  t.match(await office.outcome('event.land', input, bob), { kind: 'same', result: { to: 90 } }, 'and it lands once');
  t.equal(office.entries.length, before);
});

const told = (...events: EventRow[]): Told[] => events.map((one, n) => ({ ...one, id: `s-0.${n}`, landed: true }));
const at = (minute: number): string => `2026-03-02T08:${String(minute).padStart(2, '0')}:00.000Z`;

t.test('what an agent does follows from what it said last', async t => {
  t.equal(statusFrom([]), undefined);
  const start = event({ ts: at(1), task_id: 't-7k3qz0m4xv' });
  t.match(statusFrom(told(start)), { state: 'busy', since: at(1), task_id: 't-7k3qz0m4xv' });
  const beat = event({ ts: at(2), event: 'heartbeat', data: { first: at(2), last: at(9), count: 3 } });
  t.match(statusFrom(told(start, beat)), {
    state: 'busy',
    since: at(1),
    last_event: { ts: at(9), event: 'heartbeat' },
  });
  const result = (exit_code: number): EventRow => event({ ts: at(10), event: 'task_result', data: { exit_code } });
  t.match(statusFrom(told(start, result(0))), { state: 'idle', since: at(10), task_id: null });
  t.match(statusFrom(told(start, result(3))), { state: 'error', since: at(10), task_id: 't-7k3qz0m4xv' });
  t.match(statusFrom(told(start, event({ ts: at(4), event: 'error' }), event({ ts: at(5) }))), {
    state: 'busy',
    since: at(5),
  });
});

t.test('queries and summaries show what landed and what still waits', async t => {
  const office = new TestOffice();
  const [run] = ada.run;
  const events = [
    event({ run_id: run! }),
    event({ event: 'heartbeat', ts: at(5), run_id: run!, data: { first: at(5), last: at(7), count: 4 } }),
  ];
  await office.does('event.land', { spool: SPOOL, from: 0, to: 9, events });
  const waiting = [
    event({ ts: at(8), event: 'task_result', summary: 'broke <b>out</b>', run_id: run!, data: { exit_code: 0 } }),
  ];
  const ports = {
    ...viewPorts(office),
    [spoolPort.name]: { waiting: async () => waiting, add: async () => {}, land: async () => 0 },
  };
  const context = office.context(ada, ports as never);
  const summary = await summaryOf(context, run!);
  t.match(summary, { actor: 'ada', counts: { task_start: 1, heartbeat: 4, task_result: 1 }, started_at: AT });
  const page = summaryPage(summary!);
  t.match(page, /# Run r-/);
  t.notMatch(page, /[^\\]<b>/, 'what an agent says starts nothing in it');
  t.equal(await summaryOf(context, 'r-0000000000'), undefined);
});

t.test('what a run said lands after its end, and does not open it again', async t => {
  const office = new TestOffice();
  await office.does('run.start', {});
  await office.does('run.end', { summary: 'over' });
  const ended = await office.view.get(runRecord, ada.run[0]!);
  await office.does('event.land', { spool: SPOOL, from: 0, to: 9, events: [event()] });
  t.same(await office.view.get(runRecord, ada.run[0]!), ended);
  await office.does('task.create', { title: 'one more' });
  t.equal((await office.view.get(runRecord, ada.run[0]!))?.ended_at, undefined, 'another entry does');
});

t.test('forged batches are named by the law that they break', async t => {
  const office = new TestOffice();
  const intent = office.intent('event.land', {}, ada);
  const forged = async (patch: object, id?: string) => {
    const batch = { spool: SPOOL, from: 0, to: 9, events: [event()], by: 'ada', at: intent.at, ...patch } as never;
    const files = [...(await office.enrolled(intent)), batchRecord.put(id ?? batchId(batch), batch)];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  t.equal(await forged({}), 'lawful');
  t.equal(await forged({}, 's-0000000000'), 'event.batch', 'a place of the spool has one id');
  t.equal(await forged({ by: 'bob' }), 'event.batch', 'nobody lands as another');
  t.equal(await forged({ to: 0 }), 'record.schema');
  t.equal(await forged({ from: 9 }), 'event.batch');
  t.equal(await forged({ events: [event({ ts: '2027-01-01T00:00:00.000Z' })] }), 'event.time');
  t.equal(await forged({ events: [{ ...event(), color: 'red' }] }), 'record.schema');
  await office.does('event.land', { spool: SPOOL, from: 0, to: 9, events: [event()] });
  const later = office.intent('event.land', {}, ada);
  const changed = batchRecord.put(batchId({ spool: SPOOL, from: 0 }), {
    spool: SPOOL,
    from: 0,
    to: 9,
    events: [event({ summary: 'another story' })],
    by: 'ada',
    at: later.at,
  });
  t.equal((await office.forge([...(await office.enrolled(later)), changed], later))?.law, 'append-only');
});
