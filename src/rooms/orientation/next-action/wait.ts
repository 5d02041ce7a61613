import { handoffTable } from '../../handoffs/table.ts';
import { tables } from '../../rows.ts';
import type { Situation } from './situation.ts';
import {
  type Action,
  alternative,
  type Blocker,
  type Command,
  elsewhere,
  type Item,
  inspect,
  type Step,
} from './step.ts';

/** Nothing to do here for this actor: what it waits for, who goes on, and what else there is. */
export function waits(id: string, says: string, blocking: readonly Blocker[], more: Partial<Step> = {}): Step {
  return {
    action: 'wait',
    says,
    primary: inspect('Look at it', `ledgenter task get ${id}`),
    others: [elsewhere()],
    blocking,
    ...more,
  };
}

/** What only another can do: whom to ask for it, and how they do it. */
export interface Need {
  action?: Action;
  says: string;
  item?: Item;
  blocker: Blocker;
  /** The handoff that asks for it; its title holds no words of others. */
  ask: { kind: 'approval' | 'work'; to: string; title: string; flags?: string };
  others?: readonly Command[];
}

/** Asks once for what only another can do; from then on it is waited for. */
export async function needs(situation: Situation, need: Need): Promise<Step> {
  const { id } = situation;
  const { says, item, blocker, ask, others = [] } = need;
  const told = await askedAlready(situation, ask);
  const create = `ledgenter handoff create '${ask.title}' --kind ${ask.kind} --to ${ask.to} --task-id ${id}${ask.flags ?? ''}`;
  const shared = { says, blocking: [blocker], ...(item ? { item } : {}) };
  if (told !== undefined)
    return {
      ...shared,
      action: 'wait',
      primary: inspect('See what was asked', `ledgenter handoff get ${told}`),
      others: [...others, inspect('Look at the task', `ledgenter task get ${id}`), elsewhere()],
    };
  return {
    ...shared,
    action: need.action ?? 'person-ask',
    primary: { kind: 'ask', label: 'Ask for it', command: create },
    others: [...others, alternative('Look at the task', `ledgenter task get ${id}`), elsewhere()],
  };
}

/**
 * The handoff that asked for it, answered or not: what was asked is not asked again. Undefined also where handoffs are
 * not looked at.
 */
async function askedAlready({ context, id }: Situation, { kind, title }: Need['ask']): Promise<string | undefined> {
  if (!context) return undefined;
  const rows = await (await context.use(tables)).rows(handoffTable);
  const same = rows.filter(row => row.task_id === id && row.kind === kind && row.title === title);
  return same.find(row => row.status !== 'cancelled')?.id;
}
