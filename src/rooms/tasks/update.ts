import * as z from 'zod/mini';
import { actor, choice, date, duration, mark, text, title } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { makeCriteria, withChecks } from './draft.ts';
import { checks, criteria, criterionId, labels, once, priority, taskId } from './fields.ts';
import { marksOf } from './gates.ts';
import { type Move, moved, noteKind, takesReason, withWorkers } from './move.ts';
import { noteFile } from './note.ts';
import { STATUSES, type Task, taskRecord } from './record.ts';
import { withReview } from './review.ts';
import { criteriaMade } from './rules/criteria.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

const input = () =>
  z.strictObject({
    task_id: taskId(),
    status: z.optional(choice(STATUSES)),
    note: z.optional(text()),
    reason: z.optional(text()),
    title: z.optional(title()),
    description: z.optional(z.nullable(text())),
    project: z.optional(z.nullable(mark(z.string().check(z.maxLength(64)), { machine: true }))),
    parent: z.optional(z.nullable(taskId())),
    assignee: z.optional(z.nullable(actor())),
    priority: z.optional(priority()),
    labels: z.optional(labels()),
    estimate: z.optional(z.nullable(duration())),
    due_on: z.optional(z.nullable(date())),
    start_on: z.optional(z.nullable(date())),
    requires_evidence: z.optional(z.boolean()),
    resolution_required: z.optional(z.boolean()),
    reviewer: z.optional(z.nullable(actor())),
    plan_required: z.optional(z.boolean()),
    validation_required: z.optional(z.boolean()),
    add_criteria: z.optional(criteria()),
    drop_criteria: z.optional(z.array(criterionId()).check(z.maxLength(200))),
    check: z.optional(checks()),
  });
type Input = z.infer<ReturnType<typeof input>>;

const FIELDS = [
  'title',
  'description',
  'project',
  'parent',
  'assignee',
  'reviewer',
  'priority',
  'labels',
  'estimate',
  'due_on',
  'start_on',
] as const;

const GATES = ['requires_evidence', 'resolution_required', 'plan_required', 'validation_required'] as const;

/** The plain fields of an update laid over a task; null takes one away. */
function edited(task: Task, input: Input): Task {
  const after: Record<string, unknown> = { ...task };
  for (const name of FIELDS) {
    const value = input[name];
    if (value === undefined) continue;
    if (value === null) delete after[name];
    else if (name === 'labels') after.labels = once(value as string[]);
    else if (name === 'project' || name === 'assignee' || name === 'reviewer')
      after[name] = String(value).trim().toLowerCase();
    else after[name] = value;
  }
  for (const gate of GATES) {
    if (input[gate] === true) after[gate] = true;
    if (input[gate] === false) delete after[gate];
  }
  return withCriteria(after as Task, input);
}

function withCriteria(task: Task, { add_criteria, drop_criteria, check }: Input): Task {
  if (!add_criteria?.length && !drop_criteria?.length && !check?.length) return task;
  const made = criteriaMade(task);
  const kept = task.criteria.filter(criterion => !drop_criteria?.includes(criterion.id));
  const criteria = withChecks([...kept, ...makeCriteria(add_criteria ?? [], made)], check);
  const { criteria_made: _old, ...rest } = task;
  const total = made + (add_criteria?.length ?? 0);
  return { ...rest, criteria, ...(total === criteria.length ? {} : { criteria_made: total }) };
}

export const update = defineOperation({
  name: 'task.update',
  kind: 'write',
  default: true,
  summary:
    'Change a task: status, fields and a note in one. status open releases it; done asks for its gates; blocked needs a reason or an open dependency; null takes a field away',
  input,
  positional: 'task_id',
  aliases: [
    { name: 'task cancel', args: ['--status', 'cancelled'] },
    { name: 'task reopen', args: ['--status', 'open'] },
  ],
  examples: [
    { cli: "ledgenter task update <task_id> --status done --note 'swept every minute'", says: 'finish what you hold' },
    {
      cli: "ledgenter task update <task_id> --status blocked --reason 'waits for the key'",
      says: 'give it back, blocked',
    },
    { cli: 'ledgenter task update <task_id> --status open', says: 'release it' },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: input => (input.status ? `${VERBS[input.status]} ${input.task_id}` : `updated ${input.task_id}`),
  async decide(view, input, by) {
    const { task_id: id, status, note } = input;
    const before = await needTask(view, id);
    const move: Move = { status: status ?? before.status, reason: input.reason };
    const noteIsReason = note !== undefined && input.reason === undefined && takesReason(before.status, move.status);
    if (noteIsReason) move.reason = note;
    const changed = edited(moved(before, move, by), input);
    const after = changed.project === before.project ? changed : { ...changed, ...(await marksOf(view, changed)) };
    const remembered = withWorkers(before, after);
    const { task, files } = await withReview(view, by, id, before, remembered, note ?? input.reason);
    if (note !== undefined && !noteIsReason)
      files.push(noteFile(id, noteKind(before.status, move.status), note, by).file);
    return settle(view, by, [{ id, before, after: task }], files, { task_id: id });
  },
  async show(context, result, { status }) {
    const shown = await answer(context, result.task_id);
    if (status !== 'cancelled') return shown;
    const id = String(result.task_id);
    // Nobody is kept from calling work off; why is asked for, and can be said later.
    const told = (await find(context.view, taskRecord, id))?.reason !== undefined;
    return told ? shown : { ...shown, hints: { next: `ledgenter task update ${id} --reason '<why>'` } };
  },
});

const VERBS: Record<(typeof STATUSES)[number], string> = {
  open: 'opened',
  in_progress: 'started',
  blocked: 'blocked',
  in_review: 'put in review',
  done: 'finished',
  cancelled: 'cancelled',
};
