import { bold, type Style } from '../terminal.ts';
import { genericLines, rowsLines } from './generic.ts';
import { label, showLine } from './value.ts';

type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

const CRITERIA = ['id', 'result', 'by', 'check', 'text'] as const;
const ROUNDS = ['round', 'result', 'by', 'at', 'other_commits', 'summary'] as const;
const WAIVERS = ['of', 'by', 'at', 'outdated', 'reason'] as const;

/** `validate status`: a row a criterion, what was seen below it, then rounds and waivers. */
export function validationLines(answer: Row, style: Style): string[] {
  const { task_id, title, status, asked, worker, you_worked_on_it, round, ...lists } = answer;
  const { criteria, rounds, waivers, gate, left, ...rest } = lists;
  const all = rows(criteria);
  const by = worker === undefined ? '' : `, worked on by ${showLine(worker)}${you_worked_on_it ? ' (you)' : ''}`;
  const ask = asked === true ? '' : '; nobody asks for a validation of it';
  return [
    bold(`${showLine(task_id)}  ${showLine(title)}`, style),
    `${label(showLine(status))}${by}; round ${showLine(round)}${ask}`,
    ...(all.length === 0 ? ['no criteria'] : rowsLines(all, style, CRITERIA)),
    ...all.flatMap(seen),
    ...section('rounds:', rows(rounds), ROUNDS, style),
    ...section('waivers:', rows(waivers), WAIVERS, style),
    ...(left === undefined ? [] : [`left (${showLine(gate)}): ${showLine(left)}`]),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

function seen({ id, saw, outdated, unproven }: Row): string[] {
  const words = [saw, outdated, unproven].filter(part => part !== undefined).map(showLine);
  return words.length === 0 ? [] : [`  ${showLine(id)}: ${words.join('; ')}`];
}

function section(heading: string, found: Row[], columns: readonly string[], style: Style): string[] {
  return found.length === 0 ? [] : [heading, ...rowsLines(found, style, columns).map(line => `  ${line}`)];
}
