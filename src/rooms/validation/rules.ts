import type { Intent } from '../../kernel/entry.ts';
import type { Finding } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { asFinding, askedOf } from '../tasks/gates.ts';
import { refOf, unproven } from '../tasks/proofs.ts';
import { type Criterion, codeRefRecord, FINAL, type Task, taskRecord } from '../tasks/record.ts';
import { criteriaHash, isWorker } from '../tasks/review.ts';
import { commitsHash, criterionHash, roundsOf, workedOn } from './gate.ts';
import { roundKey, type Validation, type ValidationCheck, type Waiver } from './record.ts';
import { passGap, standingOf } from './standing.ts';

/** A record of a validation that an entry adds to a task. */
export interface Added<R> {
  task_id: string;
  id: string;
  record: R;
  intent: Intent;
  /** The state before the entry, and the one after it. */
  was: View;
  view: View;
}

/** Operations that write waivers: all of them are reserved to people. */
export const WAIVING: readonly string[] = ['validate.waive', 'require.waive'];

/** Why somebody validates no task in this status; undefined in review. */
export function reviewedFinding(id: string, { status }: Task): Finding | undefined {
  if (status === 'in_review') return undefined;
  const hint =
    status === 'in_progress'
      ? `ledgenter work finish ${id} --summary '<what was done>'`
      : status === 'open'
        ? `ledgenter task claim ${id}`
        : `ledgenter task get ${id}`;
  return { message: `${id} is ${status}: it is validated in review`, hint };
}

/** Who worked on a task does not validate it, in no run of theirs. */
export function workerFinding(id: string, task: Task, actor: string): Finding | undefined {
  if (!workedOn(task, actor)) return undefined;
  return {
    message: `${actor} worked on ${id}: another validates it`,
    hint: `ledgenter validate status ${id}`,
  };
}

export async function checkFinding({
  task_id,
  record,
  was,
  view,
}: Added<ValidationCheck>): Promise<Finding | undefined> {
  const [before, task] = [await find(was, taskRecord, task_id), await find(view, taskRecord, task_id)];
  if (!before || !task) return { message: `${task_id} is no task that could be validated` };
  const closed = reviewedFinding(task_id, before);
  if (closed) return closed;
  const wrong = (message: string, hint = `ledgenter validate status ${task_id}`): Finding => ({
    message: `${task_id}: ${message}`,
    hint,
  });
  const due = (await roundsOf(was, task_id)).length + 1;
  if (record.round !== due) return wrong(`a check of round ${record.round}, where round ${due} goes on`);
  const criterion = task.criteria.find(({ id }) => id === record.criterion);
  if (!criterion || record.criterion_sha256 !== criterionHash(criterion))
    return wrong(`a check of ${record.criterion} as it is not worded`);
  if (record.commits_sha256 !== (await commitsHash(view, task_id)))
    return wrong('a check of other commits than it has');
  const { commit, proof, result } = record;
  if (commit !== undefined && !(await isOwnCommit(view, task_id, commit)))
    return wrong(
      `${commit.slice(0, 12)} is no live commit of it`,
      `ledgenter task code-ref ${task_id} --ref-type commit --sha ${commit}`,
    );
  if (proof !== criterion.proof && proof !== undefined) return wrong(`a check of ${criterion.id} with another's proof`);
  const bare = await provenFinding(view, task_id, record, criterion);
  if (bare || result === 'blocked' || criterion.met === (result === 'pass')) return bare;
  return wrong(`${criterion.id} is ${criterion.met ? 'met' : 'not met'} after a check that says ${result}`);
}

/** A pass of a criterion with a check of its own is nobody's word: its proof says so too. */
async function provenFinding(
  view: View,
  id: string,
  { result, proof, criterion: name }: ValidationCheck,
  criterion: Criterion,
): Promise<Finding | undefined> {
  if (result !== 'pass' || criterion.check === undefined) return undefined;
  const why = await unproven(view, id, criterion);
  if (why === undefined && proof !== undefined) return undefined;
  return {
    code: 'GATE',
    message: `${id}: ${name} ${why ?? 'passes by its proof'}`,
    hint: `ledgenter task prove ${id} --criterion ${name}`,
  };
}

async function isOwnCommit(view: View, id: string, commit: string): Promise<boolean> {
  if (await refOf(view, id, commit)) return true;
  const refs = (await view.all(codeRefRecord, id)).map(({ record }) => record);
  return refs.some(({ ref_type, live, sha }) => ref_type === 'commit' && live && sha?.startsWith(commit) === true);
}

export async function roundFinding(added: Added<Validation>): Promise<Finding | undefined> {
  const { task_id, id, record, was, view } = added;
  const [before, task] = [await find(was, taskRecord, task_id), await find(view, taskRecord, task_id)];
  if (!before || !task) return { message: `${task_id} is no task that could be validated` };
  const closed = reviewedFinding(task_id, before);
  if (closed) return closed;
  const wrong = (message: string): Finding => ({
    message: `${task_id}: ${message}`,
    hint: `ledgenter validate status ${task_id}`,
  });
  const round = (await roundsOf(was, task_id)).length + 1;
  if (id !== roundKey(round)) return wrong(`${id} ends no round: round ${round} goes on`);
  const bound =
    record.commits_sha256 === (await commitsHash(view, task_id)) &&
    record.criteria_sha256 === criteriaHash(task.criteria) &&
    record.plan === task.plan?.version;
  if (!bound) return wrong('a round that is bound to other commits, criteria or another plan than it has');
  if (record.result === 'failed')
    return task.status === 'open' && task.reason === record.summary
      ? undefined
      : wrong('a failed round opens its task again, for the reason it gives');
  if (record.result === 'blocked')
    return task.status === 'in_review' ? undefined : wrong('a blocked round leaves its task in review');
  const gap = passGap(task_id, await standingOf(view, task_id, task, round));
  return gap && asFinding(gap);
}

export async function waiverFinding({
  task_id,
  record,
  intent,
  was,
  view,
}: Added<Waiver>): Promise<Finding | undefined> {
  const [before, task] = [await find(was, taskRecord, task_id), await find(view, taskRecord, task_id)];
  if (!before || !task) return { message: `${task_id} is no task of which anything could be waived` };
  const finding = (message: string): Finding => ({
    code: 'HUMAN_ONLY',
    message: `${task_id}: ${message}`,
    hint: `ledgenter validate status ${task_id}`,
  });
  if (intent.kind !== 'human' || !WAIVING.includes(intent.op)) return finding('what it asks for is waived by a person');
  const looked = before.reviewer !== undefined || (await askedOf(was, before)).validation_required;
  if (looked && isWorker(before, intent.actor))
    return finding(`${intent.actor} worked on it: a person who did not waives what it asks for`);
  if (FINAL.includes(before.status))
    return {
      message: `${task_id} is ${before.status}: nothing is left to be waived`,
      hint: `ledgenter task get ${task_id}`,
    };
  const { criterion: name, criterion_sha256, required_task_id } = record;
  if ((name === undefined) === (required_task_id === undefined))
    return { message: `${task_id}: a waiver is of a criterion, or of a dependency` };
  const criterion = task.criteria.find(({ id }) => id === name);
  const fits =
    required_task_id === undefined
      ? criterion !== undefined && criterion_sha256 === criterionHash(criterion)
      : task.waived?.includes(required_task_id) === true && !before.waived?.includes(required_task_id);
  return fits
    ? undefined
    : { message: `${task_id}: a waiver of ${name ?? required_task_id}, which it does not ask for` };
}
