import type { Task } from '../tasks/record.ts';
import { type Asked, isRequired } from './look.ts';
import type { Plan } from './record.ts';

/** A fault of a plan: an `error` keeps it from being accepted, a `warning` is for whoever reads it. */
export interface PlanFinding {
  code:
    | 'missing_goal'
    | 'missing_criteria'
    | 'missing_todos'
    | 'open_question'
    | 'placeholder'
    | 'vague_todo'
    | 'duplicate_todo'
    | 'missing_hint'
    | 'missing_files'
    | 'missing_commands';
  severity: 'error' | 'warning';
  /** The part that it is about: `goal`, `todos[2]` (counted from 1), `q1`. */
  where: string;
  message: string;
  /** The next command. */
  next: string;
}

/** A text that stands for one that is still to be written, and is nothing else. */
const ONLY = /^(?:<[^<>]*>|todo|tbd|fixme|xxx|\?+|\.{3,}|…)[.:!]*$/i;
/** Words of such a text within another one; `<T>` and `<div>` are code. */
const WITHIN = /\b(?:TODO|TBD|FIXME|XXX)\b|<[a-z][^<>]*\s[^<>]*>|\?{3,}/;

export const isPlaceholder = (text: string): boolean => ONLY.test(text.trim());

/** What is there in earnest. */
const real = (texts: readonly { text: string }[]): number => texts.filter(({ text }) => !isPlaceholder(text)).length;

/**
 * Parts without which no plan is accepted: a goal, a criterion (of the plan or of its task) and a todo that are more than
 * placeholders, none of which are placeholders. Judged by a law: what it says of a plan may never change within a format.
 */
export function missingParts(plan: Plan, task: Pick<Task, 'criteria'>): { where: string; message: string }[] {
  const { goal, criteria, todos } = plan;
  const found: { where: string; message: string }[] = [];
  if (isPlaceholder(goal)) found.push({ where: 'goal', message: 'the plan has no goal' });
  if (real([...criteria, ...task.criteria]) === 0)
    found.push({ where: 'criteria', message: 'neither the plan nor its task has an acceptance criterion' });
  if (real(todos) === 0) found.push({ where: 'todos', message: 'the plan has no todo' });
  for (const [name, texts] of [
    ['criteria', criteria],
    ['todos', todos],
  ] as const)
    for (const [index, { text }] of texts.entries())
      if (isPlaceholder(text) && real(texts) > 0)
        found.push({ where: `${name}[${index + 1}]`, message: 'is only a placeholder' });
  return found;
}

/** Todos that begin so and say little more tell nobody when they are done. */
const VAGUE =
  /^(?:fix|improve|clean ?up|refactor|update|handle|polish|tweak|adjust|finish|finalise|finalize|investigate|look (?:into|at)|work on|deal with|misc|various|stuff|things|etc)\b/i;
const LOOSE = /\b(?:etc|and so on|and more|as needed|if necessary|stuff|somehow|something|things)\b/i;
const VAGUE_WORDS = 4;

function isVague(text: string): boolean {
  const line = text.trim().split('\n', 1)[0]!;
  const words = line.split(/\s+/).length;
  return words < 2 || (words <= VAGUE_WORDS && VAGUE.test(line)) || LOOSE.test(line);
}

const places = (name: string, indexes: readonly number[]): string =>
  indexes.map(index => `${name}[${index + 1}]`).join(', ');

/** Every fault of a plan, errors first. */
export function lintPlan(id: string, plan: Plan, task: Task, questions: readonly Asked[]): PlanFinding[] {
  const { goal, body, criteria, todos, files, test_commands, expected_outputs } = plan;
  const amend = `ledgenter plan propose ${id} --from-answers`;
  const file = `ledgenter plan template ${id}`;
  const error = (code: PlanFinding['code'], where: string, message: string, next: string): PlanFinding => ({
    code,
    severity: 'error',
    where,
    message,
    next,
  });
  const found: PlanFinding[] = missingParts(plan, task).map(({ where, message }) => {
    if (where === 'goal') return error('missing_goal', where, message, `${amend} --goal '<goal>'`);
    if (where === 'criteria')
      return error('missing_criteria', where, message, `${amend} --acceptance-criteria '<what must hold>'`);
    if (where === 'todos') return error('missing_todos', where, message, `${amend} --todos '<step>'`);
    return error('placeholder', where, message, file);
  });
  for (const asked of questions.filter(isRequired))
    found.push(
      error(
        'open_question',
        asked.id,
        `${asked.id} must be answered first: ${asked.record.text.split('\n', 1)[0]!.slice(0, 200)}`,
        `ledgenter question answer ${id} --answers '${asked.id}: <answer>'`,
      ),
    );
  const warn = (code: PlanFinding['code'], where: string, message: string, next: string): void => {
    found.push({ code, severity: 'warning', where, message, next });
  };
  const all: [string, string][] = [
    ['goal', goal],
    ...(body === undefined ? [] : [['body', body] as [string, string]]),
    ...criteria.map((one, index): [string, string] => [`criteria[${index + 1}]`, one.text]),
    ...todos.map((one, index): [string, string] => [`todos[${index + 1}]`, [one.text, one.hint].join('\n')]),
    ...files.map((one, index): [string, string] => [`files[${index + 1}]`, one]),
    ...test_commands.map((one, index): [string, string] => [`test_commands[${index + 1}]`, one]),
    ...expected_outputs.map((one, index): [string, string] => [`expected_outputs[${index + 1}]`, one]),
  ];
  for (const [where, text] of all) {
    const [word] = WITHIN.exec(text) ?? (isPlaceholder(text) ? [text.trim()] : []);
    if (word !== undefined && !found.some(one => one.where === where))
      warn('placeholder', where, `still says ${word.slice(0, 80)}`, file);
  }
  const at = (test: (index: number) => boolean): number[] => [...todos.keys()].filter(test);
  for (const index of at(index => !isPlaceholder(todos[index]!.text) && isVague(todos[index]!.text)))
    warn('vague_todo', `todos[${index + 1}]`, 'does not say when it is done', file);
  const twice = at(index => todos.findIndex(({ text }) => text === todos[index]!.text) < index);
  if (twice.length > 0) warn('duplicate_todo', places('todos', twice), 'the same todo stands there twice', file);
  const unseen = at(index => todos[index]!.hint === undefined);
  if (unseen.length > 0)
    warn('missing_hint', places('todos', unseen), 'no hint says how to see that it is done (hint: …)', file);
  if (files.length === 0) warn('missing_files', 'files', 'the plan names no file', `${amend} --files '<path>'`);
  if (test_commands.length === 0)
    warn(
      'missing_commands',
      'test_commands',
      'the plan names no command to test with',
      `${amend} --test-commands '<command>'`,
    );
  return found;
}
