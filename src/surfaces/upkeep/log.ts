import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RepairStep } from '../../exchange/doctor/premises.ts';
import { faultOf } from '../../store/git/faults.ts';

/** Adds the steps of a repair to its log: one JSON object a line, never rewritten. @throws LedgerError NO_ROOM, READ_ONLY_REPOSITORY */
export function keepSteps(path: string, steps: readonly RepairStep[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, steps.map(step => `${JSON.stringify(step)}\n`).join(''));
  } catch (error) {
    throw faultOf('writing the log of repairs', error);
  }
}

/** The newest step; a torn last line is passed over. */
export function lastStep(path: string): RepairStep | undefined {
  try {
    for (const line of readFileSync(path, 'utf8').trimEnd().split('\n').reverse()) {
      const step = parsed(line);
      if (step) return step;
    }
  } catch {
    // nothing was ever repaired
  }
  return undefined;
}

function parsed(line: string): RepairStep | undefined {
  try {
    const { at, actor, code, where, did } = JSON.parse(line) as RepairStep;
    const texts = [at, actor, code, where, did];
    return texts.every(text => typeof text === 'string') ? { at, actor, code, where, did } : undefined;
  } catch {
    return undefined;
  }
}
