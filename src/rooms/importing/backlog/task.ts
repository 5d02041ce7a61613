import { criteriaOf } from '../common/criteria.ts';
import { Draft } from '../common/draft.ts';
import type { Untied } from '../common/entries.ts';
import { type Fields, textOf, textsOf, timeOf } from '../common/fields.ts';
import { nameOf } from '../common/files.ts';
import { placeOf } from '../common/links.ts';
import { NOBODY, personOf } from '../common/people.ts';
import { type DirectoryReport, Tally } from '../common/report.ts';
import type { TaskFile } from './read.ts';
import { commentsOf, sectionsOf } from './sections.ts';
import { PRIORITIES, standingOf } from './status.ts';

const EPOCH = '1970-01-01T00:00:00.000Z';

/** Fields that have a place of their own; `subtasks` is said by the tasks below. All others are kept in one note. */
const KNOWN = new Set(
  `id title status assignee reporter created_date updated_date due_date labels milestone dependencies parent_task_id parent
  priority type project subtasks`.split(/\s+/),
);

/** What the tasks of a project share. */
interface Shared {
  statuses: readonly string[];
  /** Titles of milestones, by their ids. */
  milestones: ReadonlyMap<string, string>;
  tally: Tally<DirectoryReport>;
}

/** One file as a task without its ties. */
export function taskOf(node: TaskFile, { statuses, milestones, tally }: Shared): Untied {
  const { fields, place } = node;
  const { mapped } = tally.report;
  const where = placeOf(node);
  const sections = sectionsOf(node.body);
  const times = timesOf(node, tally);
  const author = personOf(bare(textOf(fields, 'reporter'))) ?? NOBODY;
  if (author === NOBODY) tally.tell('person', where);
  const draft = new Draft(node, author, times, tally);

  const status = textOf(fields, 'status') ?? '';
  const standing = standingOf(place, status, statuses);
  if (standing.started) tally.tell('started', { ...placeOf(node, 'status'), detail: status });
  if (standing.dropped) tally.tell('archived', where);
  Tally.count(mapped.statuses, place === 'tasks' ? status : `${status} (${place})`);
  const type = textOf(fields, 'type');
  Tally.count(mapped.types, type ?? 'task');

  const [assignee, ...others] = textsOf(fields, 'assignee').map(name => personOf(bare(name))!);
  if (others.length > 0) {
    tally.tell('people', { ...placeOf(node, 'assignee'), detail: others.join(', ') });
    draft.keep('note', 'assignees', `Assigned in Backlog.md to: ${[assignee, ...others].join(', ')}`);
  }
  const priority = textOf(fields, 'priority')?.trim().toLowerCase();
  const known = priority === undefined || Object.hasOwn(PRIORITIES, priority);
  if (!known) tally.tell('priority', { ...placeOf(node, 'priority'), detail: priority });
  const milestone = textOf(fields, 'milestone');
  const project = textOf(fields, 'project');
  const labels = [
    ...textsOf(fields, 'labels'),
    ...(standing.label === undefined ? [] : [standing.label]),
    ...(type === undefined ? [] : [`type:${type}`]),
    ...(project === undefined ? [] : [`project:${project}`]),
    ...(milestone === undefined ? [] : [`milestone:${milestones.get(milestone.toLowerCase()) ?? milestone}`]),
    ...(known ? [] : [`priority:${priority}`]),
  ];
  const criteria = [
    ...boxes(draft, sections.criteria, 'acceptance criteria'),
    ...boxes(draft, sections.done, 'definition of done').map(one => ({
      ...one,
      text: `Definition of Done: ${one.text}`,
    })),
  ];
  const due = timeOf(fields.due_date)?.slice(0, 10);
  for (const name of Object.keys(fields)) if (KNOWN.has(name)) Tally.count(mapped.fields, name);

  if (sections.plan !== '') draft.keep('note', 'plans', `## Implementation Plan\n\n${sections.plan}`);
  draft.keep('progress', 'implementation notes', sections.notes);
  draft.keep('resolution', 'final summaries', sections.summary);
  for (const { author: by, created, text } of commentsOf(sections.comments)) {
    draft.keep('comment', 'comments', text, personOf(bare(by)) ?? author, timeOf(created) ?? times.created_at);
  }
  draft.keepOthers(withDue(fields, due), KNOWN, 'Further fields in Backlog.md:');
  const title = textOf(fields, 'title') ?? titleFrom(node.file);
  return draft.finish(
    {
      title,
      status: standing.status,
      ...(standing.reason === undefined ? {} : { reason: standing.reason }),
      ...(assignee === undefined ? {} : { assignee }),
      priority: known && priority !== undefined ? PRIORITIES[priority]! : 2,
      labels,
      criteria,
      ...(due === undefined ? {} : { due_on: due }),
    },
    [sections.description, sections.rest],
  );
}

/** A person's name without the sign before it. */
const bare = (name: string | undefined): string | undefined => name?.trim().replace(/^@(?=.)/, '');

/** `task-7 - Old-pier.md` → `Old pier`. */
const titleFrom = (path: string): string =>
  nameOf(path)
    .replace(/\.md$/, '')
    .replace(/^[a-z]+-[\d.]+ - /i, '')
    .replaceAll('-', ' ');

/** A day that cannot be read is kept with the fields that have no place. */
function withDue(fields: Fields, due: string | undefined): Fields {
  const { due_date, ...rest } = fields;
  return due === undefined && due_date !== undefined ? { ...rest, 'due date': due_date } : rest;
}

function boxes(draft: Draft, text: string, what: string): ReturnType<typeof criteriaOf>['criteria'] {
  const plain = text.replace(/^(\s*- \[[ xX]\]) #\d+ /gm, '$1 ');
  const { criteria, rest } = criteriaOf(plain, draft.author, draft.times.updated_at);
  if (rest !== '') draft.keep('note', what, `(${what})\n\n${rest}`);
  return criteria;
}

function timesOf(node: TaskFile, tally: Tally<DirectoryReport>): Draft['times'] {
  const created = timeOf(node.fields.created_date);
  const updated = timeOf(node.fields.updated_date);
  if (created === undefined) tally.tell('time', placeOf(node));
  const created_at = created ?? updated ?? EPOCH;
  return { created_at, updated_at: updated ?? created_at };
}
