import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { handoffRecord } from '../handoffs/record.ts';
import { ledgerRecord } from '../ledger/record.ts';
import { find } from '../lookup.ts';
import { planGap } from '../plans/gate.ts';
import { projectRecord } from '../projects/record.ts';
import { requirementGap } from '../requirements/gate.ts';
import { validationGap, waivedCriteria } from '../validation/gate.ts';
import { checkCommand } from '../validation/standing.ts';
import { todoGap } from '../work/gate.ts';
import { proveCommand, unproven } from './proofs.ts';
import { attachmentRecord, codeRefRecord, noteRecord, type Status, type Task } from './record.ts';
import { criteriaHash, isWorker } from './review.ts';

/** What is asked of a task before it is done, by itself, its project or the ledger. */
export interface Asked {
  requires_evidence: boolean;
  resolution_required: boolean;
  requires_criteria: boolean;
  plan_required: boolean;
  validation_required: boolean;
}

/** An open gate, and the command that closes it. */
export interface Gap {
  gate: string;
  message: string;
  hint: string;
  /** The criterion or todo that it is about: `c1`, `todo-1`. */
  item?: string;
}

export async function askedOf(view: View, task: Task): Promise<Asked> {
  const project = task.project === undefined ? undefined : await find(view, projectRecord, task.project);
  const ledger = await view.get(ledgerRecord, 'ledger');
  const by = (gate: keyof Asked, own?: boolean): boolean =>
    own === true || project?.policy?.[gate] === true || ledger?.policies?.[gate] === true;
  return {
    requires_evidence: by('requires_evidence', task.requires_evidence),
    resolution_required: by('resolution_required', task.resolution_required),
    requires_criteria: by('requires_criteria'),
    plan_required: by('plan_required', task.plan_required),
    validation_required: by('validation_required', task.validation_required),
  };
}

/** Marks of a new task for what the index of tasks must know without its project: a plan, a validation. */
export async function marksOf(view: View, task: Task): Promise<Pick<Task, 'plan_required' | 'validation_required'>> {
  const { plan_required, validation_required } = await askedOf(view, task);
  return { ...(plan_required ? { plan_required } : {}), ...(validation_required ? { validation_required } : {}) };
}

/** What the project of a task, or the ledger, lets its workers do; never what the ledger says no to: anyone makes a project. */
export const ALLOWANCES = ['agents_accept_plans', 'text_evidence'] as const;
export type Allowance = (typeof ALLOWANCES)[number];

export async function allows(view: View, task: Task, what: Allowance): Promise<boolean> {
  const project = task.project === undefined ? undefined : await find(view, projectRecord, task.project);
  const everywhere = (await view.get(ledgerRecord, 'ledger'))?.policies?.[what];
  return everywhere !== false && (project?.policy?.[what] ?? everywhere === true);
}

/**
 * The first open gate on *done*, undefined when nothing is missing. `from`: the status that the task is in, where `task` is
 * how it would be.
 */
export async function gapOf(view: View, id: string, task: Task, from: Status = task.status): Promise<Gap | undefined> {
  for await (const gap of gapsOf(view, id, task, from)) return gap;
  return undefined;
}

/** Every open gate on *done*, in the order in which they are closed; read only as far as the caller iterates. */
export async function* gapsOf(
  view: View,
  id: string,
  task: Task,
  from: Status = task.status,
): AsyncGenerator<Gap, undefined> {
  const asked = await askedOf(view, task);
  const unplanned = await planGap(view, id, task, asked.plan_required);
  if (unplanned) yield unplanned;
  const required = await requirementGap(view, id, task);
  if (required) yield required;
  const undone = await todoGap(view, id, task);
  if (undone) yield undone;
  // Who validates says what holds: its worker hands it over.
  const handOver = asked.validation_required ? handOverCommand(id, from) : undefined;
  yield* criteriaGaps(view, id, task, asked.validation_required, handOver);
  if (asked.requires_criteria && task.criteria.length === 0) {
    yield {
      gate: 'criteria',
      message: `${id} has no acceptance criterion, and one is asked for`,
      hint: `ledgenter task update ${id} --add-criteria '<what must hold>'`,
    };
  }
  if (asked.requires_evidence && !(await hasEvidence(view, id))) {
    yield {
      gate: 'evidence',
      message: `${id} needs evidence: a code ref or an attachment`,
      hint: `ledgenter task code-ref ${id} --ref-type commit --sha <sha>`,
    };
  }
  const unvalidated = asked.validation_required ? await validationGap(view, id, task) : undefined;
  if (unvalidated) yield { ...unvalidated, hint: handOver ?? unvalidated.hint };
  const unreviewed = await reviewGap(view, id, task);
  if (unreviewed) yield unreviewed;
  if (asked.resolution_required && !(await hasResolution(view, id))) {
    yield {
      gate: 'resolution',
      message: `${id} needs a resolution`,
      hint: `ledgenter task note ${id} --kind resolution --text '<what was done>'`,
    };
  }
  return undefined;
}

