import fc from 'fast-check';
import t from 'tap';
import { epochMs, formatDuration, instant, isDate, parseDuration, parseInstant } from '../../src/kernel/time.ts';

const MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const moment = fc.integer({ min: Date.UTC(1, 0, 1), max: MAX });

t.test('a time in any offset is kept as the same moment in UTC with milliseconds', async () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (ms, offset) => {
      const local = ms + offset * 60_000;
      if (local < Date.UTC(1, 0, 1) || local > MAX) return true;
      const sign = offset < 0 ? '-' : '+';
      const [h, m] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(part =>
        String(part).padStart(2, '0'),
      );
      return parseInstant(new Date(local).toISOString().replace('Z', `${sign}${h}:${m}`)) === instant(ms);
    }),
  );
});

t.test('the stored form reads back as itself and sorts as text', async () => {
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [x, y] = [instant(a), instant(b)];
      return parseInstant(x) === x && epochMs(x) === a && x < y === a < b;
    }),
  );
});

t.test('forms of RFC 3339', async t => {
  t.equal(parseInstant('2026-01-31T09:00:00Z'), '2026-01-31T09:00:00.000Z');
  t.equal(parseInstant(' 2026-01-31 09:00:00z '), '2026-01-31T09:00:00.000Z');
  t.equal(parseInstant('2026-01-31t09:00:00.5+01:30'), '2026-01-31T07:30:00.500Z');
  t.equal(
    parseInstant('2025-11-02T21:58:07.295999999-08:00'),
    '2025-11-03T05:58:07.295Z',
    'cut to milliseconds, not rounded',
  );
  t.equal(parseInstant('2026-01-01T00:30:00+01:00'), '2025-12-31T23:30:00.000Z');
  t.equal(parseInstant('2024-02-29T00:00:00Z'), '2024-02-29T00:00:00.000Z');
  for (const text of [
    ...[
      '',
      'now',
      '2026-01-31',
      '2026-01-31T09:00Z',
      '2026-01-31T09:00:00',
      '26-01-31T09:00:00Z',
      '2026-1-31T09:00:00Z',
    ],
    ...[
      '2026-02-30T00:00:00Z',
      '2025-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-10T00:00:00Z',
      '2026-01-00T00:00:00Z',
    ],
    ...[
      '2026-01-31T25:00:00Z',
      '2026-01-31T09:60:00Z',
      '2026-01-31T09:00:61Z',
      '2026-01-31T09:00:00+99:99',
      '1e9',
      '١٩٧٠-01-01T00:00:00Z',
    ],
  ]) {
    t.equal(parseInstant(text), undefined, text);
  }
});

t.test('a date is a day that exists', async t => {
  for (const text of ['2024-02-29', '2000-02-29', '2026-12-31', '0001-01-01']) t.ok(isDate(text), text);
  for (const text of [
    '2025-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-1-1',
    '2026-01-31T00:00:00Z',
    ' 2026-01-31',
    '',
    '2026-00-01',
  ]) {
    t.notOk(isDate(text), text);
  }
  fc.assert(fc.property(moment, ms => isDate(instant(ms).slice(0, 10))));
});

t.test('durations', async t => {
  t.equal(parseDuration('500ms'), 500);
  t.equal(parseDuration('90s'), 90_000);
  t.equal(parseDuration(' 15m '), 900_000);
  t.equal(parseDuration('1h'), 3_600_000);
  t.equal(parseDuration('2d'), 172_800_000);
  for (const text of ['', '1', 'h', '1.5h', '-1h', '1 h', '1w', '1h30m', '1e3s', '9999999999s', 'Infinity']) {
    t.equal(parseDuration(text), undefined, text);
  }
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ];
  for (const [unit, ms] of units) {
    for (const n of [1, 7]) t.equal(parseDuration(formatDuration(n * ms)), n * ms, `${n}${unit}`);
  }
  t.equal(formatDuration(3_900_000), '1h 5m');
  t.equal(formatDuration(42_000), '42s');
  t.equal(formatDuration(0), '0s');
  t.equal(formatDuration(-5), '0s');
  t.equal(formatDuration(86_400_000 + 1000), '1d', 'a unit that is nought ends it');
  fc.assert(fc.property(fc.nat(10 ** 12), ms => formatDuration(ms).split(' ').length <= 2));
});
