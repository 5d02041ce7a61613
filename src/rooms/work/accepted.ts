import type { Change, Transition } from '../../kernel/law.ts';
import { find } from '../lookup.ts';
import { type Plan, planKey, planRecord, type Verdict, verdictRecord } from '../plans/record.ts';

/** A plan that an entry accepts for a task, as the ledger has it. */
export interface Accepted {
  task: string;
  plan: Plan;
}

/** The plans that an entry accepts; whether it may is the business of the laws of plans. */
export async function acceptedIn({ changes, after }: Transition): Promise<Accepted[]> {
  const found: Accepted[] = [];
  for (const { def, parent, before, after: record } of changes as Change<Verdict>[]) {
    if (def.kind !== verdictRecord.kind || before || record?.decision !== 'accept' || parent === undefined) continue;
    const plan = await find(after, planRecord, planKey(record.version), parent);
    if (plan) found.push({ task: parent, plan });
  }
  return found;
}
