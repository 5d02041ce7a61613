import { canonicalJson } from '../../kernel/canonical.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { By } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { type Handoff, handoffRecord } from '../handoffs/record.ts';
import { find } from '../lookup.ts';
import { any } from '../room.ts';
import { attachmentRecord, type Criterion, codeRefRecord, type Task } from './record.ts';

/** What a review is about: the criteria as they are worded, whoever met them. */
export function criteriaHash(criteria: readonly Criterion[]): string {
  return sha256Hex(canonicalJson(criteria.map(({ id, text, check }) => [id, text, check ?? null])));
}

/** True when the actor worked on the task, under any run. */
export function isWorker({ workers, hold }: Task, actor: string): boolean {
  return workers?.includes(actor) === true || hold?.actor === actor;
}

/** Longest context that a review is opened with, in characters: 60 KB at most. */
const MAX_CONTEXT = 15_000;

/**
 * A task after an update, with the review that it asks for: opened when it goes in review, and anew when its criteria
 * or its reviewer change there; the one before is cancelled, acknowledged by *done*. `files`: the handoffs.
 */
export async function withReview(
  view: View,
  by: By,
  id: string,
  before: Task,
  after: Task,
  note?: string,
): Promise<{ task: Task; files: FileChange[] }> {
  const { review: old, ...rest } = after;
  const asks = after.status === 'in_review' && after.reviewer !== undefined;
  const stays =
    old !== undefined &&
    before.reviewer === after.reviewer &&
    criteriaHash(before.criteria) === criteriaHash(after.criteria);
  if (asks && stays) return { task: after, files: [] };
  if (after.status === 'done') return { task: after, files: await closed(view, by, old, 'acknowledged') };
  const files = await closed(view, by, before.review, 'cancelled');
  if (!asks) return { task: rest, files };
  const review = by.newId(any(handoffRecord));
  return { task: { ...rest, review }, files: [...files, await opened(view, by, id, review, after, note)] };
}

async function opened(view: View, by: By, id: string, review: string, task: Task, note?: string): Promise<FileChange> {
  const { criteria, reviewer } = task;
  const context = await contextOf(view, id, criteria, note);
  const handoff: Handoff = {
    kind: 'review',
    title: `Review: ${[...task.title].slice(0, 190).join('')}`,
    to: [reviewer!],
    task_id: id,
    context,
    context_sha256: sha256Hex(context),
    criteria_sha256: criteriaHash(criteria),
    status: 'open',
    created_by: by.actor,
    created_at: by.at,
    updated_at: by.at,
  };
  return handoffRecord.put(review, handoff);
}

/** What a reviewer looks at: the criteria, what is linked as evidence, what the worker says. */
async function contextOf(view: View, id: string, criteria: readonly Criterion[], note?: string): Promise<string> {
  const met = criteria.map(({ id: name, text, met: holds, met_by, proof }) => {
    const how = holds ? `met by ${met_by}${proof === undefined ? '' : `, proof ${proof}`}` : 'not met';
    return `- ${name} (${how}) ${text}`;
  });
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record).filter(({ live }) => live);
  const files = (await view.all(attachmentRecord, id)).map(({ record }) => record);
  const evidence = [
    ...refs.map(ref => `- ${[ref.ref_type, ref.sha, ref.name, ref.url, ref.repo].filter(Boolean).join(' ')}`),
    ...files.map(file => `- ${file.name} sha256 ${file.sha256}`),
  ];
  const parts = [
    `Task ${id}`,
    ...(met.length > 0 ? ['Criteria:', ...met] : []),
    ...(evidence.length > 0 ? ['Evidence:', ...evidence] : []),
    ...(note === undefined ? [] : ['Note of the worker:', note]),
  ];
  return [...parts.join('\n')].slice(0, MAX_CONTEXT).join('');
}

/** A review that nobody holds, ended by its sender or by what became of its task; one that is claimed is left to its reviewer. */
async function closed(
  view: View,
  by: By,
  id: string | undefined,
  as: 'cancelled' | 'acknowledged',
): Promise<FileChange[]> {
  const handoff = id === undefined ? undefined : await find(view, handoffRecord, id);
  if (!handoff || id === undefined) return [];
  const { hold: _none, ...rest } = handoff;
  const touched = { ...rest, status: as, updated_at: by.at };
  if (as === 'cancelled') return handoff.status === 'open' ? [handoffRecord.put(id, touched)] : [];
  const own = handoff.status === 'answered' && handoff.created_by === by.actor;
  return own ? [handoffRecord.put(id, { ...touched, acknowledged_at: by.at })] : [];
}
