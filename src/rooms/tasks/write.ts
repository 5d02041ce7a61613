import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { type HoldChange, holdFinding, later } from '../../kernel/holdlaws.ts';
import type { Finding } from '../../kernel/law.ts';
import { type By, type Decision, refuse } from '../../kernel/operation.ts';
import { type FileChange, Overlay, View } from '../../kernel/view.ts';
import { graceOf } from '../ledger/grace.ts';
import { find } from '../lookup.ts';
import { type Task, taskRecord } from './record.ts';
import { TASK_RULES } from './rules/index.ts';
import { judges } from './rules/rule.ts';

/** What a decide wants to do to one task. */
export interface Edit {
  id: string;
  before?: Task | undefined;
  after: Task;
  /** Only adds what anyone may add beside a hold. */
  beside?: boolean;
}

/** @throws LedgerError NOT_FOUND */
export async function needTask(view: View, id: string): Promise<Task> {
  return (await find(view, taskRecord, id)) ?? refuse('NOT_FOUND', `there is no task ${id}`);
}

/** The task with its hold reaching as far as the claim that `by` writes under: the book keeps the latest end it was told. */
export function raised(task: Task, by: By): Task {
  const { hold } = task;
  const { claim } = by;
  if (!hold || claim?.root !== hold.root) return task;
  const lease_until = later(hold.lease_until, claim.lease_until);
  return lease_until === hold.lease_until ? task : { ...task, hold: { ...hold, lease_until } };
}

/**
 * Turns edits into files, after the same rules that the laws judge by. A task that does not change is not written; one
 * that does is touched: `updated_at`, and the end of the lease.
 * @throws LedgerError the first rule that is broken
 */
export async function settle(
  view: View,
  by: By,
  edits: readonly Edit[],
  files: readonly FileChange[],
  result: { [key: string]: Json },
): Promise<Decision> {
  const touched = edits.map(edit => touch(edit, by));
  const changed = touched.filter(({ before, after }) => !before || canonicalJson(before) !== canonicalJson(after));
  const all = [...changed.map(({ id, after }) => taskRecord.put(id, after)), ...files];
  if (all.length === 0) {
    needClaim(touched, by);
    return { same: result };
  }
  const after = new View(new Overlay(view.reader, all));
  checkHolds(touched, by, await graceOf(view));
  await judgeTasks(view, by, changed, after);
  return { files: all, result };
}

/**
 * Asks the rules of tasks about edits; `after` is the state with everything that the entry writes.
 * @throws LedgerError the first rule that is broken
 */
export async function judgeTasks(view: View, by: By, edits: readonly Edit[], after: View): Promise<void> {
  const along = new Map(edits.map(edit => [edit.id, edit.after]));
  for (const rule of TASK_RULES) {
    for (const { id, before, after: task } of edits) {
      if (!judges(rule, { before, after: task })) continue;
      const finding = await rule.check({ id, before, after: task, intent: by.intent, was: view, view: after, along });
      if (finding) throwFinding(finding, rule.id);
    }
  }
}

/** The edit with `updated_at` and the end of the lease as its entry says. */
export function touch(edit: Edit, by: By): Edit {
  const { before } = edit;
  if (!before || edit.beside) return edit;
  const after = raised(edit.after, by);
  return canonicalJson(before) === canonicalJson(after)
    ? { ...edit, after }
    : { ...edit, after: { ...after, updated_at: by.at } };
}

function checkHolds(edits: readonly Edit[], by: By, grace: number): void {
  const changes = edits.map(({ id, before, after }): HoldChange => ({ id, before: before?.hold, after: after.hold }));
  for (const [index, change] of changes.entries()) {
    const finding = edits[index]!.beside ? undefined : holdFinding(change, by.intent, grace);
    if (finding) throwFinding(finding, 'hold');
  }
  needClaim(edits, by);
}

/** What was written under a claim that is gone is refused even where it says nothing new: its writer must hear of it. */
function needClaim(edits: readonly Edit[], { claim }: By): void {
  if (!claim) return;
  if (edits.some(({ before, after }) => before?.hold?.root === claim.root || after.hold?.root === claim.root)) return;
  refuse('CLAIM_LOST', `${edits[0]?.id ?? 'the task'} is not held any more under the claim of this run`);
}

/** @throws LedgerError what a rule found, under the name of its law */
export function throwFinding({ code, message, hint, details }: Finding, law: string): never {
  refuse(code ?? 'REFUSED', message, { ...(hint ? { hint } : {}), details: { ...details, law } });
}
