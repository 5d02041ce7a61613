import { bold, type Style } from '../terminal.ts';
import { genericLines, rowsLines } from './generic.ts';
import { showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

const BOX: Readonly<Record<string, string>> = { open: '[ ]', done: '[x]', skipped: '[-]', blocked: '[!]' };

/** `todo query`: a checklist, with what showed that something is done, or why it is not. */
export function todoLines({ todos, progress, ...rest }: Row, style: Style): string[] {
  const rows = Array.isArray(todos) ? (todos as Row[]) : [];
  return [
    ...(rows.length === 0 ? ['no such todo'] : rows.flatMap(checkLines)),
    ...(typeof progress === 'object' && progress !== null ? [progressLine(progress as Row)] : []),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

/** A todo by itself: `todo next`, `todo get`, and what a write on one answers. */
export function oneTodoLines({ todo, progress, blocked, ...rest }: Row, style: Style): string[] {
  const waits = Array.isArray(blocked) ? (blocked as Row[]) : [];
  return [
    ...(todo === undefined ? ['no todo is open'] : checkLines(todo as Row)),
    ...(waits.length > 0 ? ['blocked:', ...waits.flatMap(checkLines)] : []),
    ...(typeof progress === 'object' && progress !== null ? [progressLine(progress as Row)] : []),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

function checkLines(row: Row): string[] {
  const { id, status, text, hint, optional, evidence, reason, updated_by } = row;
  const [first = '', ...more] = typeof text === 'string' ? showBlock(text, '') : [];
  const by = status === 'done' ? shownBy(evidence as Row | undefined) : reason;
  return [
    `${BOX[String(status)] ?? '[?]'} ${showLine(id)}  ${first}${optional === true ? ' (optional)' : ''}`,
    ...more.map(line => `    ${line}`),
    ...(typeof hint === 'string' && status !== 'done' && status !== 'skipped' ? showBlock(hint, '    see: ') : []),
    ...(by === undefined ? [] : [`    ${showLine(by)}${updated_by === undefined ? '' : `, ${showLine(updated_by)}`}`]),
  ];
}

function shownBy(evidence: Row | undefined): string | undefined {
  if (!evidence) return undefined;
  const { commit, log_id, attachment_id, text } = evidence;
  const named = [
    ...(commit === undefined ? [] : [`commit ${showLine(commit).slice(0, 12)}`]),
    ...[log_id, attachment_id, text].filter(one => one !== undefined).map(showLine),
  ];
  return named.join(', ');
}

function progressLine({ total, done, skipped, blocked, needed }: Row): string {
  const also = [
    ...(Number(skipped) > 0 ? [`${showLine(skipped)} skipped`] : []),
    ...(Number(blocked) > 0 ? [`${showLine(blocked)} blocked`] : []),
    Number(needed) > 0 ? `${showLine(needed)} needed still` : 'nothing is needed still',
  ];
  return `${showLine(done)} of ${showLine(total)} done, ${also.join(', ')}`;
}

/** `work run`: how it ended, and what it printed last. */
export function runLines(answer: Row, style: Style): string[] {
  const { log_id, passed, command, exit_code, ended, duration_ms, output_tail, commit, clean, ...rest } = answer;
  const took = `${(Number(duration_ms) / 1000).toFixed(1)} s`;
  const how =
    passed === true
      ? `passed in ${took}`
      : ended === 'timeout'
        ? `did not end within ${took}`
        : `failed in ${took} with ${ended === undefined ? `exit code ${showLine(exit_code)}` : showLine(ended)}`;
  const at = commit === undefined ? '' : ` at ${showLine(commit).slice(0, 12)}${clean === true ? '' : ', not clean'}`;
  const { todo_id, ...others } = rest;
  const of = todo_id === undefined ? '' : `${showLine(todo_id)}: `;
  return [
    bold(`${of}${showLine(command)} ${how}${at} (${showLine(log_id)})`, style),
    ...(typeof output_tail === 'string' ? showBlock(output_tail, '  ') : []),
    ...(Object.keys(others).length > 0 ? genericLines(others, style) : []),
  ];
}

/** `work finish`: where it went, what was asked for and not done, the task. */
export function finishLines({ finished, skipped, ...rest }: Row, style: Style): string[] {
  const left = Array.isArray(skipped) ? (skipped as Row[]) : [];
  return [
    finished === 'done' ? 'done' : 'in review',
    ...(left.length > 0 ? ['skipped, though it was asked for:', ...left.flatMap(checkLines)] : []),
    ...genericLines(rest, style),
  ];
}

/** `work scan`: a line a path, as git writes it. */
export function scanLines({ paths, commits, more_paths, uncommitted, ...rest }: Row, style: Style): string[] {
  const rows = Array.isArray(paths) ? (paths as Row[]) : [];
  const made = Array.isArray(commits) ? (commits as Row[]) : [];
  return [
    ...(rows.length === 0
      ? ['git shows no change']
      : rows.map(one => `${showLine(one.change)}  ${showLine(one.path)}`)),
    ...(more_paths === undefined ? [] : [`and ${showLine(more_paths)} more`]),
    ...(uncommitted === undefined ? [] : [`${showLine(uncommitted)} not committed`]),
    ...(made.length > 0 ? rowsLines(made, style, ['sha', 'subject']) : []),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}
