import type { Operation } from '../../../kernel/operation.ts';
import type { Style } from '../terminal.ts';
import { cardLines, genericLines, rowsLines } from './generic.ts';
import { doctorLines, initLines, syncLines, verifyLines } from './ledger.ts';
import { canLines, contextLines, nextLines } from './next.ts';
import { askedLines, diffLines, lintLines, planLines, reviewLines, templateLines } from './plans.ts';
import { proveLines, taskLines } from './proofs.ts';
import { timesheetLines } from './time.ts';
import { validationLines } from './validation.ts';
import { showBlock, showLine } from './value.ts';
import { finishLines, oneTodoLines, runLines, scanLines, todoLines } from './work.ts';

type Row = Record<string, unknown>;
export type Renderer = (answer: Row, style: Style) => string[];

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const record = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});

/** A list with the columns that its operation names, and a sentence when it is empty. */
export function tableOf({ rows: key, columns, none, indent }: NonNullable<Operation['table']>): Renderer {
  return ({ [key]: found, ...rest }, style) => {
    const last = columns.at(-1)!;
    const set = rows(found).map(row =>
      indent ? { ...row, [last]: `${'  '.repeat(depthOf(row[indent]))}${showLine(row[last])}` } : row,
    );
    const lines = set.length > 0 ? rowsLines(set, style, columns) : [none];
    return Object.keys(rest).length > 0 ? [...lines, ...genericLines(rest, style)] : lines;
  };
}

/** How far a row of a tree is set in; a tree deeper than a screen stays on it. */
const depthOf = (value: unknown): number => Math.min(20, Math.max(0, Number(value) || 0));

const claimed: Renderer = (answer, style) => {
  const { claimed: won, task, lease_until, ...rest } = answer;
  if (won === false && rest.provisional !== true) return ['nothing to claim', ...genericLines(rest, style)];
  if (won === false) {
    const { provisional: _so, ...more } = rest;
    return [
      `claimed ${showLine(record(task).id)} provisionally: it is yours when the remote agrees`,
      ...cardLines(record(task), style),
      ...genericLines(more, style),
    ];
  }
  const until = lease_until ? `, yours until ${showLine(lease_until)}` : '';
  return [
    `claimed ${showLine(record(task).id)}${until}`,
    ...cardLines(record(task), style),
    ...genericLines(rest, style),
  ];
};

/** A report that was told to every task with its pull request: a row a task, with what it says now. */
const updated: Renderer = ({ answers, ...rest }, style) => {
  if (!Array.isArray(answers)) return genericLines({ ...rest, answers }, style);
  const told = rows(answers).map(({ id, code_ref, unchanged, landed, note }) => {
    const { name, url, state } = record(code_ref);
    const kept = note === undefined ? 'was so already' : 'stays so';
    const became = unchanged === true ? kept : landed === true ? 'landed' : 'recorded here';
    return { id, pull_request: name ?? url, state, became };
  });
  return [...rowsLines(told, style), ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : [])];
};

/** A document is printed as it is, and what comes with it below. */
const document: Renderer = ({ markdown, report, pack, ...rest }, style) => {
  if (typeof markdown === 'string') return showBlock(markdown, '');
  const data = report ?? pack;
  if (data !== undefined) return showBlock(JSON.stringify(data, null, 2), '');
  return genericLines(rest, style);
};

/** The answers that deserve more than the general form, by operation. */
export const RENDERERS: Readonly<Record<string, Renderer>> = {
  init: initLines,
  sync: syncLines,
  verify: verifyLines,
  doctor: doctorLines,
  'task.claim': claimed,
  'task.prove': proveLines,
  'task.get': taskLines,
  'task.report': document,
  'release.changelog': document,
  'run.summary': document,
  'code.ref_update': updated,
  'plan.template': templateLines,
  'plan.get': planLines,
  'plan.review': reviewLines,
  'plan.lint': lintLines,
  'plan.diff': diffLines,
  'question.ask': askedLines,
  'question.answer': askedLines,
  'question.dismiss': askedLines,
  'todo.query': todoLines,
  'todo.next': oneTodoLines,
  'todo.get': oneTodoLines,
  'todo.add': oneTodoLines,
  'todo.done': oneTodoLines,
  'todo.skip': oneTodoLines,
  'todo.block': oneTodoLines,
  'todo.open': oneTodoLines,
  'work.run': runLines,
  'work.scan': scanLines,
  'work.finish': finishLines,
  'validate.status': validationLines,
  next_action: nextLines,
  can: canLines,
  context: contextLines,
  timesheet: timesheetLines,
};
