import t from 'tap';
import { instant } from '../../src/kernel/time.ts';
import { cellsOf, weekOf } from '../../src/rooms/sessions/cells.ts';
import { clockText } from '../../src/rooms/sessions/fields.ts';
import type { Session } from '../../src/rooms/sessions/ports.ts';
import { rounded, sheetOf } from '../../src/rooms/sessions/sheet.ts';
import { length, measure, trimmed, union, without } from '../../src/rooms/sessions/spans.ts';
import type { Told } from '../../src/rooms/sessions/told.ts';
import { csvCell, sheetCsv, sheetMarkdown } from '../../src/rooms/sessions/written.ts';
import { makeZones } from '../../src/surfaces/time/zones.ts';

const T0 = Date.parse('2026-03-02T09:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ALL = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const zones = makeZones();

function session(actor: string, from: number, until: number, more: Partial<Session> = {}): Session {
  const [started_at, ended_at] = [instant(T0 + from * MINUTE), instant(T0 + until * MINUTE)];
  const base = {
    id: `${actor}-${from}`,
    task_id: `t-${from}`,
    actor,
    run_id: 'r',
    started_at,
    ended_at,
    ended: 'done' as const,
  };
  return { ...base, lease_until: ended_at, rests: [], corrections: [], ...more };
}
const told = (one: Session, more: Partial<Told> = {}, now = T0 + 9_999 * MINUTE): Told => ({
  session: one,
  measured: measure(one, now),
  kind: 'agent',
  labels: [],
  billable: false,
  ...more,
});
const correction = (minutes: number) => ({ id: 'j-1', minutes, reason: 'x', by: 'eve', at: instant(T0) });
const sheet = (all: Told[], more: object = {}) =>
  sheetOf(all, { by: ['actor'], window: ALL, zones, tz: 'UTC', ...more });

t.test('spans', t => {
  t.same(
    union([
      [5, 9],
      [0, 3],
      [2, 4],
      [9, 9],
    ]),
    [
      [0, 4],
      [5, 9],
    ],
  );
  t.same(
    without(
      [[0, 10]],
      [
        [2, 3],
        [3, 4],
        [8, 20],
        [6, 5],
      ],
    ),
    [
      [0, 2],
      [4, 8],
    ],
  );
  t.same(
    trimmed(
      [
        [0, 4],
        [6, 8],
      ],
      3,
    ),
    [[0, 3]],
  );
  t.same(trimmed([[0, 4]], 9), []);
  t.end();
});

t.test('a session is open until its lease is over, then it ended with it', t => {
  const { ended_at: _a, ended: _b, ...open } = session('ada', 0, 60);
  t.match(measure(open, T0 + 30 * MINUTE), { open: true, span: [T0, T0 + 30 * MINUTE] });
  t.match(measure(open, T0 + 61 * MINUTE), { open: false, ended: 'expired', span: [T0, T0 + HOUR] });
  const paused = { ...open, rests: [{ from: instant(T0 + 10 * MINUTE), kind: 'paused' as const }] };
  t.match(measure(paused, T0 + 30 * MINUTE), { resting: true, worked: [[T0, T0 + 10 * MINUTE]] });
  t.match(measure(paused, T0 + 90 * MINUTE), { resting: false, worked: [[T0, T0 + 10 * MINUTE]] });
  t.end();
});

t.test('a correction stands beside what was measured, and never goes below nothing', t => {
  const corrected = (...minutes: number[]) =>
    sheet([told(session('ada', 0, 60, { corrections: minutes.map(correction) }))]).total;
  t.match(corrected(-15), { measured_ms: HOUR, correction_ms: -15 * MINUTE, total_ms: 45 * MINUTE });
  t.match(corrected(30), { measured_ms: HOUR, correction_ms: 30 * MINUTE, total_ms: 90 * MINUTE });
  t.match(corrected(-500), { measured_ms: HOUR, correction_ms: -HOUR, total_ms: 0 });
  t.match(corrected(-500, 500), { correction_ms: 0, total_ms: HOUR }, 'both of them at once');
  const night = session('ada', 14 * 60, 16 * 60, { corrections: [correction(-90)] });
  const cells = cellsOf(told(night), ALL, { zones, tz: 'UTC' });
  t.same(
    cells.map(({ day, worked, counted }) => [day, length(worked) / MINUTE, length(counted) / MINUTE]),
    [
      ['2026-03-02', 60, 30],
      ['2026-03-03', 60, 0],
    ],
    'taken from its end, so that no day is below nothing',
  );
  t.end();
});

t.test('overlaps of one actor are told, and counted once beside the sum', t => {
  const two = [told(session('ada', 0, 60)), told(session('ada', 30, 90)), told(session('bob', 30, 90))];
  t.match(sheet(two).rows, [
    { actor: 'ada', total_ms: 2 * HOUR, overlap_ms: 30 * MINUTE, once_ms: 90 * MINUTE },
    { actor: 'bob', total_ms: HOUR, overlap_ms: 0, once_ms: HOUR },
  ]);
  t.match(sheet(two).total, { total_ms: 3 * HOUR, overlap_ms: 30 * MINUTE, once_ms: 150 * MINUTE });
  t.match(
    sheetMarkdown(sheet(two), ['actor'], 'All.'),
    /0:30:00 was in several sessions at once; counted once it is 2:30:00/,
  );
  t.end();
});

t.test('rounding is of the view: rows to the nearest, the foot their sum, exact values beside', t => {
  const rows = [told(session('ada', 0, 7)), told(session('bob', 0, 8)), told(session('cy', 0, 22))];
  const of = sheet(rows, { round: 15 * MINUTE });
  t.same(
    of.rows.map(row => row.rounded_ms! / MINUTE),
    [0, 15, 15],
  );
  t.match(of.total, { rounded_ms: 30 * MINUTE, total_ms: 37 * MINUTE });
  t.equal(rounded(9 * MINUTE, 6 * MINUTE), 12 * MINUTE, 'half of one up');
  t.match(sheetCsv(of, ['actor'], true).split('\r\n').slice(0, 2), [
    'actor,kind,sessions,open,hours,rounded_hours,measured_ms,correction_ms,total_ms,overlap_ms,once_ms,billable_ms',
    'ada,agent,1,0,0.116667,0,420000,0,420000,0,420000,0',
  ]);
  t.end();
});

t.test('a window cuts what lies outside; weeks are those of ISO 8601', t => {
  const one = [told(session('ada', 0, 60))];
  t.equal(sheet(one, { window: [T0 + 10 * MINUTE, T0 + 30 * MINUTE] }).total.total_ms, 20 * MINUTE);
  const added = [told(session('ada', 0, 60, { corrections: [correction(30)] }))];
  t.equal(
    sheet(added, { window: [T0, T0 + 30 * MINUTE] }).total.total_ms,
    30 * MINUTE,
    'what is added stands at its end',
  );
  t.equal(sheet(added, { window: [T0 + 30 * MINUTE, T0 + 60 * MINUTE] }).total.total_ms, 60 * MINUTE);
  for (const [day, week] of [
    ['2024-12-30', '2025-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2026-01-01', '2026-W01'],
  ])
    t.equal(weekOf(day!), week);
  t.end();
});

t.test('days are those of the zone, also when clocks change', t => {
  const day = (date: string, zone: string) => instant(zones.startOf(date, zone));
  t.equal(day('2026-03-29', 'Europe/Zurich'), '2026-03-28T23:00:00.000Z');
  t.equal(day('2026-03-30', 'Europe/Zurich'), '2026-03-29T22:00:00.000Z', 'a day of 23 hours');
  t.equal(day('2026-10-26', 'Europe/Zurich'), '2026-10-25T23:00:00.000Z');
  t.equal(day('2026-10-25', 'Europe/Zurich'), '2026-10-24T22:00:00.000Z', 'a day of 25 hours');
  t.equal(day('2026-03-02', 'Asia/Kathmandu'), '2026-03-01T18:15:00.000Z');
  t.equal(day('2026-03-02', 'Pacific/Kiritimati'), '2026-03-01T10:00:00.000Z');
  t.equal(day('2018-11-04', 'America/Sao_Paulo'), '2018-11-04T03:00:00.000Z', 'no midnight: the clock jumps over it');
  for (const zone of ['Europe/Zurich', 'America/Sao_Paulo', 'America/St_Johns', 'Pacific/Apia', 'Asia/Beirut', 'UTC']) {
    for (let hour = 0; hour < 24 * 800; hour += 7) {
      const ms = Date.parse('2009-10-01T00:30:00Z') + hour * HOUR;
      const date = zones.dayOf(ms, zone);
      const next = new Date(Date.parse(`${date}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10);
      if (zones.startOf(date, zone) > ms || ms >= zones.startOf(next, zone))
        return t.fail(`${zone} ${instant(ms)} ${date}`);
    }
  }
  t.ok(zones.knows('Europe/Zurich') && !zones.knows('Moon/Base'));
  t.ok(zones.knows(zones.local));
  t.end();
});

t.test('no cell of a CSV sheet is a formula, and all are read back as they were', t => {
  for (const text of ['=1+1', '+41 44', '-2', '@SUM(A1)', '\t=1', ' =1', '\u00a0=cmd', '＝1', '\r=1'])
    t.match(csvCell(text), /^"?'/, JSON.stringify(text));
  t.equal(csvCell('a "b", c'), '"a ""b"", c"');
  t.equal(csvCell('two\nlines'), '"two\nlines"');
  t.equal(csvCell(-5), '-5', 'our own numbers stay numbers');
  t.equal(csvCell(true), 'yes');
  const evil = told(session('ada', 0, 60), { title: '| <img src=x> [a](b) =x' });
  const markdown = sheetMarkdown(sheet([evil], { by: ['task'] }), ['task'], 'All.');
  t.match(markdown, '\\| \\<img src=x> \\[a\\](b) =x', 'nor does a title break a table of Markdown');
  t.same([clockText(-90_000), clockText(0), clockText(100 * HOUR + 999)], ['-0:01:30', '0:00:00', '100:00:01']);
  t.end();
});
