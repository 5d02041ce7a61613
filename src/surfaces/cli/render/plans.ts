import { bold, dim, type Style } from '../terminal.ts';
import { genericLines } from './generic.ts';
import { label, showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const texts = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});

/** `plan template`: the file, and nothing beside it. */
export function templateLines({ markdown }: Row): string[] {
  return showBlock(String(markdown ?? ''), '');
}

/** `plan get`: who proposed it and what became of it, then what it says. */
export function planLines({ plan, task_id, verdicts, newest, ...rest }: Row, style: Style): string[] {
  return [
    ...headLines(showLine(task_id), record(plan), style),
    ...(newest === undefined ? [] : [`there is a newer one: v${showLine(newest)}`]),
    ...verdictLines(verdicts),
    ...partLines(record(plan), style),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

/** `plan review`: all that whoever accepts it must see, findings first below the head. */
export function reviewLines(answer: Row, style: Style): string[] {
  const { task, plan, findings, compared_to, differences, questions, verdicts, ...rest } = answer;
  const { id, title, status, held_by } = record(task);
  const held = held_by === undefined ? '' : `, held by ${showLine(held_by)}`;
  const changed = compared_to === undefined ? [] : differenceLines(rows(differences), style);
  return [
    bold(`${showLine(id)}  ${showLine(title)}`, style),
    `  ${showLine(status)}${held}`,
    ...headLines('', record(plan), style),
    ...verdictLines(verdicts),
    ...findingLines(findings, 'no finding'),
    ...partLines(record(plan), style),
    ...(rows(questions).length > 0 ? ['', bold('Questions', style), ...rows(questions).flatMap(questionLines)] : []),
    ...(compared_to === undefined ? [] : ['', bold(`Against v${showLine(compared_to)}`, style), ...changed]),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
    '',
  ];
}

/** `plan lint`: a line a finding, and the command that mends it. */
export function lintLines({ version, task_id, findings, warnings, ...rest }: Row, style: Style): string[] {
  return [
    bold(`plan v${showLine(version)} of ${showLine(task_id)}`, style),
    ...findingLines(findings, 'nothing keeps it from being accepted'),
    ...(rows(warnings).length > 0 ? findingLines(warnings, '') : []),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

/** `plan diff`: what went, and what came in its place. */
export function diffLines({ from, to, task_id, differences, ...rest }: Row, style: Style): string[] {
  return [
    bold(`v${showLine(from)} → v${showLine(to)} of ${showLine(task_id)}`, style),
    ...differenceLines(rows(differences), style),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

/** `question ask` and `question answer`: each question, and what was said to it. */
export function askedLines({ questions, task_id: _of, plan_stale, ...rest }: Row, style: Style): string[] {
  return [
    ...rows(questions).flatMap(questionLines),
    ...(plan_stale === true ? ['the plan is from before that: accept it again, or amend it'] : []),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

function headLines(task: string, { version, state, by, at, sha256, amends }: Row, style: Style): string[] {
  const after = amends === undefined ? '' : `, amends v${showLine(amends)}`;
  return [
    bold(`plan v${showLine(version)}${task === '' ? '' : ` of ${task}`}: ${showLine(state)}`, style),
    `  by ${showLine(by)}, ${showLine(at)}${after}`,
    dim(`  sha256 ${showLine(sha256)}`, style),
  ];
}

const SAID: Readonly<Record<string, string>> = { accept: 'accepted', reject: 'rejected' };

function verdictLines(verdicts: unknown): string[] {
  return rows(verdicts).map(({ decision, by, at, note }) => {
    const said = SAID[String(decision)] ?? showLine(decision);
    return `  ${said} by ${showLine(by)}, ${showLine(at)}: ${showLine(note)}`;
  });
}

function findingLines(findings: unknown, none: string): string[] {
  const found = rows(findings);
  if (found.length === 0) return none === '' ? [] : [`  ${none}`];
  return found.flatMap(({ severity, where, message, next }) => [
    `  ${showLine(severity)}  ${showLine(where)}: ${showLine(message)}`,
    `    ${showLine(next)}`,
  ]);
}

function questionLines({ id, status, required, text, answer, answered_by }: Row): string[] {
  const must = required === true && status === 'open' ? ', required' : '';
  const [first = '', ...more] = showBlock(String(text ?? ''), '');
  const said = status === 'dismissed' ? 'dismissed' : 'answer';
  return [
    `  ${showLine(id)} (${showLine(status)}${must}) ${first}`,
    ...more.map(line => `     ${line}`),
    ...(answer === undefined ? [] : [`     ${said} by ${showLine(answered_by)}: ${showLine(answer)}`]),
  ];
}

function partLines(plan: Row, style: Style): string[] {
  const heading = (text: string): string[] => ['', bold(text, style)];
  const item = (value: unknown, mark: string): string[] => {
    const { text, hint, check, optional } = record(value);
    const [first = '', ...more] = showBlock(String(text ?? ''), '');
    return [
      `  ${mark} ${optional === true ? '(optional) ' : ''}${first}`,
      ...more.map(line => `    ${line}`.trimEnd()),
      ...(check === undefined ? [] : [`    check: ${showLine(check)}`]),
      ...(hint === undefined ? [] : [`    hint: ${showLine(hint)}`]),
    ];
  };
  const list = (title: string, values: unknown): string[] =>
    texts(values).length === 0 ? [] : [...heading(title), ...texts(values).map(value => `  - ${showLine(value)}`)];
  return [
    ...heading('Goal'),
    ...showBlock(String(plan.goal ?? ''), '  '),
    ...(plan.acceptance_criteria === undefined
      ? []
      : [...heading('Criteria'), ...rows(plan.acceptance_criteria).flatMap(one => item(one, '-'))]),
    ...(plan.todos === undefined
      ? []
      : [...heading('Todos'), ...rows(plan.todos).flatMap((one, index) => item(one, `${index + 1}.`))]),
    ...list('Files', plan.files),
    ...list('Test commands', plan.test_commands),
    ...list('Expected outputs', plan.expected_outputs),
    ...(plan.body === undefined ? [] : [...heading('Notes'), ...showBlock(String(plan.body), '  ')]),
  ];
}

function differenceLines(differences: Row[], style: Style): string[] {
  if (differences.length === 0) return ['  they say the same'];
  const lines: string[] = [];
  let part: unknown;
  for (const one of differences) {
    if (one.part !== part) lines.push(`  ${label(String(one.part))}`);
    part = one.part;
    for (const [sign, text] of [
      ['-', one.was],
      ['+', one.is],
    ] as const)
      if (typeof text === 'string') lines.push(...showBlock(text, `    ${sign} `).map(line => tint(sign, line, style)));
  }
  return lines;
}

/** What is gone is dim: signs say which is which where there is no colour. */
const tint = (sign: string, line: string, style: Style): string => (sign === '-' ? dim(line, style) : line);
