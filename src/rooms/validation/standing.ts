import type { View } from '../../kernel/view.ts';
import type { Gap } from '../tasks/gates.ts';
import { checkHash, hasPassed, proofRecord, proveCommand, unproven } from '../tasks/proofs.ts';
import type { Criterion, Task } from '../tasks/record.ts';
import { commitsHash, criterionHash, waiversOf, waives } from './gate.ts';
import { checkRecord, type ROUND_RESULTS, type ValidationCheck, type Waiver } from './record.ts';

/** How one criterion stands in a round. */
export interface Standing {
  criterion: Criterion;
  /** The newest check of the round, of the criterion and the commits as they are. */
  check?: ValidationCheck;
  /** The newest of the round says nothing any more: what changed since. */
  outdated?: 'the criterion' | 'the commits';
  /** Why its own check command does not say so, as a clause. */
  unproven?: string;
  /** It ran last, and said no. */
  refuted?: true;
  waiver?: Waiver & { id: string };
}

/** Where a round stands: each criterion of the task in order. */
export async function standingOf(view: View, id: string, task: Task, round: number): Promise<Standing[]> {
  const commits = await commitsHash(view, id);
  const waivers = await waiversOf(view, id);
  const checks = (await view.all(checkRecord, id)).map(({ record }) => record).filter(one => one.round === round);
  const found: Standing[] = [];
  for (const criterion of task.criteria) {
    const last = newest(checks.filter(one => one.criterion === criterion.id));
    const waiver = waivers.findLast(one => waives(one, criterion));
    const why = await unproven(view, id, criterion);
    found.push({
      criterion,
      ...(last ? told(last, criterion, commits) : {}),
      ...(why === undefined ? {} : { unproven: why }),
      ...(why !== undefined && (await isRefuted(view, id, criterion)) ? { refuted: true } : {}),
      ...(waiver ? { waiver } : {}),
    });
  }
  return found;
}

const newest = <R extends { at: string }>(records: readonly R[]): R | undefined =>
  records.reduce<R | undefined>((last, one) => (last && last.at > one.at ? last : one), undefined);

function told(check: ValidationCheck, criterion: Criterion, commits: string): Pick<Standing, 'check' | 'outdated'> {
  if (check.criterion_sha256 !== criterionHash(criterion)) return { outdated: 'the criterion' };
  return check.commits_sha256 === commits ? { check } : { outdated: 'the commits' };
}

/** True when the last run of its check command, as it is, ended with no. */
async function isRefuted(view: View, id: string, criterion: Criterion): Promise<boolean> {
  const hash = checkHash(criterion);
  const runs = (await view.all(proofRecord, id)).map(({ record }) => record);
  const last = newest(runs.filter(one => one.criterion === criterion.id && one.check_sha256 === hash));
  return last !== undefined && !hasPassed(last);
}

/** Why a round cannot end as passed: the first criterion that neither passed in it nor is waived. */
export function passGap(id: string, standing: readonly Standing[]): Gap | undefined {
  for (const { criterion, check, outdated, unproven: why, waiver } of standing) {
    if (waiver) continue;
    const gap = (message: string, hint = checkCommand(id, criterion.id)): Gap => ({
      gate: 'validation',
      message: `${id}: ${criterion.id} ${message}`,
      hint,
    });
    if (check?.result === 'fail') return gap(`failed: ${firstLine(check.text)}`, failCommand(id));
    if (why !== undefined) return gap(why, proveCommand(id, criterion.id));
    if (check === undefined)
      return gap(outdated === undefined ? 'is not checked in this round' : `was checked before ${outdated} changed`);
    if (check.result === 'blocked') return gap(`could not be checked: ${firstLine(check.text)}`);
    if (!criterion.met) return gap('is not met any more');
  }
  return undefined;
}

/** The command that checks a criterion; what its validator saw decides which result it is. */
export function checkCommand(id: string, criterion: string): string {
  return `ledgenter validate check ${id} --criterion ${criterion} --result '<pass|fail|blocked>' --text '<what you saw>'`;
}

const failCommand = (id: string): string => lookCommand(id, { does: 'finish', result: 'failed' });

const firstLine = (text: string): string => text.split('\n', 1)[0]!.slice(0, 200);

/** What whoever validates does next: looks at a criterion, runs its check, or ends the round. */
export type Look =
  | { does: 'check' | 'prove'; criterion: Criterion }
  | { does: 'finish'; result: (typeof ROUND_RESULTS)[number] };

export function nextLook(standing: readonly Standing[]): Look {
  const left = standing.find(one => !one.waiver && one.check === undefined);
  if (left) {
    const { criterion, unproven: why, refuted } = left;
    return { does: why === undefined || refuted ? 'check' : 'prove', criterion };
  }
  const stopped = standing.find(one => !one.waiver && one.check?.result !== 'pass');
  if (stopped) return { does: 'finish', result: stopped.check?.result === 'fail' ? 'failed' : 'blocked' };
  // What passed and is taken back, or proven no more, is looked at again.
  const lost = standing.find(one => !one.waiver && (one.unproven !== undefined || !one.criterion.met));
  if (!lost) return { does: 'finish', result: 'passed' };
  return { does: lost.unproven === undefined ? 'check' : 'prove', criterion: lost.criterion };
}

const FOUND = { passed: 'what was looked at', failed: 'what does not hold', blocked: 'what is in the way' } as const;

/** The one command of a look. */
export function lookCommand(id: string, look: Look): string {
  if (look.does === 'finish')
    return `ledgenter validate finish ${id} --result ${look.result} --summary '<${FOUND[look.result]}>'`;
  return look.does === 'check' ? checkCommand(id, look.criterion.id) : proveCommand(id, look.criterion.id);
}
