import * as z from 'zod/mini';
import { EXIT, LedgerError } from '../../kernel/errors.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { instant } from '../../kernel/time.ts';
import type { Finding } from '../doctor/findings.ts';
import { premisesPort, type RepairStep } from '../doctor/premises.ts';

/** Rounds: what one repair brings back (a book, its objects) is looked at by the next. */
const ROUNDS = 3;

export const repairOperation = defineOperation<{ dry_run?: boolean | undefined }>({
  name: 'repair',
  kind: 'act',
  bare: true,
  toolset: 'ledger',
  summary:
    'Mend what doctor says that repair mends: nothing that anybody wrote is lost, and each step is kept in a log',
  input: () => z.strictObject({ dry_run: z.optional(z.boolean()) }),
  examples: [
    { cli: 'ledgenter repair --dry-run', says: 'what it would do' },
    { cli: 'ledgenter repair', says: 'mend it, and say what is left' },
  ],
  exit: answer => ((answer.faults as number) > 0 ? EXIT.notSetUp : EXIT.ok),
  async act(context, input) {
    const { examine } = await import('../doctor/examine.ts');
    let found = (await examine(context)).flatMap(({ findings }) => findings);
    const would = found.filter(({ mend }) => mend);
    if (input.dry_run) return { dry_run: true, would: would.map(plainly), ...left(found.filter(({ mend }) => !mend)) };
    const did: RepairStep[] = [];
    const failed = new Map<string, LedgerError>();
    for (let round = 0; round < ROUNDS && found.some(one => one.mend && !failed.has(keyOf(one))); round++) {
      for (const one of found) if (one.mend && !failed.has(keyOf(one))) await step(context, one, did, failed);
      found = (await examine(context)).flatMap(({ findings }) => findings);
    }
    return {
      repaired: did.map(({ code, where, did }) => ({ code, where, did })),
      ...(failed.size > 0 ? { failed: [...failed].map(([what, { message: reason }]) => ({ what, reason })) } : {}),
      ...left(found, failed),
    };
  },
});

const keyOf = ({ code, where }: Finding): string => `${code} ${where}`;
const plainly = ({ mend: _work, ...rest }: Finding): Omit<Finding, 'mend'> => rest;

/** One step, put in the log before the next: a repair that is interrupted is known as far as it went. */
async function step(
  context: Context,
  one: Finding,
  did: RepairStep[],
  failed: Map<string, LedgerError>,
): Promise<void> {
  try {
    const done: RepairStep = {
      at: instant(context.now),
      actor: context.who.actor,
      code: one.code,
      where: one.where,
      did: await one.mend!(),
    };
    await (await context.use(premisesPort)).keepLog([done]);
    did.push(done);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    failed.set(keyOf(one), error);
  }
}

/** What repair does not mend, with the command that does; notes are left to `doctor`. What it tried in vain is not tried again. */
function left(found: readonly Finding[], failed?: ReadonlyMap<string, LedgerError>): { [key: string]: unknown } {
  const bad = found.filter(({ level }) => level !== 'note');
  const faults = bad.filter(({ level }) => level === 'fault');
  const [first] = faults;
  return {
    faults: faults.length,
    ...(bad.length > 0 ? { left: bad.map(plainly) } : {}),
    hints: { next: (first && failed?.get(keyOf(first))?.hint) ?? first?.next ?? 'ledgenter doctor' },
  };
}
