import * as z from 'zod/mini';
import { actor, key, limit } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { instant } from '../../kernel/time.ts';
import { cut, newestPage, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { boundsOf, clockText, moment, zone, zoneOf } from './fields.ts';
import { zonesPort } from './ports.ts';
import { length, union, within } from './spans.ts';
import { type Told, toldSessions } from './told.ts';

/** Characters of a reason in the list. */
const WORDS = 200;

export const query = defineOperation({
  name: 'session.query',
  kind: 'read',
  summary:
    'Work sessions, newest first: who worked on what from when to when, pauses and corrections; open: only those that go on',
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      actor: z.optional(actor()),
      project: z.optional(key()),
      since: z.optional(moment()),
      until: z.optional(moment()),
      tz: z.optional(zone()),
      open: z.optional(z.boolean()),
      limit: limit(),
      ...pageFields(),
    }),
  positional: 'task_id',
  examples: [
    { cli: 'ledgenter session query --open', says: 'who works on what right now' },
    { cli: 'ledgenter session query <task_id>', says: 'all work on one task' },
  ],
  table: {
    rows: 'sessions',
    columns: [
      'id',
      'started_at',
      'ended_at',
      'ended',
      'open',
      'paused',
      'actor',
      'kind',
      'time',
      'corrected',
      'task_id',
      'title',
    ],
    none: 'no work session',
  },
  async query(context, { limit: size, cursor, fields, since, until, tz, ...filter }) {
    const zones = await context.use(zonesPort);
    const [from, to] = boundsOf({ since, until }, zones, zoneOf(zones, tz));
    const { told, stray } = await toldSessions(context, { ...filter, from, until: to });
    const rows = told.map(one => ({ id: one.session.id, started_at: one.session.started_at, one }));
    const { items, ...counts } = newestPage(rows, 'started_at', {
      ...(size === undefined ? {} : { limit: size }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const whole = filter.task_id !== undefined || items.length === 1;
    return {
      sessions: items.map(({ one }) => pick(shown(one, told, whole), fields, 'id')),
      ...counts,
      ...(stray.length > 0 ? { stray_corrections: stray } : {}),
    };
  },
});

/** `whole`: with its rests and corrections one by one. */
function shown({ session, measured, kind, title, project, billable }: Told, all: readonly Told[], whole: boolean) {
  const {
    id,
    task_id,
    actor: name,
    run_id,
    started_at,
    lease_until,
    rests,
    corrections,
    landed_at,
    provisional,
  } = session;
  const worked = length(measured.worked);
  const total = length(measured.counted) + measured.added;
  const overlap = overlapOf(measured, session, all);
  const shortened = <T extends { reason?: string }>(one: T): T =>
    one.reason === undefined ? one : { ...one, reason: cut(one.reason, WORDS) ?? one.reason };
  return {
    id,
    task_id,
    ...(title === undefined ? {} : { title }),
    ...(project === undefined ? {} : { project }),
    actor: name,
    kind,
    run_id,
    started_at,
    ...(measured.open ? { open: true, lease_until } : { ended_at: instant(measured.span[1]), ended: measured.ended }),
    ...(measured.resting ? { paused: true } : {}),
    time: clockText(total),
    measured_ms: worked,
    ...(rests.length > 0 ? { paused_ms: measured.span[1] - measured.span[0] - worked } : {}),
    ...(corrections.length > 0
      ? { corrected: clockText(total - worked), correction_ms: total - worked, corrections: corrections.length }
      : {}),
    total_ms: total,
    ...(overlap > 0 ? { overlap_ms: overlap } : {}),
    ...(billable ? { billable } : {}),
    ...(landed_at === undefined ? {} : { landed_at }),
    ...(provisional ? { provisional } : {}),
    ...(whole && rests.length > 0 ? { pauses: rests.map(shortened) } : {}),
    ...(whole && corrections.length > 0 ? { corrected_by: corrections.map(shortened) } : {}),
  };
}

/** What of a session its actor also had in others that are shown. */
function overlapOf({ span, worked }: Told['measured'], session: Told['session'], all: readonly Told[]): number {
  const others = all
    .filter(({ session: other }) => other !== session && other.actor === session.actor)
    .flatMap(({ measured }) => within(measured.worked, span));
  return length(worked) + length(union(others)) - length(union([...worked, ...others]));
}
