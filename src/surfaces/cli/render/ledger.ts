import type { Style } from '../terminal.ts';
import { genericLines, rowsLines } from './generic.ts';
import { showLine } from './value.ts';

type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const count = (value: unknown, one: string, many = `${one}s`): string =>
  `${showLine(value)} ${value === 1 ? one : many}`;

/** `init`: one sentence a step, then how things stand. */
export function initLines({ did, ledger, created, joined, actor, role, remote, namespace }: Row): string[] {
  const how = joined ? 'joined' : created ? 'created' : 'is here already';
  const where =
    remote === null ? 'this repository decides claims' : `remote ${showLine(remote)}, under ${showLine(namespace)}`;
  return [
    `ledger ${showLine(ledger)} ${how}: ${where}`,
    `you are ${showLine(actor)}, ${showLine(role)}`,
    ...(Array.isArray(did) ? did : []).map(step => `- ${showLine(step)}`),
  ];
}

/** `sync`: what went, what came, what waits. */
export function syncLines({ landed, received, waiting, queued, parked, note }: Row, style: Style): string[] {
  const refused = rows(parked);
  return [
    `${count(landed ?? 0, 'entry', 'entries')} landed, ${showLine(received ?? 0)} received, ${waiting ? `${showLine(waiting)} still wait${queued ? ' in the queue' : ''}` : 'nothing waits'}`,
    ...(note ? [showLine(note)] : []),
    ...(refused.length > 0
      ? [
          `${count(refused.length, 'entry', 'entries')} parked:`,
          ...rowsLines(refused, style, ['op', 'reason', 'entry']),
        ]
      : []),
  ];
}

/** `verify`: lawful, or which entry broke which law. */
export function verifyLines(answer: Row, style: Style): string[] {
  const { verified, entries, findings, tip, newer, signatures, names_proven, note, origins } = answer;
  const found = rows(findings);
  const seen = `${count(entries, 'entry', 'entries')} up to ${showLine(tip).slice(0, 12)}`;
  return [
    verified ? `${seen}: all lawful` : `${seen}: ${count(found.length, 'finding')}`,
    ...(found.length > 0 ? rowsLines(found, style, ['oid', 'actor', 'op', 'law', 'message']) : []),
    ...(newer ? genericLines({ newer }, style) : []),
    ...(signatures ? rowsLines(rows(signatures), style, ['actor', 'proven', 'unproven', 'unchecked']) : []),
    ...(origins ? genericLines({ origins }, style) : []),
    names_proven ? 'names are proven: every entry is signed with a key of its actor' : showLine(note),
  ];
}

/** `doctor`: each thing looked at, then what was found, where, and the command that mends it. */
export function doctorLines(
  { checks, findings, faults, warnings, last_repair: repaired }: Row,
  style: Style,
): string[] {
  const found = rows(findings);
  const also = warnings ? `, ${count(warnings, 'warning')}` : '';
  return [
    ...rowsLines(rows(checks), style, ['check', 'state', 'says']),
    ...(found.length > 0 ? rowsLines(found, style, ['level', 'code', 'where', 'next']) : []),
    ...(repaired ? [`last repair: ${showLine((repaired as Row).at)}, ${showLine((repaired as Row).code)}`] : []),
    `${faults === 0 ? 'healthy' : count(faults, 'fault')}${also}`,
  ];
}
