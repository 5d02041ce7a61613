import * as z from 'zod/mini';
import { canonicalJson, hasLoneSurrogate, type Json } from '../../kernel/canonical.ts';
import { choice, mark } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { isKey } from '../../kernel/record.ts';
import { parseInstant } from '../../kernel/time.ts';

export const EVENTS = ['task_start', 'task_result', 'error', 'heartbeat'] as const;
export type EventName = (typeof EVENTS)[number];

/** Characters of a summary, which is one line. */
export const MAX_SUMMARY = 500;
/** `data` of one event, in characters of its JSON, and how deep it goes. */
export const MAX_DATA = 8_192;
const MAX_DEPTH = 5;
/** One event as a line, in UTF-16 units: no good one is longer. */
export const MAX_LINE = 16_384;

const TASK = /^t-[0-9a-hjkmnp-tv-z]{4,10}$/;

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** Why a value is no `data`; undefined when it is. */
export function dataProblem(value: Record<string, unknown>): string | undefined {
  if (depthOf(value) > MAX_DEPTH) return `goes deeper than ${MAX_DEPTH} levels`;
  try {
    return canonicalJson(value as Json).length > MAX_DATA ? `is longer than ${MAX_DATA} characters` : undefined;
  } catch {
    return 'holds what JSON cannot carry';
  }
}

export const data = () =>
  z
    .record(
      z.string().check(z.regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is no name: a-z 0-9 _, at most 40' })),
      mark(z.unknown(), { long: true }),
    )
    .check(
      z.superRefine((value, context) => {
        const problem = dataProblem(value);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: value });
      }),
    );

export const summary = () =>
  z.string().check(
    z.refine(text => text.trim() !== '', { error: 'is empty' }),
    z.refine(text => [...text].length <= MAX_SUMMARY, { error: `is longer than ${MAX_SUMMARY} characters` }),
    z.refine(text => !/[\r\n\u2028\u2029\0]/.test(text), { error: 'has a line break' }),
    z.refine(text => !hasLoneSurrogate(text), { error: 'has half a surrogate pair' }),
  );

/** Which program said it: `wrap`, `claude-code`, `scheduler`. */
export const source = () =>
  mark(
    z.string().check(
      z.refine(text => /^[a-z0-9][a-z0-9._/-]{0,63}$/i.test(text), {
        error: 'is no name of a program: a-z 0-9 . _ / -, at most 64',
      }),
    ),
    { verbatim: true },
  );

export const taskOf = (info: { id?: string } = {}) =>
  mark(z.string().check(z.regex(TASK, { error: 'is no id of a task' })), { machine: true, ...info });

const time = () =>
  mark(z.string().check(z.refine(text => parseInstant(text) !== undefined, { error: 'is no RFC 3339 time' })), {
    machine: true,
  });

/** The fields of an event, in the order in which a line has them. */
export const eventFields = () => ({
  ts: time(),
  agent: mark(z.string().check(z.refine(isKey, { error: 'is no key: a-z 0-9 . _ -, at most 64' })), { key: true }),
  event: choice(EVENTS),
  task_id: z.optional(taskOf()),
  source: z.optional(source()),
  summary: summary(),
  data: z.optional(data()),
});

/** One event as another program reads it: a line of JSON with these keys and no other. */
export const eventSchema = lazy(() => z.strictObject(eventFields()));
export type AgentEvent = z.infer<ReturnType<typeof eventSchema>>;

const ORDER = ['ts', 'agent', 'event', 'task_id', 'source', 'summary', 'data'] as const;

/** The line of an event, keys in the order of the schema, so that equal events are equal lines. */
export function lineOf(event: AgentEvent): string {
  const kept = ORDER.filter(name => event[name] !== undefined);
  return JSON.stringify(
    Object.fromEntries(
      kept.map(name => [name, name === 'data' ? JSON.parse(canonicalJson(event.data as Json)) : event[name]]),
    ),
  );
}

/** Why a line is no event; undefined when it is one. */
export function lineProblem(text: string): string | undefined {
  if (text.length > MAX_LINE) return `is longer than ${MAX_LINE} characters`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
  const parsed = eventSchema().safeParse(value);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const at = issue!.path.join('.');
  if (issue!.code === 'unrecognized_keys')
    return `has a key that is none of an event: ${JSON.stringify(String(issue!.keys[0]).slice(0, 40))}`;
  const missing = at !== '' && !(at.split('.')[0]! in value);
  return missing ? `has no ${at}` : `${at || 'it'}: ${issue!.message.slice(0, 200)}`;
}
