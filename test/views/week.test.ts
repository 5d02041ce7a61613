import { join } from 'node:path';
import t from 'tap';
import { instant } from '../../src/kernel/time.ts';
import { sessionsPort, zonesPort } from '../../src/rooms/sessions/ports.ts';
import type { Sheet, SheetRow } from '../../src/rooms/sessions/sheet.ts';
import { makeZones } from '../../src/surfaces/time/zones.ts';
import { Sessions } from '../../src/views/sessions/index.ts';
import { HOUR, type Person, person } from '../rooms/office.ts';
import { initRepo, open } from '../store/repos.ts';
import { BookOffice } from './bookoffice.ts';
import { audit } from './hours.ts';

const [eve, hal] = [person('eve', 'human'), person('hal', 'human')];
const [ada, bob, cy] = [person('ada'), person('bob'), person('cy')];
const MINUTE = 60_000;
const NOW = Date.parse('2026-03-29T10:00:00.000Z');
const ZONE = 'Europe/Zurich';

/** `Mon 09:00` of the week in which Europe puts its clocks forward, in UTC. */
function on(when: string): string {
  const [day = '', time = ''] = when.split(' ');
  const date = 23 + ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(day);
  return `2026-03-${date}T${time}:00.000Z`;
}

/** What the week asks for, by channel. */
const ASKS = {
  save: ['github:acme/web#42', 'Crash on save', 'web'],
  print: ['<print-1@mail.example.com>', 'Print is cut off', 'web'],
  quay: ['https://acme.slack.com/archives/C01ABC/p1700000000123456', 'Quay lights', 'ops'],
  tide: ['cli:tide-tables', 'Tide tables', 'ops'],
  night: ['https://gitlab.com/acme/ops/-/issues/7', 'Move the archive', 'ops'],
  logo: ['acme/web#43', 'New logo', 'web'],
  idle: ['acme/web#44', 'Flaky test', 'web'],
} as const;

/** Two people, three agents, two projects, one week. */
async function week(office: BookOffice) {
  const ids = {} as Record<keyof typeof ASKS, string>;
  const does = (when: string, op: string, input: object, who: Person, turn = {}) =>
    office.at(on(when), op, input, who, turn);
  await does('Mon 06:00', 'project.create', { project: 'web', title: 'Web', policy: { billable: true } }, eve);
  await does('Mon 06:01', 'project.create', { project: 'ops', title: 'Ops' }, eve);
  for (const [name, [origin_ask_ref, title, project]] of Object.entries(ASKS)) {
    const labels = name === 'save' ? ['bug', 'urgent'] : name === 'print' ? ['bug'] : [];
    const asked = await does('Mon 06:02', 'task.ask', { origin_ask_ref, title, project, labels }, bob);
    ids[name as keyof typeof ASKS] = String(asked.task_id);
  }
  // The mail is forwarded and the hook comes twice: no second task, and so no second sheet.
  await does('Mon 06:03', 'task.ask', { origin_ask_ref: 'email:<print-1@MAIL.example.com>', title: 'Fwd: print' }, cy);
  await does('Mon 06:04', 'task.ask', { origin_ask_ref: 'https://github.com/Acme/Web/issues/42', title: 'crash' }, ada);
  const claim = (when: string, task: keyof typeof ASKS, who: Person, lease = HOUR, turn = {}) =>
    does(when, 'task.claim', { task_id: ids[task] }, who, {
      lease,
      root: `${who.actor}-${task}-${when.slice(0, 3).toLowerCase()}`,
      ...turn,
    });
  const of = (task: keyof typeof ASKS) => ({ task_id: ids[task] });

  // Monday: eve on two tasks at once, with lunch; ada dies, and bob takes over once her lease and the grace are over.
  await claim('Mon 08:00', 'save', eve, 72 * HOUR);
  await claim('Mon 09:00', 'quay', ada);
  const renewed = { ...office.claims.get(ids.quay)!, lease_until: on('Mon 10:40') };
  await does('Mon 09:40', 'task.note', { ...of('quay'), text: 'half of them burn' }, ada, { claim: renewed });
  await does('Mon 11:00', 'session.pause', { ...of('save'), reason: 'lunch' }, eve);
  const prev = { root: renewed.root, actor: 'ada', lease_until: on('Mon 10:55') };
  await claim('Mon 11:05', 'quay', bob, 2 * HOUR, { prev });
  await does('Mon 12:00', 'session.resume', of('save'), eve);
  await does('Mon 12:30', 'task.update', { ...of('quay'), status: 'blocked', reason: 'no ladder' }, bob);
  await claim('Mon 13:00', 'print', eve, 72 * HOUR);
  await does('Mon 15:00', 'task.release', of('print'), eve);
  await does('Mon 16:00', 'task.update', { ...of('save'), status: 'done' }, eve);

  // Tuesday: hal hands over to cy; nobody works while the claim is on offer.
  await does('Tue 07:59', 'task.update', { ...of('quay'), status: 'open' }, hal);
  await claim('Tue 08:00', 'quay', hal, 72 * HOUR);
  const work = { to: ['cy'], kind: 'work', title: 'Please finish', ...of('quay') };
  const { handoff_id } = await does('Tue 10:00', 'handoff.create', work, hal);
  const offer = { root: 'hal-quay-tue', actor: 'hal', lease_until: on('Fri 08:00'), offer: String(handoff_id) };
  await does('Tue 10:20', 'handoff.claim', { handoff_id }, cy, { prev: offer, root: 'cy-quay-tue' });
  await does('Tue 11:10', 'task.update', { ...of('quay'), status: 'done' }, cy, { under: ids.quay });

  // Wednesday: ada dies again, and nobody comes. Thursday: bob dies and goes on by himself.
  await claim('Wed 09:00', 'idle', ada);
  await claim('Thu 09:00', 'tide', bob);
  await claim('Thu 10:30', 'tide', bob, HOUR, { chain: ['bob-tide-thu'], root: 'bob-tide-again' });
  await does('Thu 11:00', 'task.release', of('tide'), bob);

  // Over the night in which the clocks go forward.
  await claim('Sat 22:30', 'night', cy, 4 * HOUR);
  await does('Sun 01:30', 'task.update', { ...of('night'), status: 'in_review' }, cy);
  await claim('Sun 08:00', 'logo', hal, 72 * HOUR);
  office.now = NOW;
  return { ids, claim, does };
}

