import type { Answer, CallOptions, Office } from '../exchange/office.ts';
import { ERRORS, LedgerError } from '../kernel/errors.ts';
import { cliWords, type Operation } from '../kernel/operation.ts';
import { asLedgerError } from './envelope.ts';
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
  try {
    const stands = person ? { person } : operation.humanOnly ? { human: true } : {};
    return await office.perform(operation, input, { ...rest, ...stands });
  } catch (error) {
    throw withOwnHint(error, command, input);
  }
}

/** The task of an input in place of what only stands for one. */
const TASK = '<task_id>';

/** A refusal that names no next command of its own names one that can be typed: of this operation, about this task. */
function withOwnHint(thrown: unknown, command: string, input: unknown): unknown {
  const error = asLedgerError(thrown);
  const { code, hint, message, details } = error;
  if (hint !== ERRORS[code].hint) return thrown;
  const task = (input as { task_id?: unknown } | undefined)?.task_id;
  const named = typeof task === 'string' && /^t-[0-9a-z]{1,62}$/.test(task);
  const better =
    code === 'BAD_INPUT' || (hint.includes(TASK) && !named)
      ? `${command} --help`
      : named
        ? hint.replace(TASK, task)
        : hint;
  return better === hint ? thrown : new LedgerError(code, message, { hint: better, ...(details ? { details } : {}) });
}
