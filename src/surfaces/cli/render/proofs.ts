import { bold, type Style } from '../terminal.ts';
import { genericLines } from './generic.ts';
import { showBlock, showLine } from './value.ts';

type Row = Record<string, unknown>;

/** `task prove`: a sentence a check, and what one that failed printed last. */
export function proveLines({ proofs, task_id, stopped, refused, ...rest }: Row, style: Style): string[] {
  const found = Array.isArray(proofs) ? (proofs as Row[]) : [];
  return [
    ...(found.length === 0 ? [`every check of ${showLine(task_id)} is proven already`] : []),
    ...found.flatMap(one => proofLines(one, style)),
    ...(stopped === undefined ? [] : [showLine(stopped)]),
    ...(refused === undefined ? [] : [refusedLine(refused as Row)]),
    ...(Object.keys(rest).length > 0 ? genericLines(rest, style) : []),
  ];
}

/** `task get`: proofs as `task prove` tells them, below all else. */
export function taskLines({ proofs, ...rest }: Row, style: Style): string[] {
  if (!Array.isArray(proofs) || proofs.length === 0) return genericLines({ ...rest, proofs }, style);
  const told = (proofs as Row[]).flatMap(one => proofLines({ ...one, passed: passes(one), proof_id: one.id }, style));
  return [...genericLines(rest, style), 'proofs:', ...told.map(line => `  ${line}`)];
}

const passes = ({ exit_code, signal, ended }: Row): boolean => exit_code === 0 && (signal ?? ended) === undefined;

const refusedLine = ({ criterion, message }: Row): string =>
  `${showLine(criterion)} is not recorded, and nothing behind it ran: ${showLine(message)}`;

function proofLines(proof: Row, style: Style): string[] {
  const { criterion, passed, met, exit_code, signal, ended, duration_ms, commit, proof_id, output_tail } = proof;
  const took = `${(Number(duration_ms) / 1000).toFixed(1)} s`;
  const how =
    ended === 'timeout'
      ? `did not end within ${took}`
      : passed === true
        ? `passed in ${took}`
        : `failed in ${took} with ${signal === undefined ? `exit code ${showLine(exit_code)}` : showLine(signal)}`;
  const head = `${showLine(criterion)} ${how} at ${showLine(commit).slice(0, 12)} (${showLine(proof_id)})`;
  const but = passed === true && met === false ? ', and is not met all the same' : '';
  const tail = typeof output_tail === 'string' ? showBlock(output_tail, '  ') : [];
  return [bold(head + but, style), ...tail];
}
