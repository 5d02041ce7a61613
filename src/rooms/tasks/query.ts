import * as z from 'zod/mini';
import { actor, choice, limit, mark, word } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { filteredProjects, repoFilterFields } from '../repos/filter.ts';
import { taskId } from './fields.ts';
import { type TaskFilter, type TaskIndex, type TaskRow, taskIndex } from './ports.ts';
import { STATUSES } from './record.ts';

const input = () =>
  z.strictObject({
    status: z.optional(z.array(choice(STATUSES)).check(z.maxLength(STATUSES.length))),
    ready: z.optional(z.boolean()),
    explain: z.optional(z.boolean()),
    assignee: z.optional(actor({ unassigned: true })),
    holder: z.optional(actor()),
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    labels: z.optional(z.array(word()).check(z.maxLength(20))),
    ...repoFilterFields(),
    parent: z.optional(taskId()),
    text: z.optional(z.string().check(z.maxLength(200))),
    all: z.optional(z.boolean()),
    limit: limit(),
    ...pageFields(),
  });
type Input = z.infer<ReturnType<typeof input>>;

export const query = defineOperation({
  name: 'task.query',
  kind: 'read',
  default: true,
  summary:
    'List tasks in the order in which they would be claimed; ready: only what can be claimed; explain: why, or why not',
  input,
  aliases: [
    { name: 'ready', args: ['--ready'] },
    { name: 'mine', args: ['--assignee', 'me'] },
  ],
  examples: [
    { cli: 'ledgenter task query --ready', says: 'what can be claimed now' },
    { cli: 'ledgenter task query --ready --explain', says: 'what keeps the others from being ready' },
    { cli: 'ledgenter task query --status in_progress,blocked --assignee me', says: 'what is yours and not done' },
  ],
  table: {
    rows: 'tasks',
    columns: ['id', 'priority', 'status', 'assignee', 'due_on', 'recorded', 'labels', 'title'],
    none: 'no such task',
  },
  async query(context, given) {
    const index = await context.use(taskIndex);
    const page = {
      limit: given.limit ?? PAGE,
      now: context.now,
      ...(given.cursor === undefined ? {} : { cursor: given.cursor }),
    };
    const projects = await filteredProjects(context, given);
    const filter = { ...filterOf(given), ...(projects ? { projects } : {}) };
    const { rows, total, cursor } = await index.query(filter, page);
    const shown = await Promise.all(rows.map(row => (given.explain ? explained(index, row, context) : listed(row))));
    return {
      tasks: shown.map(row => pick(row, given.fields, 'id')),
      total,
      ...(cursor === undefined ? {} : { cursor }),
      ...(rows.length === 0 && given.ready ? { hints: { next: 'ledgenter task query --ready --explain' } } : {}),
    };
  },
});

function filterOf(given: Input): TaskFilter {
  const {
    ready,
    explain,
    status,
    limit: _l,
    cursor: _c,
    fields: _f,
    repository_ids: _r,
    mapped_only: _m,
    ...rest
  } = given;
  const live =
    explain && ready && !status ? { status: ['open' as const, 'in_progress' as const, 'blocked' as const] } : {};
  return {
    ...rest,
    ...(rest.project === undefined ? {} : { project: rest.project.toLowerCase() }),
    ...(rest.assignee === undefined ? {} : { assignee: rest.assignee.toLowerCase() }),
    ...(status ? { status } : live),
    ...(ready && !explain ? { ready } : {}),
  };
}

/** A row without its empty fields: a list is read by agents, who pay for every word. */
function listed({ labels, waits_for, hold, needs_plan, created_at: _made, ...row }: TaskRow): Record<string, unknown> {
  return {
    ...row,
    ...(labels.length === 0 ? {} : { labels }),
    ...(waits_for.length === 0 ? {} : { waits_for }),
    ...(needs_plan ? { needs_plan } : {}),
    ...(hold ? { hold: { actor: hold.actor, lease_until: hold.lease_until } } : {}),
  };
}

async function explained(index: TaskIndex, row: TaskRow, { now }: Context): Promise<Record<string, unknown>> {
  const obstacles = await index.explain(row.id, now);
  return {
    ...listed(row),
    ready: obstacles.length === 0,
    ...(obstacles.length === 0 ? {} : { why_not: obstacles.map(({ text }) => text) }),
  };
}
