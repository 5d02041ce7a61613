import t from 'tap';
import type { Begin, Intent } from '../../src/kernel/entry.ts';
import { byOf } from '../../src/kernel/operation.ts';
import { epochMs, instant } from '../../src/kernel/time.ts';
import { enrol } from '../../src/rooms/actors/enrol.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { historyPort } from '../../src/rooms/logbook/ports.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { tables } from '../../src/rooms/rows.ts';
import { runTable } from '../../src/rooms/runs/ports.ts';
import { type Run, runRecord } from '../../src/rooms/runs/record.ts';
import { claims } from '../../src/rooms/tasks/ports.ts';
import { ada, bob, HOUR, type Person, person, TestOffice } from './office.ts';

const ENTRY = 'ab'.repeat(32);
const runOf = (office: TestOffice, who: Person): Promise<Run | undefined> => office.view.get(runRecord, who.run[0]!);

/** Enters what an intent says of its run, as a surface's first entry does. */
async function begins(office: TestOffice, who: Person, begin: Begin, at?: number): Promise<Intent> {
  const intent = { ...office.intent('task.create', { title: 'x' }, who, at === undefined ? {} : { at }), begin };
  office.state.apply(await enrol(office.view, byOf(intent, nothing)));
  return intent;
}

t.test('a run keeps how it began, as its first entry says, and no later one changes that', async t => {
  const office = new TestOffice();
  const repo = { fingerprint: 'github/acme/app', branch: 'main', head: 'a'.repeat(40), dirty: true };
  await begins(office, ada, { kind: 'loop_tick', series: 'night', host: 'codex', repo });
  t.match(await runOf(office, ada), { actor: 'ada', kind: 'loop_tick', series: 'night', host: 'codex', repo });
  await begins(office, ada, { kind: 'session', series: 'day' });
  t.match(
    await runOf(office, ada),
    { kind: 'loop_tick', series: 'night' },
    'two processes both say it: the first counts',
  );
});

t.test('a write costs no file of its run within an hour, and renews it after one', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const began = epochMs((await runOf(office, ada))!.started_at);
  const touched = async (at: number) => {
    const intent = office.intent('task.note', { task_id: id, text: 'x' }, ada, { at });
    return (await enrol(office.view, byOf(intent, nothing))).length;
  };
  t.equal(await touched(began + HOUR), 0);
  t.equal(await touched(began + HOUR + 1), 1);
  await office.does('task.note', { task_id: id, text: 'late' }, ada, { at: began + HOUR + 1 });
  t.equal((await runOf(office, ada))!.last_at, instant(began + HOUR + 1));
});

t.test('run.end: the run, its parent and its children end it, once, with counts and summary', async t => {
  const office = new TestOffice();
  await office.creates();
  const child: Person = { ...ada, run: [person('ada', 'agent', 'child').run[0]!, ada.run[0]!] };
  await office.creates({ title: 'by the child' }, child);
  t.match(await office.refusal('run.end', { run_id: ada.run[0] }, bob), { code: 'REFUSED' });
  await office.does('run.end', { run_id: child.run[0], counts: { tasks_completed: 1 } }, ada);
  t.match(await runOf(office, child), { ended_at: instant(office.now), counts: { tasks_completed: 1 } });
  await office.does('run.end', { summary: 'all quiet' }, ada, { seen: ENTRY });
  t.match(await runOf(office, ada), { ended_at: instant(office.now), summary: 'all quiet' });
  t.equal((await office.view.get(actorRecord, 'ada'))!.seen_through, ENTRY);
  t.equal((await office.outcome('run.end', {}, ada)).kind, 'same', 'ended again it says the same');
});

t.test('whoever calls itself a child of a run, or of the same parent, does not end it', async t => {
  const office = new TestOffice();
  await office.creates();
  const runs = [office.idFor(runRecord, office.intent('run.start', {}, bob)), ada.run[0]!];
  const [sibling, elder]: Person[] = [
    { ...ada, run: runs },
    { ...ada, run: [person('ada', 'agent', 'x').run[0]!, runs[1]!] },
  ];
  await office.creates({ title: 'by a child' }, elder);
  const mallory: Person = { ...person('mallory'), run: [person('mallory').run[0]!, ada.run[0]!] };
  const counts = { tasks_completed: 99 };
  for (const [who, run_id] of [
    [mallory, ada.run[0]],
    [mallory, elder!.run[0]],
    [sibling, elder!.run[0]],
  ] as const) {
    t.match(await office.refusal('run.end', { run_id, counts }, who!), { code: 'REFUSED' }, `${who!.actor}: ${run_id}`);
    const intent = office.intent('run.end', { run_id }, who);
    const record = { ...(await office.view.get(runRecord, run_id!))!, ended_at: intent.at, counts };
    const files = [...(await office.enrolled(intent)), runRecord.put(run_id!, record)];
    t.equal((await office.forge(files, intent))?.law, 'run.change');
  }
  await office.does('run.end', { run_id: ada.run[0] }, elder);
});

