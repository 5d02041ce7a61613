import * as z from 'zod/mini';
import { actor, choice, duration, key } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { instant, parseDuration } from '../../kernel/time.ts';
import { outFields, outFile } from '../out.ts';
import { taskId } from '../tasks/fields.ts';
import { GROUPS } from './cells.ts';
import { boundsOf, clockText, moment, zone, zoneOf } from './fields.ts';
import { zonesPort } from './ports.ts';

const SHEET_FORMATS = ['table', 'csv', 'json', 'markdown'] as const;
/** Rows of a table; the other formats have all. */
const MOST_ROWS = 200;

export const timesheet = defineOperation({
  name: 'timesheet',
  kind: 'read',
  toolset: 'session',
  summary: 'Work sessions added up by actor, project, task, label, day, week; agents beside people, exact or rounded',
  input: () =>
    z.strictObject({
      by: z.optional(z.array(choice(GROUPS)).check(z.minLength(1), z.maxLength(GROUPS.length))),
      since: z.optional(moment()),
      until: z.optional(moment()),
      actor: z.optional(actor()),
      project: z.optional(key()),
      task_id: z.optional(taskId()),
      billable: z.optional(z.boolean()),
      round: z.optional(duration()),
      tz: z.optional(zone()),
      format: z.optional(choice(SHEET_FORMATS)),
      ...outFields(),
    }),
  examples: [
    { cli: 'ledgenter timesheet', says: 'who worked how long' },
    {
      cli: 'ledgenter timesheet --by project,week --billable --round 15m',
      says: 'what is billed, to quarters of an hour',
    },
    {
      cli: 'ledgenter timesheet --by day,actor --since 2026-03-02 --until 2026-03-08 --tz Europe/Zurich --format csv',
      says: 'a week for a spreadsheet',
    },
  ],
  async query(context, { by: given, since, until, round, tz, format = 'table', output, replace = false, ...filter }) {
    const by = [...new Set(given ?? ['actor' as const])];
    const zones = await context.use(zonesPort);
    const named = zoneOf(zones, tz);
    const window = boundsOf({ since, until }, zones, named);
    const [{ toldSessions }, { sheetOf }, written] = await Promise.all([
      import('./told.ts'),
      import('./sheet.ts'),
      import('./written.ts'),
    ]);
    const { told, stray } = await toldSessions(context, { ...filter, from: window[0], until: window[1] });
    const step = round === undefined ? undefined : parseDuration(round);
    const sheet = sheetOf(told, { by, window, round: step, zones, tz: named });
    const head = {
      by,
      tz: named,
      ...(Number.isFinite(window[0]) ? { since: instant(window[0]) } : {}),
      ...(Number.isFinite(window[1]) ? { until: instant(window[1]) } : {}),
      as_of: instant(context.now),
      ...(round === undefined ? {} : { round }),
    };
    const strays = stray.length > 0 ? { stray_corrections: stray.length } : {};
    const remarks = written.remarksOf(sheet, by);
    if (format === 'table' && output === undefined) {
      const { rows, total, by_kind } = sheet;
      return {
        ...head,
        rows: rows.slice(0, MOST_ROWS).map(row => ({ ...row, time: clockText(row.rounded_ms ?? row.total_ms) })),
        ...(rows.length > MOST_ROWS ? { more_rows: rows.length - MOST_ROWS, truncated: true } : {}),
        sums: { ...total, time: clockText(total.rounded_ms ?? total.total_ms) },
        by_kind,
        ...strays,
        ...(remarks.length > 0 ? { remarks } : {}),
        hints: { next: 'ledgenter session query' },
      };
    }
    const report = { ...head, ...sheet, ...strays };
    const text =
      format === 'csv'
        ? written.sheetCsv(sheet, by, step !== undefined)
        : format === 'json'
          ? `${JSON.stringify(report, null, 2)}\n`
          : written.sheetMarkdown(sheet, by, written.headText(head));
    if (output === undefined)
      return { ...(format === 'json' ? { report } : format === 'csv' ? { csv: text } : { markdown: text }) };
    const done = (await context.use(outFile)).write(output, text, replace);
    return { output, ...(done === 'unchanged' ? { unchanged: true } : {}) };
  },
});
