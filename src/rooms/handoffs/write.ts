import { canonicalJson, type Json } from '../../kernel/canonical.ts';
import { holdFinding, later } from '../../kernel/holdlaws.ts';
import type { Finding } from '../../kernel/law.ts';
import { type By, type Decision, refuse } from '../../kernel/operation.ts';
import { type FileChange, Overlay, View } from '../../kernel/view.ts';
import { graceOf } from '../ledger/grace.ts';
import { find } from '../lookup.ts';
import { taskRecord } from '../tasks/record.ts';
import { type Edit, judgeTasks, touch } from '../tasks/write.ts';
import { type Handoff, handoffRecord } from './record.ts';
import { HANDOFF_RULES } from './rules.ts';

/** What a decide wants to do to one handoff, and to the task it is about. */
export interface HandoffEdit {
  id: string;
  before?: Handoff | undefined;
  after: Handoff;
  task?: Edit | undefined;
}

/** @throws LedgerError NOT_FOUND */
export async function needHandoff(view: View, id: string): Promise<Handoff> {
  return (
    (await find(view, handoffRecord, id)) ??
    refuse('NOT_FOUND', `there is no handoff ${id}`, { hint: 'ledgenter inbox' })
  );
}

/**
 * Turns an edit into files, after the same rules that the laws judge by.
 * @throws LedgerError the first rule that is broken
 */
export async function settle(
  view: View,
  by: By,
  edit: HandoffEdit,
  result: { [key: string]: Json },
): Promise<Decision> {
  const { id, before } = edit;
  const after = { ...raised(edit.after, by), updated_at: by.at };
  const grace = await graceOf(view);
  const task = edit.task && touch(edit.task, by);
  const files: FileChange[] = [
    handoffRecord.put(id, JSON.parse(canonicalJson(after))),
    ...(task ? [taskRecord.put(task.id, task.after)] : []),
  ];
  const holds = [
    { kind: 'handoff', id, before: before?.hold, after: after.hold },
    ...(task ? [{ kind: 'task', id: task.id, before: task.before?.hold, after: task.after.hold }] : []),
  ];
  for (const change of holds) refuseIf(holdFinding(change, by.intent, grace), 'hold');
  const root = by.claim?.root;
  if (root !== undefined && holds.every(change => change.before?.root !== root && change.after?.root !== root))
    refuse('CLAIM_LOST', `${id} is not held any more under the claim of this run`, {
      hint: `ledgenter handoff get ${id}`,
    });
  const next = new View(new Overlay(view.reader, files));
  for (const rule of HANDOFF_RULES)
    refuseIf(await rule.check({ id, before, after, intent: by.intent, was: view, view: next }), rule.id);
  if (task) await judgeTasks(view, by, [task], next);
  return { files, result };
}

function raised(handoff: Handoff, { claim }: By): Handoff {
  const { hold } = handoff;
  if (!hold || claim?.root !== hold.root) return handoff;
  return { ...handoff, hold: { ...hold, lease_until: later(hold.lease_until, claim.lease_until) } };
}

/** @throws LedgerError what a rule found, under its name */
export function refuseIf(finding: Finding | undefined, law: string): void {
  if (!finding) return;
  const { code, message, hint, details } = finding;
  refuse(code ?? 'REFUSED', message, { ...(hint ? { hint } : {}), details: { ...details, law } });
}