t.test('a run that wrote nothing ends without an entry; one that is not there is named', async t => {
  const office = new TestOffice();
  t.same((await office.outcome('run.end', {}, ada)).kind, 'same');
  t.match(await office.refusal('run.end', { run_id: bob.run[0] }, ada), { code: 'NOT_FOUND' });
});

t.test('a child that ends does not move what its actor has been told', async t => {
  const office = new TestOffice();
  const child: Person = { ...ada, run: [person('ada', 'agent', 'child').run[0]!, ada.run[0]!] };
  await office.creates({}, child);
  await office.does('run.end', {}, child, { seen: ENTRY });
  t.equal((await office.view.get(actorRecord, 'ada'))!.seen_through, undefined);
});

t.test('a run that writes after it ended is open again, and keeps what it said', async t => {
  const office = new TestOffice();
  await office.creates();
  await office.does('run.end', { counts: { notes: 2 } });
  await office.creates({ title: 'one thing more' });
  const run = (await runOf(office, ada))!;
  t.equal(run.ended_at, undefined);
  t.match(run, { counts: { notes: 2 }, last_at: instant(office.now) });
});

t.test('an abandoned run is closed at its last write by whoever begins next, and not a moment early', async t => {
  const office = new TestOffice();
  await office.creates({}, bob);
  const last = (await runOf(office, bob))!.started_at;
  const closes = [bob.run[0]!];
  const early = { ...office.intent('task.create', { title: 'x' }, ada, { at: epochMs(last) + 13 * HOUR }) };
  t.equal((await enrol(office.view, byOf({ ...early, begin: { kind: 'session', closes } }, nothing))).length, 2);
  await begins(office, ada, { kind: 'session', closes }, epochMs(last) + 13 * HOUR + 1);
  t.match(await runOf(office, bob), { ended_at: last, abandoned: true });
  const again = await begins(office, person('cleo'), { kind: 'session', closes });
  t.same((await runOf(office, bob))!.ended_at, last, `closed once (${again.actor} came too late)`);
  await office.creates({ title: 'back' }, bob);
  const back = (await runOf(office, bob))!;
  t.same([back.ended_at, back.abandoned, back.last_at], [undefined, undefined, instant(office.now)]);
});

t.test('run.change and run.own: what a forged entry may not do to a run', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.creates({ title: 'of bob' }, bob);
  const { files, intent } = await office.rewrite(id, { title: 'x' });
  const law = async (run: string, patch: Partial<Run>, drop: (keyof Run)[] = []) => {
    const record = { ...(await office.view.get(runRecord, run))!, ...patch };
    for (const name of drop) delete record[name];
    return (await office.forge([...files, runRecord.put(run, record)], intent))?.law ?? 'lawful';
  };
  const [mine] = ada.run as [string];
  const [other] = bob.run as [string];
  const last = (await runOf(office, bob))!.started_at;
  t.equal(await law(other, { ended_at: intent.at }), 'run.change', 'ended by a stranger');
  t.equal(await law(other, { ended_at: last, abandoned: true }), 'run.change', 'closed while it lives');
  t.equal(await law(other, { counts: { tasks: 9 } }), 'run.change', 'counts put in its mouth');
  t.equal(await law(mine, { started_at: intent.at }), 'run.change', 'begun at another time');
  t.equal(await law(mine, { actor: 'bob' }), 'run.change');
  t.equal(await law(mine, { last_at: instant(office.now + HOUR) }), 'run.change', 'alive in the future');
  t.equal(await law(mine, { ended_at: last }), 'run.change', 'ended in the past');
  t.equal(await law(mine, { abandoned: true }), 'run.change');
  t.equal(await law(mine, { summary: 'well done' }), 'run.change', 'a summary without an end');
  t.equal(await law(mine, { ended_at: intent.at, summary: 'well done' }), 'lawful');
  t.equal(await law(mine, { kind: 'loop_tick', series: 'night' }), 'lawful');
  t.equal(await law(other, { kind: 'loop_tick' }), 'run.change', 'another’s kind');
  await office.does('run.end', {}, bob);
  t.equal(await law(other, {}, ['ended_at']), 'run.change', 'opened again by a stranger');
  t.equal(
    await law(mine, { repo: { fingerprint: '/home/ada/app' } } as never),
    'record.schema',
    'a path is no fingerprint',
  );
  const url = { fingerprint: 'github/a/b', remote_url: 'https://ada:secret@example.com/a/b' };
  t.equal(await law(mine, { repo: url }), 'record.schema', 'a credential is no part of an address');
  const fresh = await office.rewrite(id, { title: 'y' }, person('zoe'));
  const born = fresh.files.map(file =>
    file.path.startsWith('runs/') ? { ...file, text: file.text!.replace('{', '{"abandoned":true,') } : file,
  );
  t.equal((await office.forge(born, fresh.intent))?.law, 'run.own', 'born abandoned');
});

