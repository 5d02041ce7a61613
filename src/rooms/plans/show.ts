import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import type { Task } from '../tasks/record.ts';
import { type PlanState, type Said, stateOf, type Version } from './look.ts';

/** A plan as answers show it: long texts cut unless it is asked for whole. */
export interface Shown {
  plan: Record<string, unknown>;
  truncated?: true;
}

/** What was said of a version, newest last. */
export function saidOf(verdicts: readonly Said[], version: number): Record<string, unknown>[] {
  return verdicts
    .filter(({ record }) => record.version === version)
    .map(({ record: { decision, by, at, note } }) => ({ decision, by, at, note: cut(note) ?? note }));
}

export async function showPlan(
  view: View,
  id: string,
  task: Task,
  { version, plan, sha256 }: Version,
  verdicts: readonly Said[],
  full = false,
): Promise<Shown & { state: PlanState }> {
  let truncated = false;
  const short = (text: string): string => {
    const less = full ? undefined : cut(text);
    truncated ||= less !== undefined;
    return less ?? text;
  };
  const state = await stateOf(view, id, task, version, verdicts);
  const { goal, body, criteria, todos, files, test_commands, expected_outputs, amends, by, at } = plan;
  const some = <T>(name: string, list: readonly T[]) => (list.length === 0 ? {} : { [name]: list });
  return {
    plan: {
      version,
      state,
      sha256,
      ...(amends === undefined ? {} : { amends }),
      by,
      at,
      goal: short(goal),
      ...(body === undefined ? {} : { body: short(body) }),
      ...some(
        'acceptance_criteria',
        criteria.map(one => ({ ...one, text: short(one.text) })),
      ),
      ...some(
        'todos',
        todos.map(one => ({
          ...one,
          text: short(one.text),
          ...(one.hint === undefined ? {} : { hint: short(one.hint) }),
        })),
      ),
      ...some('files', files),
      ...some('test_commands', test_commands),
      ...some('expected_outputs', expected_outputs),
    },
    state,
    ...(truncated ? { truncated } : {}),
  };
}

/** The command that a version waits for, by what became of it. */
export function nextOf(id: string, version: number, newest: number, state: PlanState): string {
  if (version < newest && state !== 'accepted') return `ledgenter plan get ${id} --version ${newest}`;
  switch (state) {
    case 'proposed':
      return `ledgenter plan review ${id} --version ${version}`;
    case 'stale':
      return `ledgenter plan review ${id} --version ${version}`;
    case 'rejected':
    case 'replaced':
      return `ledgenter plan template ${id}`;
    case 'accepted':
      return `ledgenter task get ${id}`;
  }
}
