import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { refuse } from '../../kernel/operation.ts';
import { isDate, parseInstant } from '../../kernel/time.ts';
import type { Zones } from './ports.ts';

const DAY_MS = 86_400_000;

/** A session, by its id or its first characters. */
export const sessionId = () =>
  mark(
    z
      .string()
      .check(z.regex(/^[0-9a-z][0-9a-z._-]{3,63}$/, { error: 'is no session (its first 4 characters or more)' })),
    {
      machine: true,
      word: true,
    },
  );

/** A day in the zone of the question, or a time. */
export const moment = () =>
  mark(
    z.string().check(
      z.maxLength(64),
      z.refine(value => isDate(value) || parseInstant(value) !== undefined, {
        error: 'is neither a day (2026-01-31) nor a time (2026-01-31T09:00:00Z)',
      }),
    ),
    { machine: true, form: 'a day or a time: 2026-01-31' },
  );

/** Name of a time zone. */
export const zone = () =>
  mark(z.string().check(z.regex(/^[A-Za-z0-9_+/-]{1,64}$/, { error: 'is no time zone (Europe/Zurich)' })), {
    machine: true,
    form: 'a time zone: Europe/Zurich',
  });

/** The zone that days are counted in. @throws LedgerError BAD_INPUT */
export function zoneOf(zones: Zones, given: string | undefined): string {
  const named = given ?? zones.local;
  if (!zones.knows(named))
    refuse('BAD_INPUT', `tz: ${named} is no time zone that this machine knows`, {
      hint: 'ledgenter timesheet --tz UTC',
    });
  return named;
}

/** The day after. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** Bounds in ms; a day as `until` is in it to its end. */
export function boundsOf(
  { since, until }: { since?: string | undefined; until?: string | undefined },
  zones: Zones,
  tz: string,
): [from: number, until: number] {
  const from = since === undefined ? Number.NEGATIVE_INFINITY : startOf(since, zones, tz);
  const to =
    until === undefined ? Number.POSITIVE_INFINITY : startOf(isDate(until) ? nextDay(until) : until, zones, tz);
  return [from, to];
}

function startOf(moment: string, zones: Zones, tz: string): number {
  return isDate(moment) ? zones.startOf(moment, tz) : Date.parse(parseInstant(moment)!);
}

/** Milliseconds → `h:mm:ss`, to the second. */
export function clockText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return ms < 0 && seconds > 0 ? `-${text}` : text;
}
