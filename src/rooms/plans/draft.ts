import type { View } from '../../kernel/view.ts';
import { needTask } from '../tasks/write.ts';
import type { Parts } from './fields.ts';
import { type Asked, questionsOf, versionOf } from './look.ts';
import { withAnswers } from './markdown.ts';
import type { Plan } from './record.ts';

/** A plan's parts as an input gives them. */
export function partsOf({ goal, body, criteria, todos, files, test_commands, expected_outputs }: Plan): Parts {
  return {
    goal,
    ...(body === undefined ? {} : { body }),
    acceptance_criteria: criteria,
    todos,
    files,
    test_commands,
    expected_outputs,
  };
}

/** A settled question as a plan quotes it. */
function quoted({ id, record }: Asked): string[] {
  const { text, status, answer = '' } = record;
  const lines = (words: string): string => words.trim().split('\n').join('\n  ');
  return [`- ${id} ${lines(text)}`, `  ${status === 'answered' ? '→' : 'dismissed:'} ${lines(answer)}`];
}

/**
 * The parts of the next version of a plan: those given, else those of the newest version, else what the task says of
 * itself. `answers`: the questions that are settled, in the place of those that it quoted.
 */
export async function draftOf(
  view: View,
  id: string,
  { parts = {}, answers, version }: { parts?: Parts; answers: boolean; version?: number | undefined },
): Promise<Parts> {
  const task = await needTask(view, id);
  const old = await versionOf(view, id, version);
  const goal = task.description === undefined ? task.title : `${task.title}\n\n${task.description}`;
  const criteria = task.criteria.map(({ text, check }) => ({ text, ...(check === undefined ? {} : { check }) }));
  const before: Parts = old ? partsOf(old.plan) : { goal, acceptance_criteria: criteria };
  const draft = { ...before, ...parts };
  if (!answers) return draft;
  const settled = (await questionsOf(view, id)).filter(({ record }) => record.status !== 'open');
  const { body, ...rest } = draft;
  const told = withAnswers(body, settled.flatMap(quoted));
  return told === undefined ? rest : { ...rest, body: told };
}
