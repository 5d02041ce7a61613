import type { Answer, CallOptions, Office } from '../exchange/office.ts';
import { LedgerError } from '../kernel/errors.ts';
import { cliWords, type Operation } from '../kernel/operation.ts';
import { NOBODY } from './who.ts';

/**
 * Carries out one call, after the checks that only a surface can make: a name to write under, and for what is reserved to
 * people a person in front of a terminal, or their signature (the law `human-only` judges the entry itself).
 */
export async function perform(
  office: Office,
  operation: Operation,
  input: unknown,
  options: CallOptions & { terminal: boolean },
): Promise<Answer> {
  const { terminal, ...rest } = options;
  const command = `ledgenter ${cliWords(operation).join(' ')}`;
  const { actor, kind, host } = office.who;
  const person = kind === 'human' && terminal && host === undefined;
  if (operation.humanOnly && !person && !office.signs?.())
    throw new LedgerError('HUMAN_ONLY', `${command} is reserved to a person on a terminal`);
  if (actor === NOBODY && operation.kind === 'write')
    throw new LedgerError(
      'NO_ACTOR',
      'nobody is named: neither --as, LEDGENTER_ACTOR, ledgenter.actor nor user.name is set',
    );
  return office.perform(operation, input, operation.humanOnly && !person ? { ...rest, human: true } : rest);
}
