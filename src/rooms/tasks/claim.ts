import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { duration, mark, word } from '../../kernel/fields.ts';
import { holdOf } from '../../kernel/holdlaws.ts';
import { type By, type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { parseDuration } from '../../kernel/time.ts';
import type { View } from '../../kernel/view.ts';
import { handoffRecord } from '../handoffs/record.ts';
import { find } from '../lookup.ts';
import { projectContext } from '../projects/context.ts';
import { filteredProjects, repoFilterFields } from '../repos/filter.ts';
import { any } from '../room.ts';
import { taskId } from './fields.ts';
import { worked } from './move.ts';
import { taskIndex } from './ports.ts';
import { type Task, taskRecord } from './record.ts';
import { work } from './show.ts';
import { type Edit, needTask, raised, settle } from './write.ts';

/** Characters of a description that fit where an answer need not lead to another checkout: the way there takes 75 tokens. */
const ROOM = 280;

/** Without `task_id` the exchange chooses one and writes it into the intent: an entry never says "the next one". */
export const claim = defineOperation({
  name: 'task.claim',
  kind: 'write',
  hold: 'take',
  default: true,
  summary: 'Claim a task, or the best ready one: only one claimant wins; answers claimed: false when nothing is ready',
  input: () =>
    z.strictObject({
      task_id: z.optional(taskId()),
      project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
      labels: z.optional(z.array(word()).check(z.maxLength(20))),
      ...repoFilterFields(),
      lease: z.optional(duration()),
    }),
  positional: 'task_id',
  exit: answer => (answer.claimed === true || answer.provisional === true ? EXIT.ok : EXIT.no),
  examples: [
    { cli: 'ledgenter task claim', says: 'the best ready task' },
    { cli: 'ledgenter task claim <task_id> --lease 4h', says: 'this one, for four hours' },
  ],
  target: ({ task_id }) => (task_id === undefined ? undefined : { def: any(taskRecord), id: task_id }),
  lease: ({ lease }) => (lease === undefined ? undefined : parseDuration(lease)),
  aimed: ({ lease }, id) => ({ task_id: id, ...(lease === undefined ? {} : { lease }) }),
  localRepos: true,
  async *candidates(context, { project, labels, ...filters }) {
    const { use, who, now } = context;
    const projects = await filteredProjects(context, filters);
    const index = await use(taskIndex);
    const filter = {
      actor: who.actor,
      ...(project ? { project: project.toLowerCase() } : {}),
      ...(labels ? { labels } : {}),
      ...(projects ? { projects } : {}),
    };
    for await (const row of index.claimable(filter, now)) yield row.id;
  },
  async nothing({ use, now }, { project, labels, repository_ids, mapped_only }) {
    const { ready, unassigned_ready, open, in_progress, blocked } = await (await use(taskIndex)).counts(now);
    const narrowed = repository_ids !== undefined || mapped_only === true;
    const filtered = narrowed || project !== undefined || (labels?.length ?? 0) > 0;
    const outside = filtered && unassigned_ready > 0;
    return {
      reason: !outside
        ? 'nothing is ready for you'
        : narrowed
          ? `nothing is ready within these repositories; ${unassigned_ready} are ready outside. Is the map of this machine up to date (ledgenter repo map)?`
          : 'nothing that matches is ready',
      counts: { ready, unassigned_ready, open, in_progress, blocked },
      ...(filtered ? { pool_outside_filter: unassigned_ready } : {}),
      hints: { next: outside ? 'ledgenter task claim' : 'ledgenter task query --ready --explain' },
    };
  },
  subject: ({ task_id }, { prev, actor }) =>
    `claimed ${task_id ?? 'a task'}${prev && prev.actor !== actor ? `, taken over from ${prev.actor}` : ''}`,
  async decide(view, { task_id }, by) {
    if (task_id === undefined) refuse('BAD_INPUT', 'a claim names its task', { hint: 'ledgenter task claim' });
    const { edit, from } = await taken(view, task_id, by);
    return settle(view, by, [edit], [], { task_id, ...from });
  },
  show: shown,
});

/** What the claimer of a task is told. */
export async function shown(
  context: Context,
  { task_id, from }: { [key: string]: unknown },
): Promise<{ [key: string]: unknown }> {
  const record = await context.view.get(taskRecord, String(task_id));
  const hold = record?.hold;
  const project = await projectContext(context.view, record?.project, context.who.checkout, String(task_id));
  const { task, truncated, hints } = await work(context, String(task_id), project?.hints ? 0 : ROOM);
  const { project: _key, ...rest } = task as { project?: string };
  return {
    claimed: true,
    task: project ? rest : task,
    ...(hold ? { lease_until: hold.lease_until } : {}),
    ...(from ? { took_over_from: from } : {}),
    ...(truncated ? { truncated } : {}),
    ...(project ? { project_context: project.project_context } : {}),
    // In another checkout the way to the right one is the next step, and the only one: a claim is read by every agent.
    hints: { ...(hints as object), ...project?.hints },
  };
}

/**
 * A task in the hands of who claims it, and of whom it was taken over.
 * @throws LedgerError NOT_FOUND, NOT_HOLDER without a claim, REFUSED for who offers it to others
 */
export async function taken(view: View, id: string, by: By): Promise<{ edit: Edit; from: { from?: string } }> {
  const before = await needTask(view, id);
  const hold = holdOf(by.intent);
  if (!hold) refuse('NOT_HOLDER', `${id} is taken through the exchange only`);
  await refuseOffered(view, id, before, by.actor);
  const from = before.hold && before.hold.actor !== by.actor ? { from: before.hold.actor } : {};
  const { reason: _told, ...rest } = before;
  const after: Task =
    before.hold?.root === hold.root
      ? raised(before, by)
      : { ...worked(rest, by.actor), status: 'in_progress', assignee: by.actor, hold };
  return { edit: { id, before, after }, from };
}

/** Who offered a claim takes it back by closing the offer, so that its recipients learn of it. */
async function refuseOffered(view: View, id: string, { hold }: Task, actor: string): Promise<void> {
  if (!hold?.offer || hold.actor !== actor) return;
  if ((await find(view, handoffRecord, hold.offer.id))?.status !== 'open') return;
  refuse('REFUSED', `you offered ${id} to ${hold.offer.to.join(', ')}`, {
    hint: `ledgenter handoff cancel ${hold.offer.id}`,
  });
}
