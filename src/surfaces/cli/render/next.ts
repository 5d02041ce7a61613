import { bold, type Style } from '../terminal.ts';
import { showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const record = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});

/** `next_action`: what there is to do, its command, other ways, how far it is, what is in the way. */
export function nextLines(
  { action, command, says, item, commands, progress, blocking, repo }: Row,
  style: Style,
): string[] {
  const { kind, id, hint } = record(item);
  const others = rows(commands).filter(one => one.primary !== true);
  const label = rows(commands).find(one => one.primary === true)?.label;
  const far = progressLine(record(progress));
  return [
    bold(`${showLine(action)}: ${showLine(says)}`, style),
    ...(hint === undefined ? [] : [`How to see that ${showLine(id)} is done: ${showLine(hint)}`]),
    ...(kind === undefined || hint !== undefined ? [] : [`It is about ${showLine(kind)} ${showLine(id)}`]),
    `${showLine(label ?? 'Command')}: ${showLine(command)}`,
    ...(repo === undefined ? [] : [`The work is in repository ${showLine(repo)}`]),
    ...others.map(one => `  ${showLine(one.label)}: ${showLine(one.command)}`),
    ...(far === '' ? [] : [`Progress: ${far}`]),
    ...rows(blocking).map(one => `In the way: ${showLine(one.what)}; ${showLine(one.remedy)}`),
  ];
}

function progressLine(progress: Row): string {
  const { todos, criteria, questions, plan, validation } = progress;
  const of = (part: unknown, done: string, word: string): string[] => {
    const { total, [done]: count } = record(part);
    return total === undefined ? [] : [`${showLine(count)}/${showLine(total)} ${word}`];
  };
  const { open, total } = record(questions);
  const { version, verdict, accepted } = record(plan);
  const { last } = record(validation);
  return [
    ...(version === undefined
      ? []
      : [
          `plan v${showLine(accepted ?? version)} ${accepted === undefined ? (verdict === 'reject' ? 'rejected' : 'proposed') : 'accepted'}`,
        ]),
    ...(total === undefined ? [] : [`${Number(total) - Number(open)}/${showLine(total)} questions settled`]),
    ...of(todos, 'done', 'todos done'),
    ...of(criteria, 'met', 'criteria met'),
    ...(last === undefined || last === null ? [] : [`last validation ${showLine(last)}`]),
  ].join(', ');
}

/** `can`: yes or no, and everything that is in the way. */
export function canLines({ can, action, task, blockers }: Row): string[] {
  const { id, status } = record(task);
  const what = `${showLine(action)} ${showLine(id)}, which is ${showLine(status)}`;
  if (can === true) return [`yes: ${what}`];
  return [`no: ${what}:`, ...rows(blockers).map(one => `- ${showLine(one.what)}; ${showLine(one.remedy)}`)];
}

/** `context`: the document itself, so that it can be piped. */
export function contextLines({ document }: Row): string[] {
  return showBlock(String(document ?? ''), '');
}
