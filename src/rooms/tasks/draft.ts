import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { actor, date, duration, mark, text, title } from '../../kernel/fields.ts';
import { type By, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { checks, criteria, labels, once, priority, readCheck, taskId } from './fields.ts';
import { marksOf } from './gates.ts';
import { withWorkers } from './move.ts';
import type { Criterion, Task } from './record.ts';

/** What a new task may be given, whichever operation makes it. */
export const draftFields = () => ({
  title: title(),
  description: z.optional(text()),
  project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
  assignee: z.optional(actor()),
  priority: z.optional(priority()),
  labels: z.optional(labels()),
  estimate: z.optional(duration()),
  acceptance_criteria: z.optional(criteria()),
  requires_evidence: z.optional(z.boolean()),
  resolution_required: z.optional(z.boolean()),
  reviewer: z.optional(actor()),
  plan_required: z.optional(z.boolean()),
  validation_required: z.optional(z.boolean()),
  due_on: z.optional(date()),
  start_on: z.optional(date()),
});

export const linkedDraftFields = () => ({
  ...draftFields(),
  /** Checks of the criteria, by number. */
  check: z.optional(checks()),
  parent: z.optional(taskId()),
  depends_on: z.optional(z.array(taskId()).check(z.maxLength(200))),
});

type Fields = ReturnType<typeof linkedDraftFields>;
export type Draft = z.infer<z.ZodMiniObject<Fields>>;

/** Criteria from texts, numbered from `made` + 1. */
export function makeCriteria(texts: readonly Worded[], made = 0): Criterion[] {
  return texts.map(({ text, check }, index) => ({
    id: `c${made + index + 1}`,
    text,
    ...(check === undefined ? {} : { check }),
    met: false,
  }));
}

interface Worded {
  text: string;
  check?: string | undefined;
}

/**
 * Criteria with checks laid on them, as `c1=npm test` writes one: one whose check changes is another, and not met yet.
 * @throws LedgerError NOT_FOUND for a criterion that is not there
 */
export function withChecks(criteria: readonly Criterion[], checks: readonly string[] = []): Criterion[] {
  let now = [...criteria];
  for (const written of checks) {
    const { criterion, check } = readCheck(written);
    if (!now.some(({ id }) => id === criterion)) {
      const names = now.map(({ id }) => id).join(', ') || 'none';
      refuse('NOT_FOUND', `there is no criterion ${criterion} for the check (there are: ${names})`, {
        hint: "give its text too: --acceptance-criteria '<text>', or --add-criteria '<text>' of task update",
      });
    }
    now = now.map(old => {
      if (old.id !== criterion || old.check === check) return old;
      return { id: old.id, text: old.text, ...(check === undefined ? {} : { check }), met: false };
    });
  }
  return now;
}

/** The task that a draft describes, created by the entry's actor at its time, marked by what its project or the ledger asks. */
export async function newTask(view: View, draft: Draft, by: By, more: Partial<Task> = {}): Promise<Task> {
  const { acceptance_criteria, check, assignee, reviewer, project, depends_on, labels, ...rest } = draft;
  const task: Task = {
    ...rest,
    ...(assignee === undefined ? {} : { assignee: assignee.toLowerCase() }),
    ...(reviewer === undefined ? {} : { reviewer: reviewer.toLowerCase() }),
    ...(project === undefined ? {} : { project: project.trim().toLowerCase() }),
    status: 'open',
    priority: draft.priority ?? 2,
    labels: once(labels ?? []),
    criteria: withChecks(makeCriteria(acceptance_criteria ?? []), check),
    depends_on: once(depends_on ?? []),
    links: [],
    also_asked: [],
    created_by: by.actor,
    created_at: by.at,
    updated_at: by.at,
    ...more,
  };
  return JSON.parse(canonicalJson(withWorkers(undefined, { ...task, ...(await marksOf(view, task)) })));
}
