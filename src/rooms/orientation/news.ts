import type { Context } from '../../kernel/operation.ts';
import type { Actor } from '../actors/record.ts';
import { type RecentEntry, recentPort } from '../logbook/ports.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { short } from './short.ts';

/** Lines told of what others did, and tasks looked up for it. */
const LINES = 3;
const LOOKUPS = 20;

/** What others did that somebody who comes back wants to know, most telling first. */
const KINDS: readonly { name: string; line?: string; is(entry: RecentEntry): boolean }[] = [
  { name: 'tasks_done', line: 'done', is: ({ op, status }) => op === 'task.update' && status === 'done' },
  { name: 'decisions', line: 'decided', is: ({ op }) => op === 'decision.log' },
  { name: 'tasks_new', is: ({ op }) => op === 'task.create' || op === 'task.ask' },
  { name: 'answers', is: ({ op }) => op === 'handoff.respond' },
  { name: 'knowledge', is: ({ op }) => op === 'knowledge.write' },
];

/**
 * What others did since this actor's last run ended, counted by kind; undefined before its first run ended. Reading moves
 * nothing: `run_end` does.
 */
export async function newsIn(
  context: Context,
  known: Actor | undefined,
): Promise<{ [key: string]: unknown } | undefined> {
  if (known?.seen_through === undefined) return undefined;
  const { entries, more } = (await context.use(recentPort)).since(known.seen_through);
  const others = entries.filter(({ actor }) => actor !== context.who.actor);
  if (others.length === 0) return undefined;
  const counts: Record<string, number> = {};
  const lines: string[] = [];
  for (const { name, line, is } of KINDS) {
    const found = others.filter(is);
    if (found.length > 0) counts[name] = found.length;
    if (line === undefined) continue;
    for (const entry of found.slice(0, LINES - lines.length)) lines.push(await lineOf(context, line, entry));
  }
  const notes = await notesOnMine(context, others);
  return {
    entries: more ? `${others.length}+` : others.length,
    ...counts,
    ...(notes > 0 ? { notes_on_my_tasks: notes } : {}),
    ...(lines.length > 0 ? { told: lines } : {}),
  };
}

async function lineOf({ view }: Context, line: string, { task_id, title, actor }: RecentEntry): Promise<string> {
  const text = title ?? (task_id === undefined ? '' : ((await find(view, taskRecord, task_id))?.title ?? ''));
  return `${line} by ${actor}: ${short(text)}`;
}

async function notesOnMine({ view, who }: Context, entries: readonly RecentEntry[]): Promise<number> {
  const noted = entries.filter(({ op, task_id }) => op === 'task.note' && task_id !== undefined);
  const ids = [...new Set(noted.map(({ task_id }) => task_id!))].slice(0, LOOKUPS);
  const mine = new Set<string>();
  for (const id of ids) if ((await find(view, taskRecord, id))?.assignee === who.actor) mine.add(id);
  return noted.filter(({ task_id }) => mine.has(task_id!)).length;
}
