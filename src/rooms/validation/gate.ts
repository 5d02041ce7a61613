import { canonicalJson } from '../../kernel/canonical.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { View } from '../../kernel/view.ts';
import type { Gap } from '../tasks/gates.ts';
import { type Criterion, codeRefRecord, type Task } from '../tasks/record.ts';
import { criteriaHash, isWorker } from '../tasks/review.ts';
import { roundKey, type Validation, validationRecord, waiverRecord } from './record.ts';

/** The rounds that ended, oldest first. */
export async function roundsOf(view: View, id: string): Promise<Validation[]> {
  const found: Validation[] = [];
  for (;;) {
    const next = await view.get(validationRecord, roundKey(found.length + 1), id);
    if (!next) return found;
    found.push(next);
  }
}

/** The commits that a validation is bound to: all live ones of the task. */
export async function commitsHash(view: View, id: string): Promise<string> {
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  const live = refs.filter(ref => ref.ref_type === 'commit' && ref.live).map(ref => `${ref.repo ?? ''} ${ref.sha}`);
  return sha256Hex(canonicalJson([...new Set(live)].sort()));
}

export const criterionHash = ({ id, text, check }: Criterion): string =>
  criteriaHash([{ id, text, check, met: false }]);

/** Criteria that a person waived as they are worded now. */
export async function waivedCriteria(view: View, id: string, task: Task): Promise<Set<string>> {
  const waivers = (await view.all(waiverRecord, id)).map(({ record }) => record);
  const waived = task.criteria.filter(one =>
    waivers.some(waiver => waiver.criterion === one.id && waiver.criterion_sha256 === criterionHash(one)),
  );
  return new Set(waived.map(one => one.id));
}

/** Why the last validation of a task does not count as it stands; undefined when it does. */
export async function validationGap(view: View, id: string, task: Task): Promise<Gap | undefined> {
  const gap = (message: string, hint: string): Gap => ({ gate: 'validation', message: `${id} ${message}`, hint });
  const status = `ledgenter validate status ${id}`;
  const last = (await roundsOf(view, id)).at(-1);
  if (!last) return gap('needs a validation by another than its worker', status);
  if (last.result !== 'passed') return gap(`is not validated: the last round ${last.result}`, status);
  if (isWorker(task, last.by)) return gap(`was validated by ${last.by}, who worked on it`, status);
  if (last.criteria_sha256 !== criteriaHash(task.criteria))
    return gap('has other criteria than were validated', status);
  if (last.commits_sha256 !== (await commitsHash(view, id)))
    return gap('has other commits than were validated', status);
  return undefined;
}
