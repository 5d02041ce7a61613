import type { Context } from '../../kernel/operation.ts';
import { defineTable, tables } from '../rows.ts';
import { spoolPort } from './ports.ts';
import { type Batch, batchRecord, type EventRow } from './record.ts';

/** Which batches are worth reading for what is asked. */
export interface BatchRow {
  first: string;
  last: string;
  agents: string[];
  runs: string[];
  tasks: string[];
  count: number;
}

export const batchTable = defineTable<Batch, BatchRow>({
  def: batchRecord,
  version: 1,
  row({ events }) {
    const all = <T>(values: readonly (T | undefined)[]): T[] =>
      [...new Set(values)].filter(value => value !== undefined) as T[];
    const times = events.map(({ ts }) => ts).sort();
    return {
      first: times[0]!,
      last: events.map(lastOf).sort().at(-1)!,
      agents: all(events.map(({ agent }) => agent)),
      runs: all(events.map(({ run_id }) => run_id)),
      tasks: all(events.map(({ task_id }) => task_id)),
      count: events.length,
    };
  },
});

/** When it was said last: of heartbeats that were collapsed, the last of them. */
export function lastOf({ ts, event, data }: EventRow): string {
  return event === 'heartbeat' && typeof data?.last === 'string' ? data.last : ts;
}

export interface Asked {
  agent?: string | undefined;
  run?: string | undefined;
  task?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

export type Told = EventRow & { id: string; landed: boolean };

/** The events that are asked for, oldest first: those of the book and, unless left out, what waits in this clone. */
export async function eventsOf(context: Context, asked: Asked, waiting = true): Promise<Told[]> {
  const { agent, run, task, since, until } = asked;
  const fits = (event: EventRow): boolean =>
    (agent === undefined || event.agent === agent) &&
    (run === undefined || event.run_id === run) &&
    (task === undefined || event.task_id === task) &&
    (since === undefined || lastOf(event) >= since) &&
    (until === undefined || event.ts < until);
  const found: Told[] = [];
  for (const row of await (await context.use(tables)).rows(batchTable)) {
    if (agent !== undefined && !row.agents.includes(agent)) continue;
    if (run !== undefined && !row.runs.includes(run)) continue;
    if (task !== undefined && !row.tasks.includes(task)) continue;
    if ((since !== undefined && row.last < since) || (until !== undefined && row.first >= until)) continue;
    const batch = await context.view.get(batchRecord, row.id);
    for (const [index, event] of (batch?.events ?? []).entries())
      if (fits(event)) found.push({ ...event, id: `${row.id}.${index}`, landed: true });
  }
  if (waiting) {
    const here = await (await context.use(spoolPort)).waiting();
    for (const [index, event] of here.entries())
      if (fits(event)) found.push({ ...event, id: `waiting.${index}`, landed: false });
  }
  // One clock may give two events one time: what stood first stays first.
  return found
    .map((event, at) => ({ event, at }))
    .sort(inTime)
    .map(({ event }) => event);
}

const inTime = (a: { event: Told; at: number }, b: { event: Told; at: number }): number =>
  a.event.ts < b.event.ts ? -1 : a.event.ts > b.event.ts ? 1 : a.at - b.at;
