import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import type { Area, Finding } from '../doctor/findings.ts';
import { premisesPort } from '../doctor/premises.ts';

/** One part that was looked at: its worst finding, and the command that mends it. */
interface Check {
  check: string;
  state: 'good' | 'fault' | 'note';
  says: string;
  mend?: string;
}

export const doctorOperation = defineOperation({
  name: 'doctor',
  kind: 'act',
  bare: true,
  toolset: 'ledger',
  summary:
    'Look at git, hooks, book, remote, claims, desk and caches; name each fault, where it is, and the command that mends it',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter doctor', says: 'what is wrong, and what to run' }],
  exit: answer => ((answer.faults as number) > 0 ? EXIT.notSetUp : EXIT.ok),
  async act(context) {
    const { examine } = await import('../doctor/examine.ts');
    const areas = await examine(context);
    const repaired = await (await context.use(premisesPort)).lastRepair();
    return { ...report(areas), ...(repaired ? { last_repair: repaired } : {}) };
  },
});

/** The findings of an examination as they are told. */
export function report(areas: readonly Area[]): { [key: string]: unknown } {
  const found = areas.flatMap(({ findings }) => findings);
  const faults = found.filter(({ level }) => level === 'fault').length;
  const next = found.find(({ level }) => level === 'fault') ?? found.find(({ mend }) => mend);
  return {
    healthy: faults === 0,
    faults,
    warnings: found.filter(({ level }) => level === 'warning').length,
    checks: areas.map(checkOf),
    findings: found.map(({ mend: _work, ...rest }) => rest),
    ...(next ? { hints: { next: next.next } } : {}),
  };
}

const WORST = { fault: 0, warning: 1, note: 2 } as const;

function checkOf({ check, good, findings }: Area): Check {
  const [worst, ...more] = [...findings].sort((a, b) => WORST[a.level] - WORST[b.level]) as [Finding?, ...Finding[]];
  if (!worst) return { check, state: 'good', says: good };
  const says = more.length > 0 ? `${worst.what}; ${more.length} more` : worst.what;
  return { check, state: worst.level === 'fault' ? 'fault' : 'note', says, mend: worst.next };
}