t.test('a week of two people and three agents adds up to the claims in git log, and no hour was typed', async t => {
  const dir = t.testdir();
  const cwd = initRepo(join(dir, 'repository'));
  const { store } = await open(t, cwd);
  const office = await new BookOffice(store).found();
  const { ids, does } = await week(office);
  const folder = join(dir, 'cache');
  const view = new Sessions(store, folder);
  const zones = { ...makeZones(), local: ZONE };
  const asks = async (op: string, input: object, tip = office.tip) =>
    office.asks(op, input, eve, { [sessionsPort.name]: await view.at(tip), [zonesPort.name]: zones });
  await asks('timesheet', {});

  const before = audit(cwd, office.tip, NOW);
  t.same(before.typed, [], 'no record holds a time that somebody spent');
  const context = (sessions: Awaited<ReturnType<typeof view.at>>) => ({
    [sessionsPort.name]: sessions,
    [zonesPort.name]: zones,
  });
  // eve corrects what a dead agent kept, and what hal forgot; by the history she learns which sessions there are.
  const correct = async (minutes: number, session_id: string, reason: string, when: string) => {
    const spoken = office.context.bind(office);
    office.context = (who, ports = {}) => spoken(who, { ...context(book), ...ports });
    const book = await view.at(office.tip);
    await does(when, 'session.correct', { session_id, minutes, reason }, eve);
    office.now = NOW;
    office.context = spoken;
  };
  await correct(-15, 'ada-idle', 'it hung in a loop', 'Sun 09:00');
  await correct(30, 'hal-quay', 'on the phone before', 'Sun 09:01');
  await correct(-9_000, 'bob-tide-t', 'all of it was a crash', 'Sun 09:02');

  const truth = audit(cwd, office.tip, NOW);
  t.same(truth.typed, ['corrections: minutes', 'corrections: minutes', 'corrections: minutes'], 'but for corrections');
  const sum = (pick: (one: (typeof truth.sessions)[number]) => boolean, what: 'minutes' | 'corrected' = 'corrected') =>
    truth.sessions.filter(pick).reduce((total, one) => total + one[what], 0) * MINUTE;
  const once = (actor: string) =>
    new Set(truth.sessions.filter(one => one.actor === actor).flatMap(({ ticks }) => ticks)).size * MINUTE;

  const all = (await asks('timesheet', { by: ['actor'] })) as unknown as Sheet & { sums: Sheet['total'] };
  t.equal(truth.sessions.length, 11);
  t.equal(
    all.sums.total_ms,
    sum(() => true),
  );
  t.equal(
    all.sums.measured_ms,
    sum(() => true, 'minutes'),
  );
  for (const row of all.rows) {
    t.equal(
      row.total_ms,
      sum(one => one.actor === row.actor),
      `${row.actor} in all`,
    );
    t.equal(
      row.measured_ms,
      sum(one => one.actor === row.actor, 'minutes'),
      `${row.actor} as measured`,
    );
    t.equal(row.measured_ms - row.overlap_ms, once(String(row.actor)), `${row.actor} counted once`);
  }
  t.match(
    all.rows.map(({ actor, kind, time, open }) => [actor, kind, time, open]),
    [
      ['ada', 'agent', '2:40:00', 0],
      ['bob', 'agent', '1:55:00', 0],
      ['cy', 'agent', '3:50:00', 0],
      ['eve', 'human', '9:00:00', 0],
      ['hal', 'human', '4:30:00', 1],
    ],
  );
  t.equal(all.rows[3]!.overlap_ms, 2 * HOUR, 'two tasks at once, and it is told');
  t.match(all, {
    by_kind: { agent: sum(one => /ada|bob|cy/.test(one.actor)), human: sum(one => /eve|hal/.test(one.actor)) },
  });

  const projectOf = (task: string) =>
    ASKS[Object.keys(ids).find(name => ids[name as keyof typeof ASKS] === task) as keyof typeof ASKS][2];
  const projects = (await asks('timesheet', { by: ['project'] })).rows as SheetRow[];
  t.match(
    projects.map(({ project, billable }) => [project, billable]),
    [
      ['ops', false],
      ['web', true],
    ],
  );
  for (const row of projects)
    t.equal(
      row.total_ms,
      sum(one => projectOf(one.task) === row.project),
      String(row.project),
    );
  const tasks = (await asks('timesheet', { by: ['task'] })).rows as SheetRow[];
  for (const row of tasks)
    t.equal(
      row.total_ms,
      sum(one => one.task === row.task_id),
      String(row.title),
    );
  t.equal(tasks.length, 7, 'a task a reference, however often it was asked');

  /** The day that an auditor's wall calendar in Zurich shows: an hour ahead, two from the night on. */
  const dayOf = (tick: number) =>
    instant(tick + (tick < Date.parse('2026-03-29T01:00:00Z') ? 1 : 2) * HOUR).slice(0, 10);
  const days = (await asks('timesheet', { by: ['day'], tz: ZONE })).rows as SheetRow[];
  for (const row of days) {
    const ticks = truth.sessions.flatMap(one => one.ticks).filter(tick => dayOf(tick) === row.day).length;
    t.equal(row.measured_ms, ticks * MINUTE, `${row.day} by the calendar of Zurich`);
  }
  t.equal(
    days.reduce((total, row) => total + row.total_ms, 0),
    all.sums.total_ms,
  );
  t.equal(days.find(({ day }) => day === '2026-03-28')?.measured_ms, HOUR / 2, 'the night shift is cut at midnight');
  t.match((await asks('timesheet', { by: ['week'], tz: ZONE })).rows, [
    { week: '2026-W13', total_ms: all.sums.total_ms },
  ]);
  const labels = (await asks('timesheet', { by: ['label'] })) as unknown as typeof all & { remarks: string[] };
  t.match(
    labels.rows.map(({ label, time }) => [label, time]),
    [
      ['', /./],
      ['bug', '9:00:00'],
      ['urgent', '7:00:00'],
    ],
  );
  t.equal(labels.sums.total_ms, all.sums.total_ms);
  t.ok(labels.remarks.some(text => /several labels/.test(text)));

  const rows = (await asks('session.query', { limit: 50 })).sessions as Record<string, unknown>[];
  const ends = Object.fromEntries(rows.map(({ id, ended }) => [id, ended ?? 'open']));
  t.same(ends, {
    'eve-save-mon': 'done',
    'ada-quay-mon': 'taken_over',
    'bob-quay-mon': 'blocked',
    'eve-print-mon': 'released',
    'hal-quay-tue': 'handed_over',
    'cy-quay-tue': 'done',
    'ada-idle-wed': 'expired',
    'bob-tide-thu': 'claimed_again',
    'bob-tide-again': 'released',
    'cy-night-sat': 'in_review',
    'hal-logo-sun': 'open',
  });
  t.match((await asks('session.query', { task_id: ids.quay, actor: 'ada' })).sessions, [
    { ended_at: on('Mon 10:55'), time: '1:55:00' },
  ]);
  t.match((await asks('session.query', { task_id: ids.idle })).sessions, [
    {
      measured_ms: HOUR,
      corrected: '-0:15:00',
      corrected_by: [{ minutes: -15, by: 'eve', reason: 'it hung in a loop' }],
    },
  ]);
  t.match((await asks('session.query', { open: true })).sessions, [
    { actor: 'hal', open: true, lease_until: '2026-04-01T08:00:00.000Z' },
  ]);
  t.match((await asks('timesheet', { billable: true })).sums, { total_ms: sum(one => projectOf(one.task) === 'web') });
  const monday = { since: '2026-03-23', until: '2026-03-23', tz: ZONE };
  t.match((await asks('timesheet', monday)).sums, { sessions: 4, measured_ms: 9 * HOUR + 115 * MINUTE + 85 * MINUTE });

  t.same(
    await new Sessions(store, folder).at(office.tip),
    await new Sessions(store).at(office.tip),
    'kept and built anew are the same',
  );
});
