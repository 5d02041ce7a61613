import { ERRORS, type ErrorCode, EXIT, type Failure, LedgerError } from '../kernel/errors.ts';
import type { Operation } from '../kernel/operation.ts';

/** What a thrown thing means to a surface; whatever is not ours is a fault of ours, told in one line. */
export function asLedgerError(error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const { name, code, message } = (error ?? {}) as { name?: string; code?: string; message?: string };
  // Thrown by another bundle, which has a copy of the class: the same in all but identity.
  if (name === 'LedgerError' && code !== undefined && code in ERRORS) {
    const { hint, details } = error as LedgerError;
    return new LedgerError(code as ErrorCode, message ?? '', { hint, ...(details ? { details } : {}) });
  }
  if (name === 'AbortError') return new LedgerError('CANCELLED', 'cancelled');
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new LedgerError('NO_ROOM', `no room to write: ${oneLine(message ?? code)}`);
  if (code === 'EROFS' || code === 'EACCES')
    return new LedgerError('READ_ONLY_REPOSITORY', `not writable: ${oneLine(message ?? code)}`);
  return new LedgerError('INTERNAL', oneLine(message || String(error)), {
    hint: 'LEDGENTER_DEBUG=1 shows where; ledgenter doctor checks the ledger',
  });
}

/** The envelope of a failure. */
export function failureOf(error: unknown): Failure {
  return asLedgerError(error).toFailure();
}

/** The exit code of an answer: what its operation says, 1 for a claim that took nothing. */
export function exitOf(operation: Operation, answer: { [key: string]: unknown }): number {
  const nothing = answer.claimed === false && answer.provisional !== true;
  return operation.exit?.(answer) ?? (nothing ? EXIT.no : EXIT.ok);
}

/** The exit code of a failure. */
export function exitOfError(error: LedgerError): number {
  return ERRORS[error.code].exit;
}

function oneLine(text: string): string {
  return text.split(/\r?\n/, 1)[0]!.slice(0, 500);
}