t.test('an entry carries of its run only what has the form of it', async t => {
  const office = new TestOffice();
  const { formProblem } = await import('../../src/book/entry.ts');
  const intent = office.intent('task.create', { title: 'x' });
  const problem = (begin: object) =>
    formProblem({ id: ENTRY, intent: { ...intent, begin } as Intent, stamp: office.stamp(intent) });
  t.equal(problem({ kind: 'session', series: 'night', closes: [bob.run[0]] }), undefined);
  for (const begin of [
    { kind: 'party' },
    { kind: 'session', series: 'C:\\Users\\ada' },
    { kind: 'session', repo: { fingerprint: '/home/ada/x' } },
    { kind: 'session', repo: { fingerprint: 'github/a/b', remote_url: 'https://tok@github.com/a/b' } },
    { kind: 'session', repo: { fingerprint: 'github/a/b', remote_url: '/srv/git/b' } },
    { kind: 'session', repo: { fingerprint: 'github/a/b', local_path: '/home/ada' } },
    { kind: 'session', repo: { fingerprint: 'github/a/b', branch: 'a b' } },
    { kind: 'session', closes: Array.from({ length: 21 }, () => bob.run[0]) },
  ]) {
    t.equal(problem(begin), 'entry field intent.begin is not as it must be', JSON.stringify(begin));
  }
});

t.test('run.start enters the run with kind and series, and once', async t => {
  const office = new TestOffice();
  t.same(await office.does('run.start', { kind: 'loop_tick', series: 'night' }), { run_id: ada.run[0] });
  t.match(await runOf(office, ada), { kind: 'loop_tick', series: 'night' });
  t.equal((await office.outcome('run.start', { kind: 'loop_tick' }, ada)).kind, 'same');
  t.match(await office.shows('run.start', { run_id: ada.run[0]! }, {}), { run: { id: ada.run[0], kind: 'loop_tick' } });
});

/** The ports of a run's room over a test office. */
const ports = (office: TestOffice, held: { id: string; lease_until: string }[] = []) => ({
  [tables.name]: {
    rows: async () =>
      (await Promise.all([ada, bob, kid].map(async who => ({ who, run: await runOf(office, who) }))))
        .filter(({ run }) => run !== undefined)
        .map(({ who, run }) => ({ ...runTable.row(run!, who.run[0]!), id: who.run[0]! })),
  },
  [historyPort.name]: { entries: async () => ({ rows: [], total: 3 }) },
  [claims.name]: { held: async () => held },
});
const kid: Person = { ...ada, run: [person('ada', 'agent', 'kid').run[0]!, ada.run[0]!] };

t.test('run.query lists newest first, by what is asked, and the tree below one; run.get shows children', async t => {
  const office = new TestOffice();
  await begins(office, ada, { kind: 'loop_tick', series: 'night' });
  await begins(office, kid, { kind: 'subagent' });
  await office.creates({}, bob);
  await office.does('run.end', {}, bob);
  const ids = async (input: object) =>
    ((await office.asks('run.query', input, ada, ports(office))).runs as { id: string }[]).map(({ id }) => id);
  t.same(await ids({}), [bob.run[0], kid.run[0], ada.run[0]]);
  t.same(await ids({ open: true }), [kid.run[0], ada.run[0]]);
  t.same(await ids({ open: false }), bob.run);
  t.same(await ids({ series: 'night' }), ada.run);
  t.same(await ids({ parent: ada.run[0] }), [kid.run[0]]);
  t.same(await ids({ abandoned: true }), []);
  t.match(await office.asks('run.query', { limit: 1, actor: 'ada' }, ada, ports(office)), {
    runs: [{ id: kid.run[0], parent: ada.run[0] }],
    total: 2,
    cursor: kid.run[0],
  });
  t.same(await ids({ limit: 1, cursor: kid.run[0] }), ada.run);
  t.match(await office.asks('run.get', {}, ada, ports(office)), {
    run: { id: ada.run[0], kind: 'loop_tick' },
    children: [{ id: kid.run[0], kind: 'subagent' }],
    entries: 3,
  });
  await t.rejects(office.asks('run.get', {}, person('zoe'), ports(office)), { code: 'NOT_FOUND' });
});
