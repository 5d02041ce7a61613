import { canonicalJson } from '../../kernel/canonical.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import type { View } from '../../kernel/view.ts';
import type { Gap } from '../tasks/gates.ts';
import { type Criterion, codeRefRecord, type Task } from '../tasks/record.ts';
import { criteriaHash, isWorker } from '../tasks/review.ts';
import { roundKey, type Validation, validationRecord, type Waiver, waiverRecord } from './record.ts';

/** The rounds that ended, oldest first. */
export async function roundsOf(view: View, id: string): Promise<Validation[]> {
  const found: Validation[] = [];
  for (;;) {
    const next = await view.get(validationRecord, roundKey(found.length + 1), id);
    if (!next) return found;
    found.push(next);
  }
}

/** The round that ended between two states, undefined when none did. */
export async function endedBetween(was: View, view: View, id: string): Promise<Validation | undefined> {
  const old = (await roundsOf(was, id)).length;
  return view.get(validationRecord, roundKey(old + 1), id);
}

/** The commits that a validation is bound to: all live ones of the task. */
export async function commitsHash(view: View, id: string): Promise<string> {
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  const live = refs.filter(ref => ref.ref_type === 'commit' && ref.live).map(ref => `${ref.repo ?? ''} ${ref.sha}`);
  return sha256Hex(canonicalJson([...new Set(live)].sort()));
}

export const criterionHash = ({ id, text, check }: Criterion): string =>
  criteriaHash([{ id, text, check, met: false }]);

/**
 * What somebody looked at who says that a criterion holds, or all of them, as a hash in the intent: an entry that is decided
 * anew after a sync must not be about another wording, another commit or another plan than its author saw.
 */
export async function lookedHash(view: View, id: string, task: Task, name?: string): Promise<string> {
  const looked = task.criteria.filter(one => name === undefined || one.id === name);
  const plan = name === undefined ? (task.plan?.version ?? null) : null;
  return sha256Hex(canonicalJson([criteriaHash(looked), await commitsHash(view, id), plan]));
}

/** Whose work a validation looks at: never validated by them, in no run of theirs. */
export function workedOn(task: Task, actor: string): boolean {
  return isWorker(task, actor) || task.assignee === actor;
}

/** What people said need not be met of a task, oldest first. */
export async function waiversOf(view: View, id: string): Promise<(Waiver & { id: string })[]> {
  const all = (await view.all(waiverRecord, id)).map(({ id: waiver, record }) => ({ id: waiver, ...record }));
  return all.sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
}

/** True while the criterion is worded as it was when it was waived. */
export function waives(waiver: Waiver, criterion: Criterion): boolean {
  return waiver.criterion === criterion.id && waiver.criterion_sha256 === criterionHash(criterion);
}

/** Criteria that a person waived as they are worded now. */
export async function waivedCriteria(view: View, id: string, task: Task): Promise<Set<string>> {
  const waivers = await waiversOf(view, id);
  const waived = task.criteria.filter(one => waivers.some(waiver => waives(waiver, one)));
  return new Set(waived.map(one => one.id));
}

/** Why the last validation of a task does not count as it stands; undefined when it does. */
export async function validationGap(view: View, id: string, task: Task): Promise<Gap | undefined> {
  const gap = (message: string): Gap => ({
    gate: 'validation',
    message: `${id} ${message}`,
    hint: `ledgenter validate status ${id}`,
  });
  const last = (await roundsOf(view, id)).at(-1);
  if (!last) return gap('needs a validation by another than its worker');
  if (last.result !== 'passed') return gap(`is not validated: the last round ${ENDED[last.result]}`);
  if (workedOn(task, last.by)) return gap(`was validated by ${last.by}, who worked on it`);
  if (last.criteria_sha256 !== criteriaHash(task.criteria)) return gap('has other criteria than were validated');
  if (last.commits_sha256 !== (await commitsHash(view, id))) return gap('has other commits than were validated');
  if (last.plan !== task.plan?.version) return gap('has another plan than was validated');
  return undefined;
}

const ENDED = { passed: 'passed', failed: 'failed', blocked: 'was blocked' } as const;
