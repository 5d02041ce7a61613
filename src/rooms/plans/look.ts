import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import type { Task } from '../tasks/record.ts';
import { planGap } from './gate.ts';
import {
  type Plan,
  planHash,
  planKey,
  planRecord,
  type Question,
  questionRecord,
  type Verdict,
  verdictRecord,
} from './record.ts';

/** A version of a plan, and the hash that an acceptance of it names. */
export interface Version {
  version: number;
  plan: Plan;
  sha256: string;
}

export type Asked = { id: string; record: Question };
export type Said = { id: string; record: Verdict };

const numberOf = (key: string): number => Number(key.slice(1));

/** The number behind `v3` or `q3`; undefined for a key of another form (`v03`). */
export function keyNumber(letter: 'v' | 'q', key: string): number | undefined {
  const number = numberOf(key);
  return Number.isInteger(number) && number > 0 && key === `${letter}${number}` ? number : undefined;
}

/** The versions of a task's plan by number, oldest first. */
export async function versionsOf(view: View, id: string): Promise<Version[]> {
  const all = (await view.all(planRecord, id)).map(({ record }) => record);
  return all
    .sort((a, b) => a.version - b.version)
    .map(plan => ({ version: plan.version, plan, sha256: planHash(plan) }));
}

/** A version, or the newest; undefined when there is none. */
export async function versionOf(view: View, id: string, version?: number): Promise<Version | undefined> {
  const wanted = version ?? Math.max(0, ...(await view.ids(planRecord, id)).map(numberOf));
  const plan = wanted === 0 ? undefined : await find(view, planRecord, planKey(wanted), id);
  return plan && { version: wanted, plan, sha256: planHash(plan) };
}

/** @throws LedgerError NOT_FOUND */
export async function needVersion(view: View, id: string, version?: number): Promise<Version> {
  const found = await versionOf(view, id, version);
  if (found) return found;
  return version === undefined
    ? refuse('NOT_FOUND', `${id} has no plan yet`, { hint: `ledgenter plan template ${id}` })
    : refuse('NOT_FOUND', `${id} has no plan v${version}`, { hint: `ledgenter plan query ${id}` });
}

/** The questions of a task by number. */
export async function questionsOf(view: View, id: string): Promise<Asked[]> {
  return (await view.all(questionRecord, id)).sort((a, b) => numberOf(a.id) - numberOf(b.id));
}

/** What was said of each version, oldest first. */
export async function verdictsOf(view: View, id: string): Promise<Said[]> {
  const all = await view.all(verdictRecord, id);
  return all.sort((a, b) => (a.record.at + a.id < b.record.at + b.id ? -1 : 1));
}

export const isRequired = ({ record }: Asked): boolean => record.required === true && record.status === 'open';

/** `accepted`: holds; `stale`: accepted before an answer; `replaced`: accepted once, another is now. */
export type PlanState = 'proposed' | 'rejected' | 'accepted' | 'stale' | 'replaced';

/** What became of a version, from what was said of it. */
export async function stateOf(
  view: View,
  id: string,
  task: Task,
  version: number,
  verdicts: readonly Said[],
): Promise<PlanState> {
  if (task.plan?.version === version) return (await planGap(view, id, task, true)) ? 'stale' : 'accepted';
  const last = verdicts.filter(({ record }) => record.version === version).at(-1);
  if (!last) return 'proposed';
  return last.record.decision === 'reject' ? 'rejected' : 'replaced';
}
