import type { Gap } from '../../tasks/gates.ts';
import { lookCommand, nextLook, standingOf } from '../../validation/standing.ts';
import type { Situation } from './situation.ts';
import { type Action, act, alternative, type Command, inspect, type Step, shown } from './step.ts';

const ACTIONS = {
  check: 'validate-check',
  prove: 'criterion-prove',
  finish: 'validate-finish',
} as const satisfies Record<string, Action>;

/** What a validator does: criterion by criterion, then the round as a whole. */
export async function validating(situation: Situation, { message }: Gap): Promise<Step> {
  const { view, id, task } = situation;
  const standing = await standingOf(view, id, task, (await situation.rounds()).length + 1);
  const look = nextLook(standing);
  const command = lookCommand(id, look);
  const action = ACTIONS[look.does];
  const status = inspect('How far it is', `ledgenter validate status ${id}`);
  if (look.does === 'finish')
    return {
      action,
      says: `every criterion of ${id} is looked at: ${look.result}`,
      primary: act('End the round', command),
      others: [status],
    };
  const { id: name, text, check } = look.criterion;
  return {
    action,
    says: `${message}; ${name} is next: ${shown(text, 200)}`,
    primary: act(look.does === 'prove' ? 'Run its check' : 'Look, and say what you saw', command),
    item: {
      kind: 'criterion',
      id: name,
      text: shown(text),
      ...(check === undefined ? {} : { hint: shown(check) }),
      done: command,
    },
    others: [inspect('What to look at', `ledgenter context ${id} --for validator`), status, ...waiver(situation, name)],
  };
}

/** A person may say that it need not hold. */
function waiver({ kind, id }: Situation, criterion: string): Command[] {
  if (kind !== 'human') return [];
  return [alternative('It need not hold', `ledgenter validate waive ${id} --criterion ${criterion} --reason '<why>'`)];
}