/** How a task gets to who validates it; undefined where it is there. */
function handOverCommand(id: string, from: Status): string | undefined {
  if (from === 'in_review') return undefined;
  return from === 'in_progress'
    ? `ledgenter work finish ${id} --summary '<what was done>'`
    : `ledgenter task claim ${id}`;
}

/** The criteria that are not met, or not proven as they stand: a commit may have gone since, or the wording changed. */
async function* criteriaGaps(
  view: View,
  id: string,
  task: Task,
  validated: boolean,
  handOver: string | undefined,
): AsyncGenerator<Gap, undefined> {
  let waived: Set<string> | undefined;
  for (const criterion of task.criteria) {
    const { id: name, text, check, met } = criterion;
    const why = met ? await unproven(view, id, criterion) : `is not met: ${text}`;
    if (why === undefined) continue;
    waived ??= await waivedCriteria(view, id, task);
    if (waived.has(name)) continue;
    const word = validated
      ? (handOver ?? checkCommand(id, name))
      : `ledgenter task check ${id} --criterion ${name} --met`;
    const hint = check === undefined ? word : proveCommand(id, name);
    yield { gate: 'criteria', message: `criterion ${name} ${why}`, hint, item: name };
  }
  return undefined;
}

/** Approved by the reviewer, who never worked on it, with the criteria as they are now. */
async function reviewGap(view: View, id: string, task: Task): Promise<Gap | undefined> {
  const { reviewer, review } = task;
  if (reviewer === undefined) return undefined;
  const gap = (message: string, hint: string): Gap => ({ gate: 'reviewer', message: `${id} ${message}`, hint });
  const handoff = review === undefined ? undefined : await find(view, handoffRecord, review);
  if (!handoff)
    return gap(
      `needs the approval of ${reviewer}`,
      `ledgenter task update ${id} --status in_review --note '<what was done>'`,
    );
  if (handoff.status === 'open' || handoff.status === 'claimed')
    return gap(`waits for the review of ${reviewer}`, `ledgenter handoff get ${review}`);
  const own = handoff.answered_by === reviewer && !isWorker(task, reviewer);
  const same = handoff.task_id === id && handoff.criteria_sha256 === criteriaHash(task.criteria);
  if (handoff.kind === 'review' && handoff.verdict === 'approve' && own && same) return undefined;
  return gap(`is not approved by ${reviewer} as it stands`, `ledgenter task update ${id} --status open`);
}

export function asFinding(gap: Gap): Finding {
  return { code: 'GATE', message: gap.message, hint: gap.hint, details: { gate: gap.gate } };
}

/** A live code ref, or any attachment. */
export async function hasEvidence(view: View, id: string): Promise<boolean> {
  if (await hasAttachment(view, id)) return true;
  for (const ref of await view.ids(codeRefRecord, id)) {
    if ((await view.get(codeRefRecord, ref, id))?.live) return true;
  }
  return false;
}

/** Read, not counted: a name alone shows nothing. */
export async function hasAttachment(view: View, id: string): Promise<boolean> {
  for (const attachment of await view.ids(attachmentRecord, id)) {
    if (await view.get(attachmentRecord, attachment, id)) return true;
  }
  return false;
}

async function hasResolution(view: View, id: string): Promise<boolean> {
  for (const note of await view.ids(noteRecord, id)) {
    if ((await view.get(noteRecord, note, id))?.kind === 'resolution') return true;
  }
  return false;
}
