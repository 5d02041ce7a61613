import { defineRecordLaw, type Finding, type Law } from '../../../kernel/law.ts';
import { believed } from '../../actors/standing.ts';
import { find } from '../../lookup.ts';
import { checkHash, proofRecord, proveCommand, unproven } from '../proofs.ts';
import { FINAL, type Task, taskRecord } from '../record.ts';
import { isUntouched } from './criteria.ts';
import type { TaskRule } from './rule.ts';

export const proofRule: TaskRule = {
  id: 'task.proof',
  says: 'A criterion with a check is met only by a proof of this task that passed, on a clean tree, at a commit among its live code refs, of the criterion as it stands.',
  async check({ id, before, after, view }) {
    const old = new Map(before?.criteria.map(criterion => [criterion.id, criterion]));
    for (const criterion of after.criteria) {
      if (!criterion.met || isUntouched(old.get(criterion.id), criterion)) continue;
      const why = await unproven(view, id, criterion);
      if (why !== undefined)
        return { code: 'GATE', message: `${id}: ${criterion.id} ${why}`, hint: proveCommand(id, criterion.id) };
    }
    return undefined;
  },
};

/** Why somebody may not prove a task that is over, or that nobody holds: its holder is the business of the laws of holding. */
export function provingFinding(id: string, { status, hold }: Task, kind: string): Finding | undefined {
  if (FINAL.includes(status))
    return { code: 'REFUSED', message: `${id} is ${status}`, hint: `ledgenter task get ${id}` };
  if (hold || status === 'in_review' || kind === 'human') return undefined;
  return {
    code: 'NOT_HOLDER',
    message: `${id} is proven by its holder: claim it first`,
    hint: `ledgenter task claim ${id}`,
  };
}

export const proofLaw: Law = defineRecordLaw({
  id: 'proof.form',
  says: 'A proof is of a criterion with a check as it stands when the proof is made, says how its check ended, and is made before the task is done or cancelled, by its holder, by a person, or in review.',
  enforcedBy: 'rooms/proofs.test.ts',
  on: proofRecord,
  async check({ id, before, after, parent }, transition) {
    const { after: view } = transition;
    if (before || !after) return undefined; // append-only and record.kept name it
    const task = await find(view, taskRecord, parent!);
    const criterion = task?.criteria.find(one => one.id === after.criterion);
    if (!task || criterion?.check === undefined || checkHash(criterion) !== after.check_sha256) {
      return {
        message: `${id} is of no check of ${parent} as it stands: ${after.criterion} changed`,
        hint: proveCommand(parent!, after.criterion),
      };
    }
    const cut = after.signal !== undefined || after.ended !== undefined;
    if ((after.exit_code === null) !== cut) return { message: `${id} does not say how its check ended` };
    return provingFinding(parent!, task, (await believed(transition)).kind);
  },
});
