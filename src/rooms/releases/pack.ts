import type { Context } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { decisionRecord, MARK, supersededRecord } from '../decisions/record.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { day, inline, literal } from '../markdown.ts';
import type { Task } from '../tasks/record.ts';
import type { Order } from './order.ts';
import { PARTS } from './parts/index.ts';
import { MAX_TEXT } from './parts/part.ts';

/** Characters of a pack, as JSON or Markdown: about 30,000 tokens. What does not fit is counted. */
const BUDGET = 120_000;
/** Part of it that tasks may fill, so that decisions are always told. */
const FOR_TASKS = 100_000;

/** A finished task as a changelog tells it. */
export interface PackedTask {
  id: string;
  title: string;
  project?: string;
  parent?: string;
  labels?: string[];
  by?: string;
  finished_at?: string;
  recorded?: true;
  imported?: true;
  [part: string]: unknown;
}

export interface PackedDecision {
  id: string;
  title: string;
  choice: string;
  rationale: string;
  by: string;
  /** The ruling that it took the place of, with its title. */
  supersedes?: { id: string; title?: string };
  /** It is history itself, since this one. */
  superseded_by?: string;
}

/** Where a changelog begins and ends. */
export interface Span {
  version: string;
  /** Undefined for a version that is not tagged yet. */
  tagged?: { by: string; at: string; note?: string; at_commit?: string } | undefined;
  since?: string | undefined;
  until_task?: string | undefined;
}

export interface Pack extends Span {
  tasks: PackedTask[];
  decisions: PackedDecision[];
  counts: { tasks: number; recorded: number; imported: number; decisions: number };
  left_out?: { tasks: number; decisions: number };
}

/** What was finished and decided behind `from` and up to `to`, as it was in the ledger of `then`. */
export async function packOf(state: Context, order: Order, span: Span, from: number, to: number): Promise<Pack> {
  const { view } = state;
  const finished = await order.between(state, from, to);
  const tasks: PackedTask[] = [];
  let size = 0;
  for (const { id, task } of finished) {
    const told = await packed(view, id, task);
    size += JSON.stringify(told).length;
    if (size > FOR_TASKS) break;
    tasks.push(told);
  }
  size = Math.min(size, FOR_TASKS);
  const ids = order.made(decisionRecord.letter, from, to);
  const made: PackedDecision[] = [];
  let count = 0;
  for (const id of ids) {
    const told = await ruled(view, id);
    if (!told) continue;
    count++;
    size += JSON.stringify(told).length;
    if (size <= BUDGET) made.push(told);
  }
  const left = { tasks: finished.length - tasks.length, decisions: count - made.length };
  return {
    ...span,
    counts: {
      tasks: finished.length,
      recorded: finished.filter(({ task }) => task.recorded).length,
      imported: finished.filter(({ task }) => task.imported).length,
      decisions: count,
    },
    tasks,
    decisions: made,
    ...(left.tasks + left.decisions > 0 ? { left_out: left } : {}),
  };
}

async function packed(view: View, id: string, task: Task): Promise<PackedTask> {
  const { title, project, parent, labels, assignee, finished_at, recorded, imported } = task;
  const told: PackedTask = {
    id,
    title,
    ...(project === undefined ? {} : { project }),
    ...(parent === undefined ? {} : { parent }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(assignee === undefined ? {} : { by: assignee }),
    ...(finished_at === undefined ? {} : { finished_at }),
    ...(recorded ? { recorded } : {}),
    ...(imported ? { imported } : {}),
  };
  for (const { key, read } of PARTS) {
    const data = await read(view, id, task);
    if (data !== undefined) told[key] = data;
  }
  return told;
}

async function ruled(view: View, id: string): Promise<PackedDecision | undefined> {
  const decision = await find(view, decisionRecord, id);
  if (!decision) return undefined;
  const { title, choice, rationale, by, supersedes } = decision;
  const old = supersedes === undefined ? undefined : await find(view, decisionRecord, supersedes);
  const mark = await find(view, supersededRecord, MARK, id);
  return {
    id,
    title,
    choice: cut(choice, MAX_TEXT) ?? choice,
    rationale: cut(rationale, MAX_TEXT) ?? rationale,
    by,
    ...(supersedes === undefined ? {} : { supersedes: { id: supersedes, ...(old ? { title: old.title } : {}) } }),
    ...(mark ? { superseded_by: mark.by } : {}),
  };
}

/** The pack as Markdown: compact, and the same for the same ledger. */
export function packMarkdown(pack: Pack): string {
  const { version, tagged, since, until_task, tasks, decisions, counts, left_out } = pack;
  const span = [
    since === undefined ? 'from the beginning' : `since ${since}`,
    until_task === undefined ? undefined : `until ${until_task}`,
    tagged ? `tagged by ${tagged.by} on ${day(tagged.at)}` : 'not tagged yet',
    tagged?.at_commit === undefined ? undefined : `at commit ${tagged.at_commit.slice(0, 12)}`,
  ].filter(Boolean);
  const lines = [
    `# Changelog source: ${literal(version)}`,
    '',
    `${span.join(', ')}. ${plural(counts.tasks, 'task')} finished${
      counts.recorded > 0 ? ` (${counts.recorded} recorded afterwards)` : ''
    }, ${plural(counts.decisions, 'decision')} made.`,
    ...(tagged?.note === undefined ? [] : ['', inline(tagged.note)]),
    '',
    '## Finished',
    '',
    ...(tasks.length === 0 ? ['nothing'] : tasks.flatMap(taskLines)),
    ...(left_out?.tasks ? ['', `${plural(left_out.tasks, 'more task')} left out: take a smaller span.`] : []),
  ];
  if (counts.decisions > 0) {
    lines.push('', '## Decided', '', ...decisions.flatMap(decisionLines));
    if (left_out?.decisions) lines.push('', `${plural(left_out.decisions, 'more decision')} left out.`);
  }
  return `${lines.join('\n')}\n`;
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function taskLines(task: PackedTask): string[] {
  const { id, title, project, labels, by, recorded, imported } = task;
  const about = [
    project,
    labels?.map(literal).join(', '),
    by && `by ${literal(by)}`,
    recorded && 'recorded afterwards',
    imported && 'imported',
  ].filter(Boolean);
  const parts = PARTS.flatMap(({ key, lines }) => (task[key] === undefined ? [] : lines(task[key])));
  return [
    `- **${literal(title)}** (${id}${about.length > 0 ? `; ${about.join('; ')}` : ''})`,
    ...parts.map(line => `  - ${line}`),
  ];
}

function decisionLines({ id, title, choice, rationale, by, supersedes, superseded_by }: PackedDecision): string[] {
  const old = supersedes && `in place of ${supersedes.id}${supersedes.title ? ` (${literal(supersedes.title)})` : ''}`;
  const about = [`by ${by}`, old, superseded_by && `history since ${superseded_by}`].filter(Boolean);
  return [`- **${literal(title)}** (${id}; ${about.join('; ')}): ${inline(choice)}`, `  - why: ${inline(rationale)}`];
}
