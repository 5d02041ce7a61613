import * as z from 'zod/mini';
import { idOf } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import { historyPort } from '../logbook/ports.ts';
import { find } from '../lookup.ts';
import { code, day, inline, literal, quoted } from '../markdown.ts';
import { outFields, outFile } from '../out.ts';
import { type Run, runRecord } from '../runs/record.ts';
import { taskRecord } from '../tasks/record.ts';
import { eventsOf, lastOf, type Told } from './table.ts';

/** Entries of the run that are looked through for its tasks, tasks that are named, and events that are listed. */
const ENTRIES = 200;
const TASKS = 20;
const EVENTS = 200;

/** What one run did, for people: its tasks, its events, how it ended. */
export interface RunSummary {
  run_id: string;
  actor: string;
  started_at: string;
  /** Its last sign of life, where it did not end. */
  last_at: string;
  ended_at?: string;
  duration: string;
  entries: number;
  tasks: { id: string; status?: string; title?: string }[];
  counts: { [event: string]: number };
  events: Omit<Told, 'data'>[];
  told?: Record<string, number>;
  summary?: string;
}

/** @returns undefined for a run that neither wrote nor said anything */
export async function summaryOf(context: Context, id: string, waiting = true): Promise<RunSummary | undefined> {
  const run = await find(context.view, runRecord, id);
  const events = await eventsOf(context, { run: id }, waiting);
  const [first] = events;
  if (!run && !first) return undefined;
  const started_at = [run?.started_at, first?.ts].filter(at => at !== undefined).sort()[0]!;
  const last_at = [run?.last_at, run?.started_at, ...events.map(lastOf)]
    .filter(at => at !== undefined)
    .sort()
    .at(-1)!;
  const counts: Record<string, number> = {};
  for (const { event, data } of events) {
    const more = event === 'heartbeat' && typeof data?.count === 'number' ? data.count : 1;
    counts[event] = (counts[event] ?? 0) + more;
  }
  return {
    run_id: id,
    actor: run?.actor ?? first!.agent,
    started_at,
    last_at,
    ...(run?.ended_at === undefined ? {} : { ended_at: run.ended_at }),
    duration: formatDuration(epochMs(run?.ended_at ?? last_at) - epochMs(started_at)),
    ...(await touched(context, id, run, events)),
    counts,
    events: events.slice(-EVENTS).map(({ data: _more, ...event }) => event),
    ...(run?.counts ? { told: run.counts } : {}),
    ...(run?.summary === undefined ? {} : { summary: run.summary }),
  };
}

async function touched(
  context: Context,
  id: string,
  run: Run | undefined,
  events: readonly Told[],
): Promise<Pick<RunSummary, 'entries' | 'tasks'>> {
  const { rows, total } = run
    ? await (await context.use(historyPort)).entries({ run: id }, { limit: ENTRIES })
    : { rows: [], total: 0 };
  const named = rows.flatMap(({ records }) => records.filter(one => one.startsWith(`${taskRecord.letter}-`)));
  const ids = [...new Set([...named, ...events.flatMap(({ task_id }) => task_id ?? [])])].slice(0, TASKS);
  const tasks = [];
  for (const one of ids) {
    const task = await find(context.view, taskRecord, one);
    tasks.push(task ? { id: one, status: task.status, title: task.title } : { id: one });
  }
  return { entries: total, tasks };
}

/** The summary as a page that a person reads. */
export function summaryPage(run: RunSummary): string {
  const counts = Object.entries(run.counts).map(([event, count]) => `${event} ${count}`);
  const told = Object.entries(run.told ?? {}).map(([name, count]) => `${name} ${count}`);
  const lines = [
    `# Run ${run.run_id}`,
    '',
    `- Agent: ${literal(run.actor)}`,
    `- From ${day(run.started_at)} to ${run.ended_at ? day(run.ended_at) : `${day(run.last_at)}, not ended`} (${run.duration})`,
    `- Entries: ${run.entries}; events: ${counts.join(', ') || 'none'}`,
    ...(told.length > 0 ? [`- Counts: ${told.join(', ')}`] : []),
  ];
  if (run.summary !== undefined) lines.push('', ...quoted(run.summary));
  if (run.tasks.length > 0) lines.push('', '## Tasks', '');
  for (const { id, status, title } of run.tasks)
    lines.push(`- ${code(id)}${status ? ` ${status}` : ''}${title ? `: ${literal(title)}` : ''}`);
  if (run.events.length > 0) lines.push('', '## Events', '');
  for (const { ts, event, task_id, summary } of run.events)
    lines.push(`- ${ts.slice(11, 19)} ${event}${task_id ? ` ${code(task_id)}` : ''}: ${inline(summary)}`);
  return `${lines.join('\n')}\n`;
}

export const runSummary = defineOperation({
  name: 'run.summary',
  kind: 'read',
  summary: 'What a run did: its tasks, its events, how it ended; markdown gives a page for people',
  input: () => z.strictObject({ run_id: z.optional(idOf('run')), markdown: z.optional(z.boolean()), ...outFields() }),
  positional: 'run_id',
  examples: [{ cli: 'ledgenter run summary --markdown', says: 'what a session leaves behind for people' }],
  async query(context, { run_id, markdown = false, output, replace = false }) {
    const id = run_id ?? context.who.run[0]!;
    const summary = await summaryOf(context, id);
    if (!summary)
      refuse('NOT_FOUND', `run ${id} has neither written nor said anything`, { hint: 'ledgenter run query' });
    if (output !== undefined) {
      const text = markdown ? summaryPage(summary) : `${JSON.stringify(summary, null, 2)}\n`;
      const done = (await context.use(outFile)).write(output, text, replace);
      return { run_id: id, output, ...(done === 'unchanged' ? { unchanged: true } : {}) };
    }
    return { run_id: id, ...(markdown ? { markdown: summaryPage(summary) } : { report: summary }) };
  },
});
